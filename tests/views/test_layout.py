"""Layout: everyone gets a place of their own, causes stand left of effects."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_core.graphs.graph import CausalGraph
from causal_core.tables.examples import EXAMPLES
from causal_core.views.layout import layered, placed, ringed, tidy, tiered


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


@given(graphs(), st.data())
def test_each_tier_stands_right_of_the_one_before(graph: CausalGraph, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, 10), max_size=3)))
    order = graph.topological_order
    edges_of = [0, *cuts, len(order)]
    tiers = [order[a:b] for a, b in pairwise(edges_of)]
    places = tidy(graph, tiers).positions
    assert set(places) == set(graph.nodes)
    assert len(set(places.values())) == len(graph.nodes)
    for one, other in combinations([tier for tier in tiers if tier], 2):
        assert max(places[name][0] for name in one) < min(places[name][0] for name in other)
    for edge in graph.edges:
        if edge.kind == "->":
            assert places[edge.source][0] < places[edge.target][0]


def test_what_is_in_no_tier_stands_with_its_effect_or_its_cause() -> None:
    graph = CausalGraph.parse("dag { a b c luck [latent] luck -> b  b -> late  alone }")
    places = tiered(graph, [["a"], ["b", "gone from the graph"], ["c"]]).positions
    assert places["a"][0] < places["luck"][0] < places["b"][0] < places["late"][0] < places["c"][0]
    assert places["alone"][1] > max(places[name][1] for name in "abc")


def test_tiers_that_an_arrow_contradicts_still_rule() -> None:
    graph = CausalGraph.parse("dag { late -> early }")
    places = tiered(graph, [["early"], ["late"]]).positions
    assert places["early"][0] < places["late"][0]


def test_a_sparse_graph_can_be_put_on_a_ring_and_a_dense_one_in_layers() -> None:
    chain = CausalGraph.from_edges([("a", "b"), ("b", "c"), ("c", "d")])
    xs = [ringed(chain).positions[name][0] for name in "abcd"]
    assert xs[0] == min(xs)
    assert xs[2] == max(xs)  # half way round
    dense = CausalGraph.from_edges(combinations("abcdefghi", 2))
    assert tidy(dense).positions == ringed(dense).positions
    assert len({x for x, _ in layered(dense).positions.values()}) == 9
