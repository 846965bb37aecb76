"""Sensitivity: the published Darfur numbers, and the algebra of omitted variables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_core.errors import EstimationError, QuestionError
from causal_core.estimation.robustness import Robustness, robustness, robustness_value
from causal_core.tables.examples import EXAMPLES
from causal_core.tables.shelf.darfur import LIFE
from causal_core.tables.table import Table


@pytest.fixture(scope="module")
def darfur() -> Robustness:
    table = EXAMPLES["darfur"].table()
    held = ("village", "age", "sex", *LIFE)
    values = ("no", "yes")
    return robustness(table, "harmed", "wants peace", held, values=values, benchmarks=["sex"])


class TestDarfur:
    """Cinelli & Hazlett (2020), section 5 and table 1; digits as in their package."""

    def test_the_regression(self, darfur: Robustness) -> None:
        assert darfur.estimate == pytest.approx(0.09731582, abs=1e-8)
        assert darfur.error == pytest.approx(0.02325654, abs=1e-8)
        assert darfur.freedom == 783
        assert darfur.t == pytest.approx(4.184, abs=5e-4)

    def test_robustness(self, darfur: Robustness) -> None:
        assert darfur.partial_r2 == pytest.approx(0.02187, abs=5e-6)
        assert darfur.value == pytest.approx(0.13878, abs=5e-6)
        assert darfur.significance == pytest.approx(0.07626, abs=5e-6)
        assert "13.9 %" in darfur.sentence
        told = "“sex” would explain 0.9 % and 12.5 % and leave +0.0752 index points"
        assert told in darfur.sentence

    def test_benchmarks(self, darfur: Robustness) -> None:
        told = [(b.multiple, b.r2_treatment, b.r2_outcome, b.estimate) for b in darfur.benchmarks]
        published = [
            (1, 0.00916, 0.12464, 0.0752),
            (2, 0.01832, 0.24928, 0.0529),
            (3, 0.02749, 0.37396, 0.0304),
        ]
        for found, known in zip(told, published, strict=True):
            assert found == pytest.approx(known, abs=1e-4)

    def test_an_adjusted_estimate(self, darfur: Robustness) -> None:
        """The package's manual: R² of 0.05 with both leaves 0.06393."""
        assert float(darfur.adjusted_estimate(0.05, 0.05)) == pytest.approx(0.06393, abs=5e-6)

    def test_the_contour_holds_it_all(self, darfur: Robustness) -> None:
        grid = darfur.contour()
        assert grid.estimates.shape == (len(grid.r2_outcome), len(grid.r2_treatment))
        assert grid.estimates[0] == pytest.approx(darfur.estimate)
        assert grid.r2_treatment[-1] > darfur.value
        assert grid.r2_outcome[-1] > max(b.r2_outcome for b in darfur.benchmarks)
        assert (np.diff(grid.estimates, axis=0)[:, 1:] < 0).all()


def world(seed: int, rows: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    a, u = rng.normal(size=(2, rows))
    c = rng.choice(["k", "l", "m"], rows)
    d = a + rng.normal() * u + (c == "l") + rng.normal(size=rows)
    y = rng.normal() * d + rng.normal() * u - a + rng.normal(size=rows)
    return pd.DataFrame({"a": a, "u": u, "c": c, "d": d, "y": y})


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_the_bias_is_what_leaving_a_column_out_does(seed: int) -> None:
    """Leave “u” out and put it back by its partial R² alone: the same estimate, to rounding."""
    table = Table.from_frame(world(seed))
    short = robustness(table, "d", "y", ["a", "c"])
    long = robustness(table, "d", "y", ["a", "c", "u"])
    with_d = robustness(table, "u", "d", ["a", "c"]).partial_r2
    with_y = robustness(table, "u", "y", ["a", "c", "d"]).partial_r2
    adjusted = float(short.adjusted_estimate(with_d, with_y))
    # The formula is the bias's size; it takes the direction that weakens the estimate.
    mirrored = 2 * short.estimate - adjusted
    assert min(abs(adjusted - long.estimate), abs(mirrored - long.estimate)) < 1e-8


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_a_cause_of_the_robustness_value_leaves_nothing(seed: int) -> None:
    found = robustness(Table.from_frame(world(seed)), "d", "y", ["a"])
    assert float(found.adjusted_estimate(found.value, found.value)) == pytest.approx(0, abs=1e-10)
    assert 0 <= found.significance <= found.value < 1


def test_absorbing_a_wide_column_is_the_same_as_its_indicators() -> None:
    frame = world(3, 400)
    frame["wide"] = [f"v{i % 30}" for i in range(400)]
    absorbed = robustness(Table.from_frame(frame), "d", "y", ["a", "wide"])
    dummies = pd.get_dummies(frame["wide"], drop_first=True, dtype=int)
    spelled = Table.from_frame(frame.drop(columns="wide").join(dummies))
    written = robustness(spelled, "d", "y", ["a", *dummies.columns])
    assert absorbed.estimate == pytest.approx(written.estimate, abs=1e-10)
    assert absorbed.error == pytest.approx(written.error, abs=1e-10)
    assert absorbed.freedom == written.freedom


def test_values_and_levels_scale_the_contrast() -> None:
    table = Table.from_frame(world(1))
    one = robustness(table, "d", "y", ["a"])
    three = robustness(table, "d", "y", ["a"], values=(1, -2))
    assert three.estimate == pytest.approx(-3 * one.estimate)
    assert three.value == pytest.approx(one.value)
    chance = robustness(table, "d", "c", ["a"], level="l")
    assert chance.unit == "probability"
    pair = robustness(table, "c", "y", ["a"], values=("k", "m"))
    assert pair.freedom == int((world(1)["c"] != "l").sum()) - 3


def test_a_strong_effect_keeps_its_robustness_below_one() -> None:
    assert robustness_value(1000.0, 10, 0.05) < 1
    assert robustness_value(0.1, 100, 0.05) == 0


def test_what_cannot_be_regressed_is_refused() -> None:
    frame = world(2)
    frame["copy"] = 2 * frame["d"] + 1
    table = Table.from_frame(frame)
    with pytest.raises(EstimationError, match="no variation in “d”"):
        robustness(table, "d", "y", ["copy"])
    with pytest.raises(QuestionError, match="not held fixed"):
        robustness(table, "d", "y", ["a"], benchmarks=["u"])
    with pytest.raises(EstimationError, match="too few rows"):
        robustness(Table.from_frame(frame.head(4)), "d", "y", ["a", "u"])
