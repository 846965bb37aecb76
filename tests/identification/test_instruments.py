"""Instruments: the textbook, and that they give the effect exactly in linear models."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_core.graphs.graph import CausalGraph
from causal_core.identification.instruments import instruments
from tests.identification.brute import Question, questions
from tests.identification.linear import Linear


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("z -> x -> y x <-> y", ["z"]),
        ("z -> x -> y x <-> y z -> y", []),
        ("z -> x -> y x <-> y z <-> y", []),
        ("z <-> x -> y x <-> y", ["z"]),
        ("z -> x -> m -> y x <-> y", ["z"]),
        # Conditional instruments (van der Zander, Textor & Liśkiewicz 2015).
        ("w -> {z y} z -> x -> y x <-> y", ["z | w"]),
        # The one that is held would itself open a way: z <-> w <-> y.
        ("z <-> w <-> y z -> x -> y x <-> y w -> x", ["z"]),
        # Of the sets {w} and {b} that cut z off from y, only the one nearer to y leaves it joined
        # to x.
        ("w -> {z x b} b -> y x -> y x <-> y", ["w | b", "z | b"]),
        # A proxy of an unmeasured instrument.
        ("u [latent] u -> {z x} x -> y x <-> y", ["z"]),
        ("x -> y", []),
        ("z -> x -> y x <-> y x -> d", ["z"]),
        ("z -> x -> y x <-> y dag_s [selected] y -> dag_s", []),
    ],
)
def test_textbook_instruments(text: str, expected: list[str]) -> None:
    found = instruments(CausalGraph.parse(text), "x", "y")
    assert [str(one) for one in found] == expected


@settings(max_examples=150)
@given(questions(single=True), st.integers(0, 99))
def test_an_instrument_gives_the_effect_of_a_linear_model(question: Question, seed: int) -> None:
    (x,), (y,) = question.causes, question.outcomes
    model = Linear(question, seed)
    for one in instruments(question.graph, x, y):
        joint = model.given([one.name, x, y], one.given)
        # Coefficients are drawn from a continuous law: no relevant covariance is near nought.
        np.testing.assert_allclose(joint[0, 2] / joint[0, 1], model.effects()[0], atol=1e-6)
