"""Implied independencies against published counts, DAGitty's lists and brute force."""

from __future__ import annotations

from itertools import chain, combinations

import pytest

from causal_core.errors import GraphError
from causal_core.graphs import implied
from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.graphs.implied import Implied, Independence, local_markov
from causal_core.graphs.separation import m_separated
from tests.graphs.published import COMMENTATOR, COMMENTATOR_IMPLIES, MEDIATOR, MISSING_EDGES
from tests.graphs.random_graphs import random_admg

Claims = set[tuple[frozenset[str], frozenset[str]]]


def unordered(claims: tuple[Independence, ...]) -> Claims:
    return {(frozenset((c.one, c.other)), frozenset(c.given)) for c in claims}


def by_hand(graph: CausalGraph) -> Claims:
    """Every separating set that cannot lose a node, by trying them all."""
    found = set()
    for one, other in combinations(graph.observed, 2):
        rest = [name for name in graph.observed if name not in (one, other)]
        sets = chain.from_iterable(combinations(rest, size) for size in range(len(rest) + 1))
        cuts = [frozenset(s) for s in sets if m_separated(graph, one, other, s)]
        found |= {(frozenset((one, other)), c) for c in cuts if not any(d < c for d in cuts)}
    return found


@pytest.mark.parametrize("name", MISSING_EDGES)
def test_published_graphs_have_the_published_number_of_testable_missing_edges(name: str) -> None:
    graph, count = MISSING_EDGES[name]
    assert len(Implied(graph).basis) == count


def test_what_dagitty_lists_for_its_own_tests() -> None:
    listed = set()
    for line in COMMENTATOR_IMPLIES.split("\n"):
        if line:
            pair, _, given = line.partition(" | ")
            names = frozenset(given.split(", ")) if given else frozenset()
            listed.add((frozenset(pair.split(" ⊥ ")), names))
    assert unordered(Implied(COMMENTATOR).minimal) == listed
    assert [str(claim) for claim in Implied(MEDIATOR).minimal] == ["Z ⊥ Y | X, I"]


@pytest.mark.parametrize("seed", range(60))
def test_all_minimal_separators_are_those_found_by_trying_all_sets(seed: int) -> None:
    graph = random_admg(seed, 6, bidirected=seed % 2 == 0, latent=seed % 3)
    assert unordered(Implied(graph).minimal) == by_hand(graph)


@pytest.mark.parametrize("seed", range(60))
def test_the_basis_holds_one_smallest_separator_of_each_pair_that_has_any(seed: int) -> None:
    graph = random_admg(1000 + seed, 6, bidirected=seed % 2 == 0, latent=seed % 3)
    least: dict[frozenset[str], int] = {}
    for pair, given in by_hand(graph):
        least[pair] = min(least.get(pair, 99), len(given))
    basis = Implied(graph).basis
    assert {frozenset((c.one, c.other)): len(c.given) for c in basis} == least
    assert all(m_separated(graph, c.one, c.other, c.given) for c in basis)


def test_many_separators_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve ways of three steps side by side have 2 ** 12 minimal cuts."""
    ways = [(f"a{i}", f"b{i}") for i in range(12)]
    arrows = [arrow for a, b in ways for arrow in (("x", a), (a, b), (b, "y"))]
    monkeypatch.setattr(implied, "MOST_SEPARATORS", 50)
    graph = CausalGraph.from_edges(arrows)
    mine = [c for c in Implied(graph).minimal if {c.one, c.other} == {"x", "y"}]
    assert len(mine) == 50
    assert all(m_separated(graph, "x", "y", c.given) for c in mine)


def test_a_latent_node_separates_nothing() -> None:
    assert not Implied(CausalGraph.from_edges([("x", "m"), ("m", "y")], latent="m")).basis


def test_rows_selected_by_a_common_effect_claim_less() -> None:
    graph = CausalGraph.parse("dag { s [selected] x -> s; y -> s; z }")
    assert [str(claim) for claim in Implied(graph).basis] == ["x ⊥ z", "y ⊥ z"]


def test_open_edges_are_refused_in_words() -> None:
    with pytest.raises(GraphError, match="claims nothing yet"):
        Implied(CausalGraph(("x", "y"), (Edge("x", "y", "--"),)))


def test_the_local_markov_condition_of_a_chain() -> None:
    claims = [str(claim) for claim in local_markov(CausalGraph.parse("x -> m -> y"))]
    assert claims == ["y ⊥ x | m"]
    with pytest.raises(GraphError, match="parents alone"):
        local_markov(CausalGraph.parse("x <-> y"))
