"""Layout: everyone gets a place of their own, causes stand left of effects."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_core.graphs.graph import CausalGraph
from causal_core.tables.examples import EXAMPLES
from causal_core.views.layout import placed, tidy


@st.composite
def graphs(draw: st.DrawFn) -> CausalGraph:
    nodes = [f"n{i}" for i in range(draw(st.integers(0, 9)))]
    pairs = list(combinations(nodes, 2))
    arrows = draw(st.sets(st.sampled_from(pairs))) if pairs else set()
    arcs = draw(st.sets(st.sampled_from(pairs), max_size=3)) if pairs else set()
    return CausalGraph.from_edges(sorted(arrows), sorted(arcs), nodes)


@given(graphs())
def test_causes_stand_left_of_effects_and_no_two_nodes_share_a_place(graph: CausalGraph) -> None:
    laid = tidy(graph)
    assert laid == graph
    assert set(laid.positions) == set(graph.nodes)
    assert len(set(laid.positions.values())) == len(graph.nodes)
    if len(graph.nodes) < 8:  # many nodes, nearly all joined, stand on a ring
        for edge in graph.edges:
            if edge.kind == "->":
                assert laid.positions[edge.source][0] < laid.positions[edge.target][0]


def test_where_nearly_everything_is_joined_no_node_hides_a_line() -> None:
    names = [f"n{i}" for i in range(11)]
    laid = tidy(CausalGraph.from_edges(combinations(names, 2)))
    places = [laid.positions[name] for name in names]
    for one, middle, other in combinations(places, 3):
        across = (other[0] - one[0]) * (middle[1] - one[1])
        along = (other[1] - one[1]) * (middle[0] - one[0])
        assert abs(across - along) > 1000  # no three of them in line: twice a triangle's area


@given(graphs(), st.data())
def test_nodes_that_have_a_place_keep_it(graph: CausalGraph, data: st.DataObject) -> None:
    kept = {name: tidy(graph).positions[name] for name in graph.nodes if data.draw(st.booleans())}
    given_some = CausalGraph(graph.nodes, graph.edges, positions=kept)
    laid = placed(given_some)
    assert {name: laid.positions[name] for name in kept} == kept
    assert len(set(laid.positions.values())) == len(graph.nodes)


@pytest.mark.parametrize("key", sorted(EXAMPLES))
def test_the_examples_come_with_places(key: str) -> None:
    graph = CausalGraph.parse(EXAMPLES[key].graph_text)
    assert placed(graph) is graph
