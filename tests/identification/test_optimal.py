"""The most precise set: examples of the papers' claims, exact variances of linear models."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from causal_core.graphs.graph import CausalGraph
from causal_core.identification.optimal import optimal, optimal_set
from tests.identification import laws
from tests.identification.brute import Question, questions
from tests.identification.linear import Linear


@pytest.mark.parametrize(
    ("text", "x", "y", "expected"),
    [
        # Smucler, Sapienza & Rotnitzky (2022), figure 4; A there is X here.
        ("X -> Y T -> {W1 Y} W1 -> X W2 -> {W1 Y} W3 -> {W1 Y} W4 -> Y", "X", "Y", "T W2 W3 W4"),
        # Their figure 5: with U unmeasured no set is best whatever the arrows' strengths.
        ("X -> Y Z1 -> {X Z2} U [latent] U -> {Z2 Y}", "X", "Y", None),
        # What causes the outcome helps, what causes the treatment alone harms (Henckel, Perković
        # & Maathuis 2022).
        ("x -> y w -> y v -> x", "x", "y", "w"),
        # The nearer to the outcome, the better (the same), mediators' parents too.
        ("x <- a -> b -> y x -> m -> y n -> m", "x", "y", "b n"),
        ("x -> m -> y x <- z -> m", "x", "y", "z"),
        ("x <-> y x -> y", "x", "y", None),
        ("x <- z -> y", "x", "y", None),
        # Runge (2021): what is joined to the outcome by `<->` alone predicts it too.
        ("x -> y c <-> y d -> c", "x", "y", "c d"),
    ],
)
def test_known_sets(text: str, x: str, y: str, expected: str | None) -> None:
    found = optimal_set(CausalGraph.parse(text), x, y)
    assert found == (None if expected is None else frozenset(expected.split()))


def test_the_reason_where_there_is_none() -> None:
    for text, words in (
        ("x <- z -> y", "No arrows lead"),
        ("x <-> y x -> y", "No set of measured variables"),
        ("x -> y a -> {x b} u [latent] u -> {b y}", "The graph alone does not tell"),
    ):
        assert words in optimal(CausalGraph.parse(text), "x", "y").reason
    assert optimal(CausalGraph.parse("x -> y"), "x", "y").reason == ""


@settings(max_examples=150)
@given(questions(), st.integers(0, 99))
def test_no_adjustment_set_is_more_precise(question: Question, seed: int) -> None:
    assume(len(question.outcomes) == 1)
    laws.precision(question, seed)


def test_where_there_is_no_best_set_the_strengths_decide() -> None:
    """Figure 5 of Smucler, Sapienza & Rotnitzky: no one set wins in all of these models."""
    graph = CausalGraph.parse("X -> Y Z1 -> {X Z2} U [latent] U -> {Z2 Y}")
    question = Question(graph, frozenset("X"), frozenset("Y"))
    winners = set()
    for seed in range(40):
        model = Linear(question, seed)
        winners.add(min(question.adjusting, key=lambda chosen: model.slopes(chosen)[1][0]))
    assert len(winners) > 1
