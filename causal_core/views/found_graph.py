"""What was discovered as the browser draws it: edges, how sure each is, and words for both."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from causal_core.discovery.discover import STRONG, Discovered, FoundEdge
from causal_core.discovery.judgement import Judged
from causal_core.errors import GraphError
from causal_core.graphs.ancestral import representative
from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.graphs.partial import extension
from causal_core.views.edge_menu import menu, said
from causal_core.views.layout import tidy
from causal_core.views.marked_edges import MARKED, marked_figure, marked_words
from causal_core.views.theme import percent

_RARE = 0.05  # of the resamples; what fewer have is not drawn
_HIGH, _STRETCH = 0.45, 3.0  # of a picture's width; its height is stretched up to there
Places = dict[str, tuple[float, float]]


def payload(found: Discovered, graph: CausalGraph | None = None) -> dict[str, Any]:
    """The data of the picture: `graph` (the one found if None) and what resamples add."""
    return _told(found, graph or found.graph, {})


def steered(found: Discovered, judged: Judged, base: CausalGraph) -> dict[str, Any]:
    """The same for a graph that a person is directing: what each edge offers goes with it.

    `base`: the graph that `judged` began with.
    """
    menus = {said(edge): menu(edge, judged, base) for edge in judged.whole.edges}
    return _told(found, judged.whole, menus)


def _told(found: Discovered, graph: CausalGraph, menus: Mapping[str, Any]) -> dict[str, Any]:
    shares = shares_of(found)
    joined = {_pair(edge) for edge in graph.edges}
    others = [one for pair, one in shares.items() if pair not in joined]
    lines = [(edge, shares.get(_pair(edge), _never(edge, found)), False) for edge in graph.edges]
    lines += [(one.edge, one, True) for one in others if one.adjacent >= _RARE]
    drawn = CausalGraph(
        found.graph.nodes,
        tuple(edge for edge, _, _ in lines),
        positions=_stretched(places(found.graph)),
    )
    return {
        "graph": json.loads(drawn.to_json()),
        "edges": {
            said(edge): {
                "share": None if math.isnan(one.adjacent) else min(1.0, one.adjacent),
                "strong": one.strong or math.isnan(one.adjacent),
                "other": other,
                "figure": figure(edge, one),
                "words": words(edge, one),
                **menus.get(said(edge), {}),
            }
            for edge, one, other in lines
        },
        "said": f"Graph found over {len(found.graph.nodes)} columns: "
        + (", ".join(said(edge) for edge in graph.edges) or "no edges")
        + ".",
    }


def kept_graph(found: Discovered, judged: Judged, least: float) -> CausalGraph:
    """The graph judged, without the edges that fewer than `least` of the resamples have.

    An edge that the person has directed or accepted stays.
    """
    shares = shares_of(found)
    weak = {pair for pair, one in shares.items() if one.adjacent < least} - set(judged.verdicts)
    return replace(judged.graph, edges=tuple(e for e in judged.graph.edges if _pair(e) not in weak))


def at_least(found: Discovered, least: float) -> Discovered:
    """`found` without the edges that fewer resamples than the share `least` have."""
    edges = tuple(one for one in found.edges if not one.adjacent < least)
    others = tuple(one for one in found.others if not one.adjacent < least)
    graph = replace(found.graph, edges=tuple(one.edge for one in edges))
    return replace(found, graph=graph, edges=edges, others=others)


def shares_of(found: Discovered) -> dict[frozenset[str], FoundEdge]:
    """What the resamples say of each pair that any graph joins."""
    return {_pair(one.edge): one for one in (*found.edges, *found.others)}


def _pair(edge: Edge) -> frozenset[str]:
    return frozenset((edge.source, edge.target))


def _never(edge: Edge, found: Discovered) -> FoundEdge:
    """An edge that no resample has, or that none was asked about."""
    share = 0.0 if found.resamples else math.nan
    return FoundEdge(edge, share, share, share)


def places(graph: CausalGraph) -> dict[str, tuple[float, float]]:
    """Where the nodes stand: as in one of the graphs of the class."""
    try:
        whole = extension(graph) if _plain(graph) else representative(graph)
    except GraphError:
        whole = replace(graph, edges=tuple(e for e in graph.edges if e.kind == "->"))
    return dict(tidy(whole).positions)


def _plain(graph: CausalGraph) -> bool:
    return all(edge.kind in ("->", "--") for edge in graph.edges)


def _stretched(found: Places) -> Places:
    """The same places, a long chain's layers further apart in height: there is room for it."""
    wide, high = (max(axis) - min(axis) for axis in zip(*found.values(), strict=True))
    most = _HIGH * wide / high if high else 1.0
    return {name: (x, y * max(1.0, min(_STRETCH, most))) for name, (x, y) in found.items()}


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
