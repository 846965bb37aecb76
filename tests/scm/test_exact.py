"""Discrete worlds against answers found without the code that is tested."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch

from causal_core.errors import QuestionError
from causal_core.graphs.graph import CausalGraph
from causal_core.queries.engine import answer
from causal_core.queries.questions import Intervention
from causal_core.scm.model import StructuralCausalModel
from causal_core.scm.training import fit
from causal_core.tables.table import Table

_CELLS = 120  # of each noise's range: 1.7 million combinations
_DRAWS = 4000
_LEVELS = ("a", "b", "c")
_SHARES = {0: (0.5, 0.3, 0.2), 1: (0.2, 0.3, 0.5)}


@pytest.fixture(scope="module")
def model() -> StructuralCausalModel:
    """z → x, and both → y with three levels."""
    rng = np.random.default_rng(3)
    z = rng.integers(0, 2, 20_000)
    x = (rng.random(20_000) < 0.3 + 0.4 * z).astype(int)
    shares = np.array([_SHARES[0], _SHARES[1]])[x]
    shares = np.where(z[:, None] == 1, shares[:, [1, 0, 2]], shares)
    y = (rng.random(20_000)[:, None] > shares.cumsum(1)).sum(1)
    frame = pd.DataFrame({"z": z, "x": x, "y": np.array(_LEVELS)[y]})
    return fit(Table.from_frame(frame), CausalGraph.parse("dag { z -> x; z -> y; x -> y }"))


def _scores(model: StructuralCausalModel, z: int, x: int) -> np.ndarray:
    equation = model.exact.equations["y"]
    known = {"z": z, "x": x}
    row = torch.tensor([[[float(known[v.name]) for v in equation.context]]]).double()
    return np.asarray(equation.params(row, (0,)).lead[0, 0].numpy())


@pytest.mark.parametrize(("z", "x", "was"), [(0, 0, 0), (0, 1, 2), (1, 0, 1)])
def test_gumbel_counterfactuals_are_the_enumerated_posterior(
    model: StructuralCausalModel, z: int, x: int, was: int
) -> None:
    even = -np.log(-np.log((np.arange(_CELLS) + 0.5) / _CELLS))
    noise = np.stack(np.meshgrid(even, even, even, indexing="ij"), -1).reshape(-1, 3)
    produced = (noise + _scores(model, z, x)).argmax(1) == was
    imagined = (noise[produced] + _scores(model, z, 1 - x)).argmax(1)
    exact = np.bincount(imagined, minlength=3) / len(imagined)
    row = pd.DataFrame({"z": [z], "x": [x], "y": [_LEVELS[was]]})
    drawn = model.counterfactual(row, {"x": 1 - x}, draws=_DRAWS)["y"]
    found = [float((drawn == level).mean()) for level in _LEVELS]
    # Four standard errors of a share of 4,000 draws, and the grid's own 1/120.
    assert found == pytest.approx(list(exact), abs=4 * 0.5 / _DRAWS**0.5 + 1 / _CELLS)


@pytest.mark.parametrize("x", [0, 1])
def test_interventional_shares_are_the_known_ones(model: StructuralCausalModel, x: int) -> None:
    low, high = np.array(_SHARES[x]), np.array(_SHARES[x])[[1, 0, 2]]
    truth = (low + high) / 2
    found = [answer(model, Intervention("y", {"x": x}, level=level)).value for level in _LEVELS]
    assert found == pytest.approx(list(truth), abs=0.02)


def test_an_order_changes_what_is_imagined_and_nothing_else(model: StructuralCausalModel) -> None:
    order = ("b", "a", "c")
    ranked = model.ranked({"y": order})
    for x in (0, 1):
        asked = Intervention("y", {"x": x}, level="c")
        assert answer(ranked, asked).value == pytest.approx(answer(model, asked).value, abs=1e-6)
    row = pd.DataFrame({"z": [0], "x": [0], "y": ["a"]})
    drawn = ranked.counterfactual(row, {"x": 1}, draws=_DRAWS)["y"]
    codes = [_LEVELS.index(level) for level in order]
    shares = [np.exp(s := _scores(model, 0, x)) / np.exp(s).sum() for x in (0, 1)]
    before, after = (np.concatenate([[0], s[codes].cumsum()]) for s in shares)
    overlap = np.minimum(after[1:], before[2]) - np.maximum(after[:-1], before[1])
    exact = overlap.clip(0) / (before[2] - before[1])  # “a” is second in the order
    found = [float((drawn == level).mean()) for level in order]
    assert found == pytest.approx(list(exact), abs=4 * 0.5 / _DRAWS**0.5)
    with pytest.raises(QuestionError, match="order"):
        model.ranked({"y": ("a", "b")})
