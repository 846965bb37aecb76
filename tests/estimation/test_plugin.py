"""Formulas with the rows' frequencies put in."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from causal_core.errors import EstimationError
from causal_core.estimation.contrast import contrast
from causal_core.estimation.estimate import Estimate, Method, opinion
from causal_core.estimation.plugin import plugin
from causal_core.graphs.graph import CausalGraph
from causal_core.identification.identify import identify
from causal_core.tables.table import Table
from tests.estimation.worlds import NAPKIN, NAPKIN_MEANS, napkin

FORK = CausalGraph.parse("dag { z -> {x y}; x -> y }")


def asked(columns: dict[str, np.ndarray], values: tuple[float, float] = (0, 1)) -> Estimate:
    table = Table.from_frame(pd.DataFrame(columns))
    estimand = identify(FORK, "x", "y").estimand
    assert estimand is not None
    return plugin(contrast(table, "x", "y", values, None), estimand)


def test_the_napkin() -> None:
    found = opinion(napkin(8000, 0), NAPKIN, "x", "y")
    assert found.method is Method.PLUGIN
    for arm, truth in zip(found.arms, NAPKIN_MEANS, strict=True):
        assert abs(arm.mean - truth) < 3 * arm.error
    assert abs(found.value - 0.4) < 3 * found.error
    assert 0.005 < found.error < 0.05


def test_a_fork_is_standardised_exactly() -> None:
    """The outcome is not cut, so its mean is that of the cells, weighted by z."""
    rng = np.random.default_rng(1)
    z = rng.integers(0, 3, 600)
    x = (rng.random(600) < 0.2 + 0.2 * z).astype(int)
    y = 3 * x + z**2 + rng.normal(size=600)
    frame = pd.DataFrame({"x": x, "y": y, "z": z})
    cells = frame.groupby(["x", "z"])["y"].mean()
    shares = frame["z"].value_counts(normalize=True)
    by_hand = sum(shares[k] * (cells[1, k] - cells[0, k]) for k in range(3))
    found = asked({"x": x, "y": y, "z": z})
    assert found.value == pytest.approx(by_hand, abs=1e-9)
    assert abs(found.value - 3) < 3 * found.error


def test_numbers_are_cut_and_it_is_said() -> None:
    rng = np.random.default_rng(2)
    z = rng.normal(size=2000)
    x = z + rng.normal(size=2000)
    y = x + z + 0.1 * rng.normal(size=2000)
    found = asked({"x": x, "y": y, "z": z}, (-2, 2))
    assert any("cut at its quartiles" in note for note in found.notes)
    assert found.value > 1
    with pytest.raises(EstimationError, match="one quarter"):
        asked({"x": x, "y": y, "z": z}, (2, 2.1))


def test_combinations_that_never_occur_are_smoothed_and_it_is_said() -> None:
    z = np.repeat([0, 1], [30, 170])
    x = np.concatenate([np.zeros(30), np.resize([0, 1], 170)]).astype(int)
    y = x + np.resize([0.0, 0.2, -0.2], 200)
    found = asked({"x": x, "y": y, "z": z})
    assert any("never occur" in note for note in found.notes)
    assert found.value == pytest.approx(1, abs=0.3)
