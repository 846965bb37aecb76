"""A hedge as the browser draws it on the graph, and in words."""

from __future__ import annotations

from typing import Any

from causal_core.graphs.graph import CausalGraph
from causal_core.identification.hedge import Hedge
from causal_core.views.edge_menu import said
from causal_core.views.path_words import listed


def hedge_payload(found: Hedge, whole: CausalGraph) -> dict[str, Any]:
    """{"sentences", "gone", "held", "classes"}: nodes outside the hedge, those of the
    smaller forest, and each edge's forest."""
    inner, outer = set(found.smaller.edges), set(found.larger.edges)
    return {
        "sentences": sentences(found),
        "gone": [name for name in whole.nodes if name not in found.larger.nodes],
        "held": list(found.smaller.nodes),
        "classes": {
            said(e): "smaller" if e in inner else "larger" for e in whole.edges if e in outer
        },
    }


def sentences(found: Hedge) -> list[str]:
    """Why there is no answer, what the two forests are, and what would help."""
    inner = [name for name in found.larger.nodes if name in found.smaller.nodes]
    extra = [name for name in found.larger.nodes if name not in found.smaller.nodes]
    return [
        found.reason,
        f"This is a hedge (Shpitser & Pearl 2006). Double arrows tie {listed(inner)} and "
        f"{listed(extra)} together, and all arrows among them end in "
        f"{listed(sorted(found.roots))}: what {listed(extra)} does there and what only goes "
        "along with it leave the same trace in the data.",
        "To get an answer, measure one of these unmeasured causes, find an instrument, or set "
        f"{listed(sorted(found.treatment & set(found.larger.nodes)))} in an experiment.",
    ]
