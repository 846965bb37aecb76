"""The difference of two graphs: it leads from the one to the other, and back."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from causal_core.graphs.difference import difference
from causal_core.graphs.graph import CausalGraph, Edge


def edges(text: str) -> set[Edge]:
    return set(CausalGraph.parse(text).edges)


def test_every_kind_of_change_is_told_apart() -> None:
    before = CausalGraph.parse("dag { a b c d u [latent] v a -> b b -> c a <-> c gone -> a }")
    after = CausalGraph.parse("dag { a b c d u v [latent] b -> a a -> d a <-> c new -> b }")
    found = difference(before, after)
    assert found.new_nodes == ("new",)
    assert found.gone_nodes == ("gone",)
    assert (found.hidden, found.measured) == (("v",), ("u",))
    assert set(found.turned) == edges("b -> a")
    assert set(found.added) == edges("a -> d; new -> b")
    assert set(found.removed) == edges("b -> c; gone -> a")


def test_an_arrow_that_became_a_confounder_is_one_gone_and_one_new() -> None:
    found = difference(CausalGraph.parse("a -> b"), CausalGraph.parse("a <-> b"))
    assert set(found.removed) == edges("a -> b")
    assert set(found.added) == edges("a <-> b")
    assert not found.turned


def test_places_roles_and_notes_are_no_difference() -> None:
    before = CausalGraph.parse("a -> b")
    after = replace(before, positions={"a": (1, 2)}, exposures={"a"}, notes={("a", "b"): "why"})
    assert not difference(before, after)
    assert difference(before, replace(before, latent=frozenset("a")))


@st.composite
def graphs(draw: st.DrawFn) -> CausalGraph:
    nodes = draw(st.permutations("abcdef"))[: draw(st.integers(2, 6))]
    pairs = [(a, b) for i, a in enumerate(nodes) for b in nodes[i + 1 :]]
    arrows = draw(st.sets(st.sampled_from(pairs)))
    arcs = draw(st.sets(st.sampled_from(pairs), max_size=3))
    latent = draw(st.sets(st.sampled_from(nodes), max_size=2))
    return CausalGraph.from_edges(sorted(arrows), sorted(arcs), nodes, latent)


@given(graphs(), graphs())
def test_it_leads_from_the_one_graph_to_the_other(before: CausalGraph, after: CausalGraph) -> None:
    found = difference(before, after)
    turned_back = {Edge(e.target, e.source, e.kind) for e in found.turned}
    kept = set(before.edges) - set(found.removed) - turned_back
    assert kept | set(found.added) | set(found.turned) == set(after.edges)
    assert not set(found.added) & set(found.turned)
    assert set(before.nodes) - set(found.gone_nodes) | set(found.new_nodes) == set(after.nodes)
    assert bool(found) == (before.claims != after.claims)


@given(graphs(), graphs())
def test_the_way_back_is_the_same_the_other_way_round(one: CausalGraph, other: CausalGraph) -> None:
    there, back = difference(one, other), difference(other, one)
    assert set(there.added) == set(back.removed)
    assert set(there.hidden) == set(back.measured)
    assert {Edge(e.target, e.source, e.kind) for e in there.turned} == set(back.turned)
