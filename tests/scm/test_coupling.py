"""The bow: what the data cannot tell, and what each ρ would make of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch

from causal_core.errors import QuestionError
from causal_core.graphs.graph import CausalGraph
from causal_core.identification.verdict import Status
from causal_core.queries.engine import answer
from causal_core.queries.questions import Counterfactual, Effect
from causal_core.scm.coupling import Coupling
from causal_core.scm.model import StructuralCausalModel
from causal_core.scm.training import fit
from causal_core.tables.table import Table

BOW = CausalGraph.parse("dag { x -> y; x <-> y }")
RHO = 0.6


def noises(rows: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    u = rng.normal(size=rows)
    return u, RHO * u + np.sqrt(1 - RHO**2) * rng.normal(size=rows)


def curve(x: np.ndarray, u: np.ndarray) -> np.ndarray:
    return np.tanh(x) + 0.5 * x + 0.8 * u


@pytest.fixture(scope="module")
def bow() -> StructuralCausalModel:
    u, v = noises(6000)
    return fit(Table.from_frame(pd.DataFrame({"x": u, "y": curve(u, v)})), BOW)


def effect(model: StructuralCausalModel, rho: float) -> float:
    return answer(model.coupled("x", rho), Effect("x", "y", (-1.0, 1.0))).value


def test_the_true_rho_gives_the_true_effect(bow: StructuralCausalModel) -> None:
    truth = 2 * (np.tanh(1) + 0.5)
    assert effect(bow, RHO) == pytest.approx(truth, abs=0.06)  # 0.06: se of the slope at 6,000 rows
    assert effect(bow, 0.0) == pytest.approx(truth + 2 * 0.8 * RHO, abs=0.06)
    tried = [effect(bow, rho) for rho in (-0.8, -0.4, 0.0, 0.4, 0.8)]
    assert tried == sorted(tried, reverse=True)


def test_a_cause_whose_noise_is_not_normal_is_coupled_as_well() -> None:
    """The same world, its cause told as eᵘ."""
    u, v = noises(6000)
    model = fit(Table.from_frame(pd.DataFrame({"x": np.exp(u), "y": curve(u, v)})), BOW)
    assert model.equations["x"].rung == "shaped noise"
    found = answer(model.coupled("x", RHO), Effect("x", "y", (np.exp(-0.5), np.exp(0.5)))).value
    assert found == pytest.approx(2 * (np.tanh(0.5) + 0.25), abs=0.06)


def test_the_answer_is_still_not_identified(bow: StructuralCausalModel) -> None:
    asked = answer(bow.coupled("x", RHO), Effect("x", "y", (-1.0, 1.0)))
    assert asked.status is Status.NOT_IDENTIFIED


@pytest.mark.parametrize("rho", [-0.7, 0.3, 0.9])
def test_rows_are_the_same_for_every_rho(bow: StructuralCausalModel, rho: float) -> None:
    free, coupled = bow.sample(20_000, seed=3), bow.coupled("x", rho).sample(20_000, seed=3)
    for share in (0.1, 0.5, 0.9):
        # Four standard errors of a quantile of 20,000 draws of unit spread.
        assert coupled["y"].quantile(share) == pytest.approx(free["y"].quantile(share), abs=0.06)
    assert np.corrcoef(coupled.T)[0, 1] == pytest.approx(np.corrcoef(free.T)[0, 1], abs=0.02)
    rows = free.head(5)
    assert np.array_equal(bow.coupled("x", rho).log_prob(rows), bow.log_prob(rows))


def test_a_row_imagined_as_it_was_is_as_it_was(bow: StructuralCausalModel) -> None:
    row = bow.sample(1, seed=8)
    same = bow.coupled("x", 0.5).counterfactual(row, {"x": float(row["x"].iloc[0])})
    np.testing.assert_allclose(same, row, atol=1e-6)


def test_a_unit_keeps_its_noise(bow: StructuralCausalModel) -> None:
    u, v = (part[:400] for part in noises(6000))
    seen = pd.DataFrame({"x": u, "y": curve(u, v)})
    imagined = bow.coupled("x", RHO).counterfactual(seen, {"x": 0.5})["y"]
    gap = imagined.to_numpy() - curve(np.full(400, 0.5), v)
    assert float(np.sqrt(np.mean(gap**2))) < 0.1


def test_a_chosen_treatment_too() -> None:
    """x = 1 where its noise is above 0.2; y's own noise leans the same way."""
    u, v = noises(8000)
    x = (u > 0.2).astype(int)
    y = 1.0 * x + v
    model = fit(Table.from_frame(pd.DataFrame({"x": x, "y": y})), BOW)
    asked = Effect("x", "y", (0, 1))
    assert answer(model, asked).value == pytest.approx(
        y[x == 1].mean() - y[x == 0].mean(), abs=0.02
    )
    assert answer(model.coupled("x", RHO), asked).value == pytest.approx(1.0, abs=0.07)
    told = Counterfactual("y", {"x": 1, "y": 1.5}, {"x": 1})
    assert answer(model.coupled("x", RHO), told).value == pytest.approx(1.5, abs=1e-6)


def test_noise_and_residual_undo_each_other() -> None:
    coupling = Coupling("x", 0.7)
    low = torch.tensor([-30.0, -0.4, 1.5, 6.0]).double()
    high = torch.tensor([-0.4, 0.3, 30.0, 7.0]).double()
    noise = torch.linspace(-4, 4, 4).double()
    again = coupling.noise(coupling.residual(noise, low, high), low, high)
    torch.testing.assert_close(again, noise, atol=1e-6, rtol=0)


def test_what_cannot_be_coupled_says_so(bow: StructuralCausalModel) -> None:
    with pytest.raises(QuestionError, match="shares an unmeasured cause"):
        bow.coupled("y", 0.5)
    with pytest.raises(QuestionError, match="no correlation"):
        bow.coupled("x", 1.0)
