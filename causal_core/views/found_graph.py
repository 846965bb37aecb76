"""What was discovered as the browser draws it: edges, how sure each is, and words for both."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

from causal_core.discovery.discover import STRONG, Discovered, FoundEdge
from causal_core.errors import GraphError
from causal_core.graphs.ancestral import representative
from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.graphs.partial import extension
from causal_core.views.layout import tidy
from causal_core.views.marked_edges import MARKED, marked_figure, marked_words
from causal_core.views.theme import percent

ARROWS = {"->": "→", "<->": "↔", "--": "—", "o->": "o→", "o-o": "o–o"}


def said(edge: Edge) -> str:
    """An edge as the browser writes it."""
    return f"{edge.source} {ARROWS[edge.kind]} {edge.target}"


def payload(found: Discovered, graph: CausalGraph, least: float) -> dict[str, Any]:
    """The data of the picture: `graph` (as it is directed by now) and what resamples add.

    Edges in fewer than the share `least` of the resamples are left out.
    """
    shares = {frozenset((one.edge.source, one.edge.target)): one for one in found.edges}
    kept = kept_graph(found, graph, least)
    lines = [(edge, shares[frozenset((edge.source, edge.target))], False) for edge in kept.edges]
    lines += [(one.edge, one, True) for one in found.others if one.adjacent >= max(least, 0.05)]
    drawn = CausalGraph(
        found.graph.nodes, tuple(edge for edge, _, _ in lines), positions=places(found.graph)
    )
    return {
        "graph": json.loads(drawn.to_json()),
        "shares": {
            said(edge): {
                "share": None if math.isnan(one.adjacent) else min(1.0, one.adjacent),
                "other": other,
                "figure": figure(edge, one),
                "words": words(edge, one),
            }
            for edge, one, other in lines
        },
        "said": f"Graph found over {len(found.graph.nodes)} columns: "
        + (", ".join(said(edge) for edge in kept.edges) or "no edges")
        + ".",
    }


def kept_graph(found: Discovered, graph: CausalGraph, least: float) -> CausalGraph:
    """`graph` without the edges that fewer than `least` of the resamples have."""
    weak = {
        frozenset((one.edge.source, one.edge.target)) for one in found.edges if one.adjacent < least
    }
    edges = tuple(e for e in graph.edges if frozenset((e.source, e.target)) not in weak)
    return replace(graph, edges=edges)


def places(graph: CausalGraph) -> dict[str, tuple[float, float]]:
    """Where the nodes stand: as in one of the graphs of the class."""
    try:
        whole = extension(graph) if _plain(graph) else representative(graph)
    except GraphError:
        whole = replace(graph, edges=tuple(e for e in graph.edges if e.kind == "->"))
    return dict(tidy(whole).positions)


def _plain(graph: CausalGraph) -> bool:
    return all(edge.kind in ("->", "--") for edge in graph.edges)


def figure(edge: Edge, one: FoundEdge) -> str:
    """What is less than strong of an edge: that it is there, else its direction.

    >>> edge = Edge("a", "b")
    >>> [figure(edge, FoundEdge(edge, *shares)) for shares in ((0.6, 0.6, 0), (1, 0.7, 0.2))]
    ['60 %', '→ 70 %']
    """
    if one.adjacent < STRONG:
        return percent(one.adjacent, 0)
    if edge.kind in MARKED:
        return marked_figure(one)
    ahead = one.forward if edge.source == one.edge.source else one.backward
    return f"→ {percent(ahead, 0)}" if edge.kind == "->" and ahead < STRONG else ""


def words(edge: Edge, one: FoundEdge) -> str:
    """One edge in a sentence.

    >>> edge = Edge("a", "b")
    >>> words(edge, FoundEdge(edge, 0.93, 0.9, 0.02))
    'a → b: an edge in 93 % of the resamples (strong); a → b in 90 %, b → a in 2 %.'
    """
    if edge.kind in MARKED:
        return f"{said(edge)}: {marked_words(one)}"
    if math.isnan(one.adjacent):
        return f"{said(edge)}."
    (source, target), forward, backward = (
        (one.edge.source, one.edge.target),
        percent(one.forward, 0),
        percent(one.backward, 0),
    )
    sure = "strong" if one.adjacent >= STRONG else "tentative"
    return (
        f"{said(edge)}: an edge in {percent(one.adjacent, 0)} of the resamples ({sure}); "
        f"{source} → {target} in {forward}, {target} → {source} in {backward}."
    )
