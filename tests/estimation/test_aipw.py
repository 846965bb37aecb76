"""Doubly robust estimates: right when either regression is, and honest about overlap."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from causal_core.errors import EstimationError
from causal_core.estimation.aipw import Nuisances, aipw
from causal_core.estimation.contrast import contrast
from causal_core.estimation.learners import Learner, Predict
from causal_core.tables.table import Table
from tests.estimation.worlds import chance, curved

Fit = Callable[[np.ndarray, np.ndarray], Predict]
ALL = frozenset({"z1", "z2", "z3"})


def wrong(features: np.ndarray, target: np.ndarray) -> Predict:
    """The mean, whatever the features say."""
    return lambda others: np.full(len(others), target.mean())


def right(features: np.ndarray, target: np.ndarray) -> Predict:
    """Least squares on the terms that `curved` makes an outcome of."""
    weights = np.linalg.lstsq(_terms(features), target, rcond=None)[0]
    return lambda others: _terms(others) @ weights


def _terms(z: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones(len(z)), np.sin(2 * z[:, 0]), z[:, 1], z[:, 1] ** 2, z[:, 2]])


def true_chance(features: np.ndarray, target: np.ndarray) -> Predict:
    """The chances that `curved` draws the treatment by."""
    return lambda z: chance(0.8 * np.sin(2 * z[:, 0]) + 0.6 * z[:, 1])


@pytest.mark.parametrize(
    ("outcome", "treated"), [(right, wrong), (wrong, true_chance), (right, true_chance)]
)
def test_either_regression_may_be_wrong(outcome: Fit, treated: Fit) -> None:
    table, truth = curved(4000, seed=3)
    asked = contrast(table, "x", "y", (0, 1), None)
    learners = Nuisances((Learner(outcome, np.asarray),), (Learner(treated, np.asarray),))
    found = aipw(asked, ALL, nuisances=learners)
    assert abs(found.value - truth) < 3 * found.error
    both = aipw(asked, ALL, nuisances=Nuisances((Learner(wrong),), (Learner(wrong),)))
    assert abs(both.value - truth) > 5 * found.error  # the world does need one of them


def test_the_default_finds_the_curves_itself() -> None:
    table, truth = curved(1500, seed=5)
    found = aipw(contrast(table, "x", "y", (0, 1), None), ALL)
    assert abs(found.value - truth) < 3 * found.error
    assert found.error < 0.12
    low, high = found.arms
    assert high.mean - low.mean == pytest.approx(found.value, abs=0.02)
    back = aipw(contrast(table, "x", "y", (1, 0), None), ALL)
    assert back.value == pytest.approx(-found.value, abs=0.02)


def test_a_randomised_treatment_is_a_difference_of_means() -> None:
    rng = np.random.default_rng(0)
    x = np.repeat([0, 1], [300, 100])
    y = rng.normal(10, 2, 400) + 3 * x
    table = Table.from_frame(pd.DataFrame({"x": x, "y": y}))
    found = aipw(contrast(table, "x", "y", (0, 1), None), frozenset())
    plain = y[x == 1].mean() - y[x == 0].mean()
    error = (y[x == 1].var(ddof=1) / 100 + y[x == 0].var(ddof=1) / 300) ** 0.5
    assert found.value == pytest.approx(plain, abs=0.1 * error)
    assert found.error == pytest.approx(error, rel=0.03)


def test_one_of_several_levels_and_one_of_several_outcomes() -> None:
    rng = np.random.default_rng(1)
    z = rng.normal(size=1500)
    levels = np.array(["a", "b", "c"])
    odds = np.exp(np.column_stack([np.zeros(1500), 0.7 * z, -0.5 * z]))
    share = (odds / odds.sum(axis=1, keepdims=True)).cumsum(axis=1)
    code = (rng.random(1500)[:, None] > share).sum(axis=1)
    good = rng.random(1500) < chance(z + np.array([0.0, 1.0, -1.0])[code])
    y = np.where(good, "good", np.where(rng.random(1500) < 0.5, "bad", "fair"))
    table = Table.from_frame(pd.DataFrame({"x": levels[code], "y": y, "z": z}))
    found = aipw(contrast(table, "x", "y", ("a", "b"), "good"), frozenset({"z"}))
    many = np.random.default_rng(2).normal(size=500_000)
    truth = chance(many + 1).mean() - chance(many).mean()
    assert abs(found.value - truth) < 3 * found.error
    assert found.unit == "probability"
    assert found.overlap is not None
    assert found.overlap.propensities.shape == (1500, 2)


def test_overlap_is_told_and_weights_balance() -> None:
    table, _ = curved(900, seed=6)
    found = aipw(contrast(table, "x", "y", (0, 1), None), ALL)
    assert found.overlap is not None
    assert found.overlap.share > 0.95
    assert (np.abs(found.overlap.balance["after"]) < 0.1).all()
    assert np.abs(found.overlap.balance["before"]).max() > 0.3
    x = table["x"].astype(int).to_numpy()
    z = table["z2"].to_numpy()
    apart = z[x == 1].mean() - z[x == 0].mean()
    pooled = ((z[x == 1].var() + z[x == 0].var()) / 2) ** 0.5
    assert found.overlap.balance.loc["z2", "before"] == pytest.approx(apart / pooled)
    assert 0 < found.overlap.effective[0] <= (x == 0).sum()
    assert found.overlap.propensities.sum(axis=1) == pytest.approx(np.ones(900))


def test_rows_without_counterpart_are_left_out_and_it_is_said() -> None:
    rng = np.random.default_rng(7)
    z = rng.uniform(-1, 3, 3000)
    x = rng.random(3000) < np.where(z > 1, 0.001, 0.5)
    y = np.where(z > 1, 20 * (z - 1), 0.0) + 2 * x + rng.normal(size=3000)
    table = Table.from_frame(pd.DataFrame({"x": x.astype(int), "y": y, "z": z}))
    found = aipw(contrast(table, "x", "y", (0, 1), None), frozenset({"z"}))
    assert found.value == pytest.approx(2, abs=4 * found.error)
    assert found.rows < 1700
    assert any("not among everyone" in note for note in found.notes)
    assert found.overlap is not None
    assert found.overlap.share == pytest.approx(0.5, abs=0.06)


def test_rows_with_missing_cells_are_left_out_and_counted() -> None:
    table, truth = curved(900, seed=8)
    frame = table.frame
    frame.loc[:199, "z1"] = np.nan
    found = aipw(contrast(Table.from_frame(frame), "x", "y", (0, 1), None), ALL)
    assert found.rows == 700
    assert abs(found.value - truth) < 3.5 * found.error
    assert any("200 of 900 rows" in note for note in found.notes)


def test_too_few_rows_are_refused() -> None:
    frame = pd.DataFrame({"x": [1] * 4 + [0] * 40, "y": np.arange(44.0) / 7})
    with pytest.raises(EstimationError, match="Only 4 rows"):
        aipw(contrast(Table.from_frame(frame), "x", "y", (0, 1), None), frozenset())
    frame["z"] = np.nan
    frame["z"] = frame["z"].astype(float)
    with pytest.raises(EstimationError, match="No row has all"):
        aipw(contrast(Table.from_frame(frame), "x", "y", (0, 1), None), frozenset({"z"}))


def test_the_same_seed_gives_the_same_number() -> None:
    table, _ = curved(120, seed=9)
    asked = contrast(table, "x", "y", (0, 1), None)
    assert aipw(asked, ALL, 4).value == aipw(asked, ALL, 4).value != aipw(asked, ALL, 5).value
