"""Numeric treatments: slopes, bends, and errors that are what regression gives."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from causal_core.errors import EstimationError
from causal_core.estimation.contrast import contrast
from causal_core.estimation.partially_linear import natural_spline, partially_linear
from causal_core.estimation.result import Estimate
from causal_core.tables.table import Table


def world(rows: int, seed: int, effect: str) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    z = rng.normal(size=rows)
    x = np.sin(2 * z) + 0.5 * z + rng.normal(size=rows)
    bent = {"line": 0.7 * x, "wave": np.sin(x)}[effect]
    return {"x": x, "z": z, "y": bent + z**2 + np.sin(2 * z) + rng.normal(size=rows)}


def asked(data: dict[str, np.ndarray], values: tuple[float, float], held: str = "z") -> Estimate:
    table = Table.from_frame(pd.DataFrame(data))
    return partially_linear(contrast(table, "x", "y", values, None), frozenset(held))


def test_a_slope_amid_curved_confounding() -> None:
    found = asked(world(1200, 0, "line"), (1, 3))
    assert abs(found.value - 1.4) < 3 * found.error
    assert found.error < 0.1
    assert any("straight line" in note for note in found.notes)
    low, high = found.arms
    assert high.mean - low.mean == pytest.approx(found.value, abs=0.03)


def test_an_effect_that_bends() -> None:
    found = asked(world(2500, 1, "wave"), (-1.5, 1.5))
    assert abs(found.value - 2 * np.sin(1.5)) < 3.5 * found.error
    assert any("smooth curve" in note for note in found.notes)


def test_a_count_of_three_values_bends_once() -> None:
    rng = np.random.default_rng(6)
    z = rng.normal(size=600)
    x = np.clip(np.rint(1 + 0.5 * z + rng.normal(size=600)), 0, 2)
    y = np.array([0.0, 3.0, 1.0])[x.astype(int)] + z + rng.normal(size=600)
    found = asked({"x": x, "z": z, "y": y}, (1, 2))
    assert abs(found.value + 2) < 3 * found.error


def test_nothing_to_adjust_for_is_least_squares() -> None:
    data = world(250, 2, "line")
    found = asked(data, (0, 1), held="")
    plain = sm.OLS(data["y"], sm.add_constant(data["x"])).fit(cov_type="HC0")
    # The means are taken from folds that leave the row out: a small part of the error.
    assert found.value == pytest.approx(plain.params[1], abs=0.15 * plain.bse[1])
    assert found.error == pytest.approx(plain.bse[1], rel=0.03)


def test_the_spline_is_straight_beyond_its_knots_and_smooth_between() -> None:
    knots = np.array([0.0, 1.0, 2.5, 4.0])
    at = np.array([-3.0, -2.0, -1.0, 5.0, 6.0, 7.0])
    basis = natural_spline(at, knots)
    assert basis.shape == (6, 3)
    assert np.diff(basis[:3], 2, axis=0) == pytest.approx(np.zeros((1, 3)), abs=1e-9)
    assert np.diff(basis[3:], 2, axis=0) == pytest.approx(np.zeros((1, 3)), abs=1e-9)
    near = natural_spline(np.array([1 - 1e-6, 1 + 1e-6]), knots)
    assert near[0] == pytest.approx(near[1], abs=1e-5)


def test_what_lies_beyond_the_rows_is_told() -> None:
    found = asked(world(200, 3, "line"), (0, 40))
    assert any("beyond" in note for note in found.notes)


def test_the_ends_of_rows_far_from_zero_are_told_apart() -> None:
    data, far = world(200, 3, "line"), 1_700_000_000
    data["x"] += far
    (note,) = (n for n in asked(data, (far, far + 40)).notes if "beyond" in n)
    begin, end = (float(word) - far for word in re.findall(r"\d{6}[\d.]+\d", note))
    ends = data["x"].min() - far, data["x"].max() - far
    assert (begin, end) == pytest.approx(ends, abs=0.1)


def test_what_cannot_be_told_is_refused() -> None:
    data = world(200, 4, "line")
    data["x"] = 2 * data["z"]
    with pytest.raises(EstimationError, match="leaves no difference"):
        asked(data, (0, 1))
    with pytest.raises(EstimationError, match="Only 15 rows"):
        asked({name: column[:15] for name, column in data.items()}, (0, 1))
