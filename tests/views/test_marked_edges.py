"""A graph that allows for unmeasured causes, as the browser is told to draw it."""

from __future__ import annotations

import math

import pytest

from causal_core.discovery.discover import Discovered, FoundEdge
from causal_core.discovery.situation import Method
from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.views.found_graph import payload, places
from causal_core.views.marked_edges import marked_figure, marked_words

GRAPH = CausalGraph.parse("pag { i @-> x; x <-> y; j @-@ k; x -> z }")


def found(*shares: float) -> Discovered:
    edges = tuple(FoundEdge(edge, *shares) for edge in GRAPH.edges)
    reason = "You chose it."
    return Discovered(GRAPH, Method.LATENTS, reason, edges, (), math.nan, 100, 10, ())


def test_every_kind_of_edge_is_drawn_and_said() -> None:
    told = payload(found(1.0, 0.1, 0.0, 0.2, 0.0, 0.6), GRAPH)
    kinds = {(e["source"], e["target"]): e["kind"] for e in told["graph"]["edges"]}
    assert kinds == {("i", "x"): "o->", ("x", "y"): "<->", ("j", "k"): "o-o", ("x", "z"): "->"}
    assert "i o→ x, x ↔ y, x → z, j o–o k" in told["said"]
    assert all("x" in node and "y" in node for node in told["graph"]["nodes"])
    assert set(places(GRAPH)) == set(GRAPH.nodes)


@pytest.mark.parametrize(
    ("kind", "sure", "unsure"),
    [("o->", "", "→ 50 %"), ("<->", "", "↔ 30 %"), ("o-o", "", "")],
)
def test_a_figure_stands_where_an_arrowhead_is_less_than_strong(
    kind: str, sure: str, unsure: str
) -> None:
    edge = Edge("a", "b", kind)
    assert marked_figure(FoundEdge(edge, 1.0, 0.0, 0.0, 0.05, 0.0, 0.95)) == sure
    assert marked_figure(FoundEdge(edge, 1.0, 0.1, 0.0, 0.1, 0.0, 0.3)) == unsure


def test_words_name_both_ends_and_say_nothing_of_resamples_that_were_not_drawn() -> None:
    edge = Edge("a", "b", "o->")
    assert marked_words(FoundEdge(edge, math.nan, math.nan, math.nan)).endswith("or both hold.")
    words = marked_words(FoundEdge(edge, 0.6, 0.1, 0.0, 0.2, 0.0, 0.3))
    assert "b does not cause a; a causes b, or something unmeasured causes both" in words
    assert words.endswith("b does not cause a in 60 %, a does not cause b in 30 %.")
    assert "60 % of the resamples (tentative)" in words
