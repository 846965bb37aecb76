"""Columns far from zero (times, coordinates) are answered as if they lay near it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from causal_core import CausalGraph, answer, fit, fit_association
from causal_core.association.model import AssociationModel
from causal_core.errors import ModelError
from causal_core.queries.questions import Effect
from causal_core.scm.interventions import Shift, Stochastic
from causal_core.scm.model import StructuralCausalModel
from causal_core.tables.table import Table

FAR = 1e9  # where float32 tells no two numbers apart that lie closer than 64
GRAPH = CausalGraph.parse("x -> y; c -> y; y -> b")
Fits = tuple[Table, StructuralCausalModel, AssociationModel]


def made(far: float) -> Fits:
    """The same rows, `far` from zero, with two epochs of nets."""
    rng = np.random.default_rng(0)
    x, c = rng.normal(size=3000), rng.poisson(4, 3000)
    y = np.sin(2 * x) * (1 + 0.1 * c) + 0.3 * rng.standard_gamma(2, 3000)
    frame = pd.DataFrame({"x": x + far, "c": c + int(far), "y": y + far})
    frame["b"] = rng.random(3000) < 1 / (1 + np.exp(-2 * y))
    table = Table.from_frame(frame, kinds={"c": "integer"})
    model = fit(table, GRAPH, seed=0, members=3, max_epochs=2)
    return table, model, fit_association(table, seed=0, members=3, max_epochs=1)


@pytest.fixture(scope="module")
def near() -> Fits:
    return made(0.0)


@pytest.fixture(scope="module")
def far() -> Fits:
    return made(FAR)


def test_doing_is_the_same(near: Fits, far: Fits) -> None:
    """Rounding moves a trained net by thousandths; what float32 leaves of `x` is nothing."""
    effects = [
        answer(model, Effect(treatment="x", outcome="y", values=(at - 0.8, at + 0.8))).value
        for at, (_, model, _) in ((0.0, near), (FAR, far))
    ]
    assert effects[1] == pytest.approx(effects[0], abs=0.02)
    assert effects[0] == pytest.approx(2 * np.sin(1.6) * 1.4, abs=0.1)


@pytest.mark.parametrize("soft", ["shift", "draw"])
def test_soft_interventions_are_the_same(near: Fits, far: Fits, soft: str) -> None:
    means = []
    for at, (_, model, _) in ((0.0, near), (FAR, far)):
        do = {"x": Shift(0.5) if soft == "shift" else Stochastic((at - 1, at + 1), (0.3, 0.7))}
        means.append(model.sample(4000, do=do, seed=1)[["x", "y"]].mean() - at)
    np.testing.assert_allclose(means[1], means[0], atol=0.02)


def test_draws_keep_their_spread_and_counts_stay_whole(near: Fits, far: Fits) -> None:
    drawn = [model.sample(4000, seed=1) for _, model, _ in (near, far)]
    np.testing.assert_allclose(drawn[1]["x"].std(), drawn[0]["x"].std(), rtol=1e-3)
    assert drawn[1]["c"].dtype == np.int64
    assert drawn[1]["c"].std() == pytest.approx(drawn[0]["c"].std(), rel=0.05)


def test_imagining_is_the_same(near: Fits, far: Fits) -> None:
    twins = [
        model.counterfactual(table.frame.head(50), {"x": at + 0.8}, seed=0)["y"] - at
        for at, (table, model, _) in ((0.0, near), (FAR, far))
    ]
    assert np.sqrt(np.mean((twins[1] - twins[0]) ** 2)) < 0.05
    table, model, _ = far
    rows = table.frame.head(50)
    unchanged = model.counterfactual(rows.head(1), {"x": rows["x"].iloc[0]}, seed=0)
    assert unchanged["y"].iloc[0] == pytest.approx(rows["y"].iloc[0], rel=0, abs=1e-6)


def test_seeing_is_the_same(near: Fits, far: Fits) -> None:
    means = [
        seen.sample(4000, given={"x": at + 0.8}, seed=0)["y"].mean() - at
        for at, (_, _, seen) in ((0.0, near), (FAR, far))
    ]
    assert means[1] == pytest.approx(means[0], abs=0.05)


@pytest.mark.parametrize("size", [1e-300, 1e-40, 1e38, 1e300])
def test_sizes_that_no_density_can_have_are_refused(size: float) -> None:
    x = np.linspace(-1, 1, 100) * size
    table = Table.from_frame(pd.DataFrame({"x": x, "y": np.arange(100.0) ** 1.5}))
    with pytest.raises(ModelError, match=r"“x” differ by about .*another unit"):
        fit(table, CausalGraph.parse("x -> y"), max_epochs=0)
