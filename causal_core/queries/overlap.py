"""Positivity: for how many rows an intervention is more than the model's imagination.

An average under do(x) speaks of every row. Rows whose causes leave x practically no chance
have no counterpart in the data, so that what is said of them is extrapolation (Rosenbaum
& Rubin 1983, overlap).
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from causal_core.mechanisms.base import Params
from causal_core.mechanisms.interval import Interval
from causal_core.queries.summary import level_chances
from causal_core.scm.model import StructuralCausalModel
from causal_core.scm.simulate import World, context_params

_LEAST_CHANCE = 0.01  # a level less likely than this counts as out of a row's reach
_FARTHEST = 2.576  # and so does a number outside the central 99 % of its noise


def overlap(
    model: StructuralCausalModel, cause: str, positions: np.ndarray, factual: World
) -> np.ndarray:
    """Share of rows [P] that could have had each position (codes), given their causes.

    `factual` holds the rows' codes, [1, 1, rows] each. One everywhere for a variable that
    nothing in the graph causes.
    """
    if not model.contexts[cause].names:
        return np.ones(len(positions))
    equation = model.exact.equations[cause]
    rows = next(iter(factual.values())).shape[2]
    params = context_params(model.exact, equation, factual, factual, (0,), rows)
    params = params.map(lambda part: part[0, 0])
    if equation.variable.kind.discrete:
        reachable = level_chances(equation, params) > _LEAST_CHANCE
        return np.asarray(reachable.double().mean(0).numpy())
    at = torch.from_numpy(np.asarray(positions, dtype=float)).unsqueeze(1)
    low, high = _noises(equation.mechanism, at, params.map(lambda part: part.unsqueeze(0)))
    reachable = (low < _FARTHEST) & (high > -_FARTHEST)
    return np.asarray(reachable.double().mean(1).numpy())


def _noises(mechanism: object, at: Tensor, params: Params) -> tuple[Tensor, Tensor]:
    """The least and greatest noise that gives `at`."""
    if isinstance(mechanism, Interval):
        return mechanism.bounds(at, params)
    noise: Tensor = mechanism.abduct(at, params, at)  # type: ignore[attr-defined]
    return noise, noise
