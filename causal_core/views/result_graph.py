"""The graph, whole or as a question cuts it: a pyvis page that needs no network."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from causal_core.graphs.graph import CausalGraph, Edge

_REMOTE = re.compile(r"<(?:link|script)[^>]+(?:href|src)=\"https?://[^>]*>(?:\s*</script>)?")


Style = dict[str, object]  # options of vis-network

_CIRCLE = {"enabled": True, "type": "circle"}
_HEADS: dict[str, object] = {
    "->": "to",
    "<->": "to;from",
    "--": "",
    "o->": {"to": {"enabled": True}, "from": _CIRCLE},
    "o-o": {"to": _CIRCLE, "from": _CIRCLE},
}


def result_graph(graph: CausalGraph, treated: Collection[str], outcome: str) -> str:
    """A self-contained HTML page: arrows into `treated` are cut and drawn faintly.

    Node names are shown as text by vis-network on its canvas, never as HTML.
    """
    return _page(graph, _drawn(graph, treated, {outcome}), cut=treated, height="360px")


def interactive_graph(graph: CausalGraph) -> str:
    """The whole graph as such a page: the roles as the editor marks them, notes on edges.

    Notes are the text of vis-network's tooltips, never HTML.
    """
    return _page(graph, _drawn(graph, graph.exposures, graph.outcomes), cut=(), height="92vh")


def _page(
    graph: CausalGraph, styles: Mapping[str, Style], *, cut: Collection[str], height: str
) -> str:
    from pyvis.network import Network

    network = Network(height=height, width="100%", directed=True, cdn_resources="in_line")
    network.toggle_physics(False)
    for index, name in enumerate(graph.nodes):
        x, y = graph.positions.get(name, (120.0 * index, 80.0 * (index % 2)))
        network.add_node(index, label=name, x=x, y=y, shape="box", physics=False, **styles[name])
    place = {name: index for index, name in enumerate(graph.nodes)}
    for edge in graph.edges:
        faint = edge.target in cut or (edge.kind == "<->" and edge.source in cut)
        ends = (place[edge.source], place[edge.target])
        network.add_edge(*ends, **_line(edge, faint), **_note(graph, edge))
    return _REMOTE.sub("", network.generate_html())


def _line(edge: Edge, faint: bool) -> Style:
    """Colour, dashes and heads, as vis-network takes them."""
    return {
        "color": "#C9D0D8" if faint else "#5B6875",
        "dashes": faint or edge.kind == "<->",
        "arrows": _HEADS[edge.kind],
        "width": 1 if faint else 2,
    }


def _note(graph: CausalGraph, edge: Edge) -> Style:
    text = graph.notes.get((min(edge.source, edge.target), max(edge.source, edge.target)))
    return {"title": text} if text else {}


def _drawn(
    graph: CausalGraph, causes: Collection[str], outcomes: Collection[str]
) -> dict[str, Style]:
    """The colours and the outline of each node."""
    return {name: _style(name, graph, causes, outcomes) for name in graph.nodes}


def _style(
    name: str, graph: CausalGraph, causes: Collection[str], outcomes: Collection[str]
) -> Style:
    if name in causes:
        return {"color": {"background": "#D6E9F5", "border": "#0072B2"}, "borderWidth": 3}
    if name in outcomes:
        return {"color": {"background": "#FBEBC8", "border": "#E69F00"}, "borderWidth": 3}
    if name in graph.latent:
        return {
            "color": {"background": "#FFFFFF", "border": "#8A97A6"},
            "shapeProperties": {"borderDashes": [4, 4]},
        }
    return {"color": {"background": "#EEF1F4", "border": "#8A97A6"}}
