"""Distances between graphs against published values, by hand, and what must hold of any."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_core.discovery.compare import effects, hamming, skeleton_f1, wrong_effects
from causal_core.errors import GraphError
from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.partial import cpdag, oriented
from causal_core.tables.examples import EXAMPLES
from tests.graphs.random_graphs import random_admg

# Peters & Bühlmann (2015), figure 1: two causes, each of three effects, and two guesses.
TRUTH = CausalGraph.parse("x1 -> {y1 y2 y3} x2 -> {y1 y2 y3} x1 -> x2")
ONE_MORE = CausalGraph.parse("x1 -> {y1 y2 y3} x2 -> {y1 y2 y3} x1 -> x2 y1 -> y2")
TURNED = CausalGraph.parse("x1 -> {y1 y2 y3} x2 -> {y1 y2 y3} x2 -> x1")


def test_one_wrong_edge_may_spoil_nothing_or_eight_effects() -> None:
    """The values of their example 2: SHD 1 and 1, SID 0 and 8."""
    assert (hamming(ONE_MORE, TRUTH).found, hamming(TURNED, TRUTH).found) == (1, 1)
    more, turned = effects(ONE_MORE, TRUTH), effects(TURNED, TRUTH)
    assert more
    assert turned
    assert (more.parents, turned.parents) == (0, 8)
    assert (more.pairs, turned.pairs) == (20, 20)


@pytest.mark.parametrize(
    ("guess", "parents", "ancestors"),
    [
        ("x -> m -> y", 0, 0),
        # y, m and x have no effect on one another any more: x on m, x on y, m on y are wrong.
        ("x; m; y", 3, 3),
        # Everything the other way round: all six pairs have the wrong effect.
        ("x <- m <- y", 6, 6),
        # An arrow too many that adjusts for nothing wrong: x on y is still as it was, and for
        # m on y the parent x is adjusted for, which is right.
        ("x -> m -> y x -> y", 0, 0),
        # m before x: m's effect on x is claimed (wrong), x on m denied (wrong), and x on y
        # adjusted for the mediator m (wrong); m on y is not adjusted for x, which is right.
        ("m -> x m -> y", 3, 3),
    ],
)
def test_a_chain_and_its_guesses_by_hand(guess: str, parents: int, ancestors: int) -> None:
    found = effects(CausalGraph.parse(guess), CausalGraph.parse("x -> m -> y"))
    assert found
    assert (found.parents, found.ancestors) == (parents, ancestors)


def test_graphs_far_apart_in_edges_may_agree_on_effects_and_the_other_way_round() -> None:
    """Henckel et al. (2024), section 3: only the order counts for ancestors; the parents of a
    complete graph in the true order are valid adjustment sets."""
    chain = CausalGraph.parse("a -> b -> c -> d")
    complete = CausalGraph.parse("a -> {b c d} b -> {c d} c -> d")
    found = effects(complete, chain)
    assert found
    assert (found.parents, found.ancestors) == (0, 0)
    assert hamming(complete, chain).found == 3


def test_a_class_is_compared_with_the_class() -> None:
    chain = CausalGraph.parse("x -> m -> y")
    same = effects(cpdag(chain), chain)
    assert same
    assert (same.parents, same.ancestors, same.optimal) == (0, 0, 0)
    assert hamming(cpdag(chain), chain).found == 0
    collider = effects(CausalGraph.parse("x -> m <- y"), cpdag(chain))
    assert collider
    assert collider.ancestors > 0


def test_what_has_no_distance_has_none() -> None:
    truth = CausalGraph.parse("a -> b -> c a -> d")
    partly = oriented(cpdag(truth), [("b", "c")])  # as knowledge would direct it
    assert partly.partial
    assert effects(partly, truth) is None
    assert wrong_effects(CausalGraph.parse("a <-> b c d"), truth) is None
    with pytest.raises(GraphError, match="other nodes"):
        effects(CausalGraph.parse("a -> z"), truth)


def test_the_empty_and_a_random_graph_stand_beside_it() -> None:
    beside = wrong_effects(ONE_MORE, TRUTH)
    assert beside
    assert (beside.found, beside.pairs) == (0, 20)
    assert beside.empty == 7  # every true effect is missed, and no other is claimed
    assert 3 < beside.random < 20
    edges = hamming(ONE_MORE, TRUTH)
    assert (edges.empty, edges.pairs) == (7, 10)
    assert 1 < edges.random < 10


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_what_holds_of_any_two_graphs(one: int, other: int) -> None:
    first = random_admg(one, bidirected=False)
    second = random_admg(other, bidirected=False)
    itself = effects(first, first)
    assert itself
    assert (itself.parents, itself.ancestors, itself.optimal) == (0, 0, 0)
    assert skeleton_f1(first, first) == 1
    if first.nodes != second.nodes:
        return
    assert hamming(first, second).found == hamming(second, first).found
    assert skeleton_f1(first, second) == pytest.approx(skeleton_f1(second, first))
    apart = effects(first, second)
    assert apart
    for wrong in (apart.parents, apart.ancestors, apart.optimal):
        assert 0 <= wrong <= apart.pairs
    if hamming(first, second).found == 0:
        assert apart.parents == 0


def test_the_consensus_of_the_proteins_is_the_network_that_others_ship() -> None:
    """Seventeen arrows, those of sachs.bif (bnlearn's repository, pgmpy); the original figure
    with its cycle over PIP2, PIP3 and PLCg is not this graph."""
    shipped = """
    PKC -> {PKA Raf Mek Jnk p38} PKA -> {Raf Mek Erk Akt Jnk p38}
    Raf -> Mek Mek -> Erk Erk -> Akt PLCg -> {PIP2 PIP3} PIP3 -> PIP2
    """
    ours = CausalGraph.parse(EXAMPLES["sachs"].graph_text).project()
    assert {str(e) for e in ours.edges} == {str(e) for e in CausalGraph.parse(shipped).edges}
    assert len(ours.edges) == 17


def test_the_page_can_say_what_the_search_gets_of_the_consensus() -> None:
    consensus = CausalGraph.parse(EXAMPLES["sachs"].graph_text).project()
    beside = hamming(CausalGraph.from_edges([], nodes=consensus.nodes), consensus)
    assert (beside.found, beside.empty, beside.pairs) == (17, 17, 55)
