"""What is seen less what is caused, as the browser draws it: bars, and the way of each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.views.amounts import change
from causal_core.views.edge_menu import said
from causal_core.views.layout import placed

if TYPE_CHECKING:
    from causal_core.queries.gap import Gap, GapPart

_MOST = 8  # ways with a bar of their own
_FINE = 0.05  # of a probability: shown to a tenth of a point at least, as in the sentence
_REST = (
    "{} of what is seen is on no open way of this graph: the net that sees and the equations "
    "that do differ by so much."
)
HINT = "Point at a bar, or move to it by keyboard: the graph marks its way."


def payload(gap: Gap, graph: CausalGraph, cause: str, outcome: str) -> dict[str, Any]:
    """All that `static/gap.js` needs, JSON-able.

    Each bar runs from where the one before it ended; `graph` is drawn without its latent
    nodes, as the paths name them.
    """
    bars = _bars(gap, graph, cause, outcome)
    ends = [0.0, *(end for bar in bars for end in (bar["from"], bar["to"]))]
    pad = 0.04 * (max(ends) - min(ends) or 1.0)
    drawn = {
        "graph": json.loads(placed(graph.project()).to_json()),
        "bars": bars,
        "range": [min(ends) - pad, max(ends) + pad],
        "hint": HINT,
        "said": gap.sentence,
    }
    content = json.dumps(drawn, sort_keys=True)
    return drawn | {"digest": hashlib.sha256(content.encode()).hexdigest()[:16]}


def _bars(gap: Gap, graph: CausalGraph, cause: str, outcome: str) -> list[dict[str, Any]]:
    step = max(abs(gap.seeing), abs(gap.doing), 1e-12) / 4

    def show(value: float) -> str:
        return change(value, min(step, _FINE) if gap.unit == "probability" else step, gap.unit)

    said_of = (
        f"Seen: rows that have the one differ from those that have the other by {show(gap.seeing)}."
    )
    bars = [_bar("seeing", "Seen", 0.0, gap.seeing, show(gap.seeing), said_of)]
    level = gap.seeing
    for label, value, edges in _ways(gap.parts):
        told = f"{label}: brings {show(value)} of what is seen, which is not caused."
        bars.append(
            _bar("part", f"without {label}", level, level - value, show(-value), told, edges)
        )
        level -= value
    if abs(gap.rest) >= step / 50:
        told = _REST.format(show(gap.rest))
        bars.append(_bar("rest", "On no open way", level, gap.doing, show(-gap.rest), told))
    ways = causal_edges(graph.project(), cause, outcome)
    told = f"Caused: giving everyone the one instead of the other changes it by {show(gap.doing)}."
    return [*bars, _bar("doing", "Caused", 0.0, gap.doing, show(gap.doing), told, ways)]


def _ways(parts: Sequence[GapPart]) -> list[tuple[str, float, list[Edge]]]:
    """Label, value and edges of the largest parts, the many small ones taken together."""
    kept = parts if len(parts) <= _MOST + 1 else parts[:_MOST]
    found = [(one.label, one.value, [e for path in one.paths for e in path]) for one in kept]
    others = parts[len(kept) :]
    if others:
        edges = [e for one in others for path in one.paths for e in path]
        label = f"{len(others)} smaller ways together"
        found.append((label, sum(one.value for one in others), edges))
    return found


def _bar(
    kind: str, label: str, start: float, end: float, figure: str, words: str,
    edges: Iterable[Edge] = (),
) -> dict[str, Any]:  # fmt: skip
    ways = sorted({said(edge) for edge in edges})
    place = {"from": start, "to": end, "figure": figure}
    return {"kind": kind, "label": label, **place, "words": words, "edges": ways}


def causal_edges(graph: CausalGraph, cause: str, outcome: str) -> list[Edge]:
    """The arrows on directed paths from cause to outcome.

    >>> graph = CausalGraph.parse("x -> m -> y z -> x z -> y")
    >>> [said(edge) for edge in causal_edges(graph, "x", "y")]
    ['x → m', 'm → y']
    """
    on = graph.descendants(cause) & graph.ancestors(outcome)
    return [e for e in graph.edges if e.kind == "->" and {e.source, e.target} <= on]
