"""The search over orders against every graph there is, and against what is known."""

from __future__ import annotations

import numpy as np
import pytest

from causal_core.discovery.grow_shrink import GrowShrinkTree
from causal_core.discovery.knowledge import Knowledge, Rules
from causal_core.discovery.lingam import causal_order
from causal_core.discovery.normal_score import linear_score
from causal_core.discovery.order_search import OrderSearch
from causal_core.discovery.scores import total
from causal_core.errors import GraphError, UnknownColumn
from tests.discovery import worlds
from tests.graphs.test_partial import every_dag


def rules(size: int, **known: object) -> Rules:
    return Knowledge(**known).over(worlds.names(size))  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(10))
def test_nothing_scores_better_than_what_is_found(seed: int) -> None:
    rng = np.random.default_rng(seed)
    score = linear_score(worlds.lines(worlds.graph(4, 2, rng), 200, rng))
    found = OrderSearch(score, rules(4)).run(rng, 5)
    best = max(total(score, dag) for dag in every_dag())
    assert found.score == pytest.approx(best, abs=1e-3)
    assert found.score == pytest.approx(total(score, found.dag), abs=1e-3)


@pytest.mark.parametrize("seed", range(10))
def test_what_is_known_holds_and_the_rest_is_the_best(seed: int) -> None:
    rng = np.random.default_rng(seed)
    score = linear_score(worlds.lines(worlds.graph(4, 2, rng), 200, rng))
    known = {
        "tiers": (("v3",), ("v0", "v1")),
        "required": {("v2", "v1")},
        "forbidden": {("v0", "v2")},
    }
    found = OrderSearch(score, rules(4, **known)).run(rng, 5).dag
    fits = [dag for dag in every_dag() if dag[2, 1] and not (dag[0, 2] or dag[0, 3] or dag[1, 3])]
    assert any(np.array_equal(found, dag) for dag in fits)
    best = max(total(score, dag) for dag in fits)
    # Orders in which 2 stands after 0 are open too: the best fitting graph has one of them.
    assert total(score, found) == pytest.approx(best, abs=1e-3)


def test_a_tree_grows_what_greedy_search_grows() -> None:
    rng = np.random.default_rng(1)
    score = linear_score(worlds.lines(worlds.graph(8, 4, rng), 300, rng))
    tree = GrowShrinkTree(score, 0, (1 << 8) - 2)
    for before in (0, 0b10, 0b11111110, 0b01010100, 0b11111110):
        value, parents = tree.best(before)
        assert all(before >> parent & 1 for parent in parents)
        assert value == pytest.approx(score.local(0, parents), abs=1e-3)
        gone = [p for p in range(1, 8) if before >> p & 1 and p not in parents]
        # Nothing more is worth adding unless shrinking took it away.
        left = [score.local(0, tuple(q for q in parents if q != p)) for p in parents]
        assert all(value >= other - 1e-3 for other in left)
        assert len(gone) + len(parents) == bin(before).count("1")


def test_the_search_is_the_same_again() -> None:
    rng = np.random.default_rng(3)
    score = linear_score(worlds.lines(worlds.graph(10, 3, rng), 300, rng))
    one, other = (OrderSearch(score, rules(10)).run(np.random.default_rng(5), 5) for _ in range(2))
    assert np.array_equal(one.dag, other.dag)
    assert one.order == other.order


def test_turning_an_arrow_of_a_collider_costs_and_of_a_chain_does_not() -> None:
    rng = np.random.default_rng(4)
    dag = np.zeros((3, 3), dtype=bool)
    dag[0, 2] = dag[1, 2] = True
    score = linear_score(worlds.lines(dag, 1000, rng))
    search = OrderSearch(score, rules(3))
    costs = search.turned(search.run(rng, 2), np.ones((3, 3), dtype=bool))
    assert costs[0, 2] > 3
    assert costs[1, 2] > 3
    chain = np.zeros((3, 3), dtype=bool)
    chain[0, 1] = chain[1, 2] = True
    search = OrderSearch(linear_score(worlds.lines(chain, 1000, rng)), rules(3))
    costs = search.turned(search.run(rng, 2), np.ones((3, 3), dtype=bool))
    assert np.abs(costs).max() < 1e-3


def test_noise_that_is_not_normal_gives_the_order() -> None:
    rng = np.random.default_rng(6)
    dag = worlds.graph(8, 3, rng)
    order = causal_order(worlds.lines(dag, 2000, rng, normal=False), np.zeros((8, 8), bool))
    place = np.argsort(order)
    assert all(place[i] < place[j] for i, j in zip(*dag.nonzero(), strict=True))


def test_contradictions_are_named() -> None:
    with pytest.raises(GraphError, match="in two tiers"):
        Knowledge(tiers=(("a", "b"), ("b",)))
    with pytest.raises(GraphError, match="required, and forbidden"):
        Knowledge(tiers=(("a",), ("b",)), required=frozenset({("b", "a")}))
    with pytest.raises(GraphError, match="in a circle: a → b → a"):
        Knowledge(required=frozenset({("a", "b"), ("b", "a")})).over(["a", "b"])
    with pytest.raises(UnknownColumn, match="dose"):
        Knowledge(forbidden=frozenset({("dose", "a")})).over(["a", "b"])


def test_an_arrow_that_the_rules_fix_cannot_be_turned() -> None:
    rng = np.random.default_rng(4)
    chain = np.zeros((3, 3), dtype=bool)
    chain[0, 1] = chain[1, 2] = True
    score = linear_score(worlds.lines(chain, 1000, rng))
    search = OrderSearch(score, rules(3, required={("v0", "v1")}))
    costs = search.turned(search.run(rng, 4), np.ones((3, 3), dtype=bool))
    assert costs[0, 1] == np.inf
    # Then the other arrow is not free either: turned, it would make a collider at v1.
    assert costs[1, 2] > 3
