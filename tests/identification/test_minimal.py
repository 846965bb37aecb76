"""All minimal adjustment sets, as published for DAGitty's examples, and within bounds."""

from __future__ import annotations

import time

import pytest

from causal_core.errors import GraphError
from causal_core.graphs.graph import CausalGraph
from causal_core.identification.adjustment import adjusts
from causal_core.identification.minimal import minimal_adjustment_sets, smallest_adjustment_set
from tests.graphs import published

# For the exposure and outcome of DAGitty's examples, as published; of Shrier & Platt's graph the
# number of sets is, and which they are was worked out here.
LISTED = {
    "M-bias": (published.M_BIAS, "E", "D", [""]),
    "extended triangle": (published.TRIANGLE, "E", "D", ["A Z", "B Z"]),
    "Schipf": (published.SCHIPF, "TT", "T2DM", ["A S U WC", "PA S U WC"]),
    "Acid": (published.ACID, "x3", "x15", ["x1", "x4"]),
    "van Kampen": (published.VAN_KAMPEN, "SUS", "EGC", ["AIS ALN"]),
    "Shrier & Platt": (
        published.SHRIER,
        "WarmUpExercises",
        "Injury",
        [
            "Coach FitnessLevel",
            "Coach PreGameProprioception",
            "ConnectiveTissueDisorder NeuromuscularFatigue",
            "FitnessLevel Genetics",
            "FitnessLevel TeamMotivation",
            "NeuromuscularFatigue TissueWeakness",
            "PreGameProprioception TeamMotivation",
        ],
    ),
}


@pytest.mark.parametrize("name", LISTED)
def test_published_sets(name: str) -> None:
    graph, x, y, expected = LISTED[name]
    found = minimal_adjustment_sets(graph, x, y)
    assert found.complete
    assert sorted(" ".join(sorted(some)) for some in found.sets) == expected
    assert len(smallest_adjustment_set(graph, x, y) or ()) == len(expected[0].split())


def test_small_sets_come_first() -> None:
    graph = CausalGraph.parse("x <- a -> {b c d} {b c d} -> y x -> y")
    found = minimal_adjustment_sets(graph, "x", "y")
    assert [sorted(some) for some in found.sets] == [["a"], ["b", "c", "d"]]


def test_sets_with_names_forced_in_and_kept_out() -> None:
    found = minimal_adjustment_sets(published.ACID, "x3", "x15", forced="x2", forbidden="x1")
    assert [sorted(some) for some in found.sets] == [["x2", "x4"]]
    collider = CausalGraph.parse("x <- a -> m <- b -> y x -> y")
    found = minimal_adjustment_sets(collider, "x", "y", forced="m")
    assert [sorted(some) for some in found.sets] == [["a", "m"], ["b", "m"]]
    assert minimal_adjustment_sets(published.MEDIATOR, "X", "Y", forced="I").sets == ()
    assert minimal_adjustment_sets(published.MEDIATOR, "X", "Y", forbidden="Z").sets == ()
    with pytest.raises(GraphError, match="no node “Q”"):
        minimal_adjustment_sets(published.MEDIATOR, "X", "Y", forbidden="Q")


def test_several_causes_and_outcomes() -> None:
    """Two treatments over time: the second one's cause is an effect of the first (Robins)."""
    graph = CausalGraph.parse("a1 -> {l a2 y} l -> a2 -> y u [latent] u -> {l y}")
    assert minimal_adjustment_sets(graph, ("a1", "a2"), "y").sets == ()
    assert minimal_adjustment_sets(graph, "a2", "y").sets == (frozenset({"a1", "l"}),)
    unconfounded = CausalGraph.parse("a1 -> {l a2 y} l -> a2 -> y")
    assert minimal_adjustment_sets(unconfounded, ("a1", "a2"), "y").sets == (frozenset(),)
    two = CausalGraph.parse("x <- z -> y1 y1 <- x -> y2 y2 <- w -> x")
    assert minimal_adjustment_sets(two, "x", ("y1", "y2")).sets == (frozenset({"w", "z"}),)


def test_selected_rows_are_given_in_every_set() -> None:
    graph = CausalGraph.parse("dag { s [selected] x -> y; x -> s; w -> s; w -> y }")
    assert minimal_adjustment_sets(graph, "x", "y").sets == (frozenset("w"),)
    assert minimal_adjustment_sets(published.DIDELEZ, "HRT", "TCI").sets == ()


def test_more_sets_than_asked_for() -> None:
    """Twelve ways of three steps side by side have 2 ** 12 minimal sets."""
    arrows = [a for i in range(12) for a in ((f"b{i}", "x"), (f"b{i}", f"a{i}"), (f"a{i}", "y"))]
    graph = CausalGraph.from_edges([("x", "y"), *arrows])
    found = minimal_adjustment_sets(graph, "x", "y", most=50)
    assert (len(found.sets), found.complete) == (50, False)
    assert all(adjusts(graph, "x", "y", some) for some in found.sets)
    assert minimal_adjustment_sets(graph, "x", "y", most=2**12, seconds=60).complete


def test_a_listing_ends_in_time() -> None:
    arrows = [a for i in range(60) for a in ((f"b{i}", "x"), (f"b{i}", f"a{i}"), (f"a{i}", "y"))]
    graph = CausalGraph.from_edges([("x", "y"), *arrows])
    start = time.monotonic()
    found = minimal_adjustment_sets(graph, "x", "y", most=10**9, seconds=0.2)
    assert not found.complete
    assert found.sets
    assert time.monotonic() - start < 5  # a loaded machine may be slow, but this is no hang


def test_questions_that_make_no_sense_are_refused() -> None:
    graph = CausalGraph.parse("dag { s [selected] x -> y -> s }")
    for causes, outcomes, words in (
        ((), "y", "missing"),
        ("x", ("x", "y"), "same"),
        ("s", "y", "decided which rows"),
    ):
        with pytest.raises(GraphError, match=words):
            minimal_adjustment_sets(graph, causes, outcomes)
