"""What is said of the variables that are held, as on DAGitty's examples."""

from __future__ import annotations

import pytest

from benchmarks.adjustment import world
from causal_core.errors import GraphError
from causal_core.graphs.graph import CausalGraph
from causal_core.identification.adjustment import adjusts
from causal_core.identification.adjustment_status import AdjustmentStatus as Status
from causal_core.identification.judgement import AdjustmentJudgement, judge
from causal_core.identification.minimal import minimal_adjustment_sets
from causal_core.identification.optimal import optimal_set
from tests.graphs import published


def judged(text: str, adjusted: str = "") -> AdjustmentJudgement:
    return judge(CausalGraph.parse(text), "x", "y", adjusted.split())


SAID = [
    # graph, what is held, status, sentence, advice
    (
        "x <- z -> y x -> y",
        "z",
        Status.CORRECT,
        "Right: with “z” held, only the effect itself is left.",
        "",
    ),
    (
        "x -> y",
        "",
        Status.CORRECT,
        "Right: nothing needs to be held, since only the effect joins the two.",
        "",
    ),
    (
        "x <- z -> y",
        "z",
        Status.CORRECT,
        "Right: no arrows lead from “x” to the outcome, and no other path is open.",
        "",
    ),
    (
        "x <- z -> y x -> y",
        "",
        Status.BIASED,
        "One path is open that is not the effect: x ← z → y.",
        "Hold also “z”.",
    ),
    (
        "x <- a -> m <- b -> y x -> y",
        "m",
        Status.COLLIDER,
        "Holding “m” opens x ← a → m ← b → y.",
        "Hold also “a”.",
    ),
    (
        "x <-> m <-> y x -> y",
        "m",
        Status.COLLIDER,
        "Holding “m” opens x ↔ m ↔ y.",
        "Leave out “m”.",
    ),
    (
        "x -> m -> y x <- z -> y",
        "m",
        Status.OVERCONTROL,
        "Holding “m” takes away part of what “x” does to “y”.",
        "Leave out “m” and hold “z”.",
    ),
    (
        "x -> m -> y m -> d",
        "d",
        Status.OVERCONTROL,
        "Holding “d” takes away part of what “x” does to “y”.",
        "Leave out “d”.",
    ),
    (
        "x -> y -> c",
        "c",
        Status.AFTER,
        "Holding “c” biases the answer, as holding any effect of “y” does.",
        "Leave out “c”.",
    ),
    (
        "x -> y",
        "y",
        Status.ASKED,
        "What is asked about cannot be held as well: “y”.",
        "Leave out “y”.",
    ),
    (
        "u [latent] u -> {x y} x -> y",
        "u",
        Status.UNMEASURED,
        "What is unmeasured cannot be held: “u”.",
        "No set of measured variables gives this effect by being held.",
    ),
    (
        "s [selected] x -> s <- w -> y x -> y",
        "",
        Status.SELECTION,
        "The rows were chosen by “s”, which opens x → s ← w → y.",
        "Hold also “w”.",
    ),
    (
        "s [selected] x -> y -> s",
        "",
        Status.SELECTION,
        "The rows were chosen by “s”, which the effect itself changes.",
        "No set of measured variables gives this effect by being held.",
    ),
    (
        "s [selected] w -> {s y} x -> y",
        "w",
        Status.CORRECT,
        "Right: with “w” held, only the effect itself is left; “s” chose the rows, "
        "so it is the effect among rows like these.",
        "",
    ),
    (
        "s [selected] x -> {s y}",
        "",
        Status.CORRECT,
        "Right: nothing needs to be held, since only the effect joins the two; that “s” chose "
        "the rows does no harm.",
        "",
    ),
]


@pytest.mark.parametrize(("text", "held", "status", "sentence", "advice"), SAID)
def test_what_is_said(text: str, held: str, status: Status, sentence: str, advice: str) -> None:
    found = judged(text, held)
    assert (found.status, found.sentence, found.advice) == (status, sentence, advice)
    assert found.correct == (status is Status.CORRECT)


def test_what_can_be_added_keeps_what_is_held() -> None:
    found = judge(published.SCHIPF, "TT", "T2DM", ("S", "U"))
    assert found.could_add == (frozenset({"A", "WC"}), frozenset({"WC", "PA"}))
    assert found.instead == ()
    assert judge(published.SCHIPF, "TT", "T2DM", ("S", "U", "WC", "PA")).correct


def test_what_may_never_be_held_goes_and_the_rest_stays() -> None:
    found = judge(published.MEDIATOR, "X", "Y", ("I",))
    assert found.forbidden == {"I"}
    assert found.instead == (frozenset({"Z"}),)
    assert [path.text for path in found.causal if not path.open] == ["X → I → Y"]


def test_what_does_no_harm_is_kept() -> None:
    found = judged("x -> k -> y p -> y q -> y x <- z -> y", "k p q")
    assert found.instead == (frozenset({"p", "q", "z"}),)
    assert found.advice == "Leave out “k” and hold “z”."


def test_many_open_paths_are_counted_and_a_few_named() -> None:
    found = judge(published.SCHIPF, "TT", "T2DM", ())
    assert found.sentence.startswith("32 paths are open that are not the effect: TT ← S → T2DM, ")
    assert found.sentence.endswith(" and 29 more.")
    few = judge(published.SCHIPF, "TT", "T2DM", (), most=5)
    assert few.sentence.startswith("At least 5 paths are open")
    assert not few.all_paths


def test_rows_selected_by_the_outcome_as_didelez_draws_it() -> None:
    """Didelez, Kreiner & Keiding (2010): the table holds cases and controls."""
    graph = published.DIDELEZ
    found = judge(graph, "HRT", "TCI", graph.adjusted)
    assert found.status is Status.SELECTION
    assert found.could_add == found.instead == ()


def test_unknown_names_are_refused() -> None:
    with pytest.raises(GraphError, match="no node “q”"):
        judged("x -> y", "q")


@pytest.mark.parametrize("seed", [2, 8, 30])
def test_two_hundred_nodes_are_answered(seed: int) -> None:
    graph, x, y, held = world(200, seed)
    found = judge(graph, x, y, held)
    sets = minimal_adjustment_sets(graph, x, y).sets
    assert bool(sets) == (seed != 30)  # there an unmeasured node confounds the two
    assert all(judge(graph, x, y, some).correct for some in sets)
    best = optimal_set(graph, x, y)
    assert best is None or judge(graph, x, y, best).correct
    assert found.correct == adjusts(graph, x, y, held)
