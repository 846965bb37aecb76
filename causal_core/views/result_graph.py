"""The graph as a question cuts it: a pyvis page that needs no network."""

from __future__ import annotations

import re
from collections.abc import Collection

from causal_core.graphs.graph import CausalGraph

_REMOTE = re.compile(r"<(?:link|script)[^>]+(?:href|src)=\"https?://[^>]*>(?:\s*</script>)?")


def result_graph(graph: CausalGraph, treated: Collection[str], outcome: str) -> str:
    """A self-contained HTML page: arrows into `treated` are cut and drawn faintly.

    Node names are shown as text by vis-network on its canvas, never as HTML.
    """
    from pyvis.network import Network

    network = Network(height="360px", width="100%", directed=True, cdn_resources="in_line")
    network.toggle_physics(False)
    for index, name in enumerate(graph.nodes):
        x, y = graph.positions.get(name, (120.0 * index, 80.0 * (index % 2)))
        network.add_node(
            index,
            label=name,
            x=x,
            y=y,
            shape="box",
            physics=False,
            **_style(name, graph, treated, outcome),
        )
    place = {name: index for index, name in enumerate(graph.nodes)}
    for edge in graph.edges:
        cut = edge.target in treated or (edge.kind == "<->" and edge.source in treated)
        network.add_edge(
            place[edge.source],
            place[edge.target],
            color="#C9D0D8" if cut else "#5B6875",
            dashes=cut or edge.kind == "<->",
            arrows="to;from" if edge.kind == "<->" else "to",
            width=1 if cut else 2,
        )
    return _REMOTE.sub("", network.generate_html())


def _style(
    name: str, graph: CausalGraph, treated: Collection[str], outcome: str
) -> dict[str, object]:
    if name in treated:
        return {"color": {"background": "#D6E9F5", "border": "#0072B2"}, "borderWidth": 3}
    if name == outcome:
        return {"color": {"background": "#FBEBC8", "border": "#E69F00"}, "borderWidth": 3}
    if name in graph.latent:
        return {
            "color": {"background": "#FFFFFF", "border": "#8A97A6"},
            "shapeProperties": {"borderDashes": [4, 4]},
        }
    return {"color": {"background": "#EEF1F4", "border": "#8A97A6"}}
