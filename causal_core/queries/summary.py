"""From the worlds of one outcome to the numbers shown: means, level probabilities, draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from causal_core.errors import QuestionError
from causal_core.mechanisms.base import Params
from causal_core.mechanisms.binary import Binary
from causal_core.mechanisms.interval import Interval
from causal_core.mechanisms.nominal import Nominal
from causal_core.scm.equation import Equation
from causal_core.scm.interventions import Action
from causal_core.scm.model import StructuralCausalModel
from causal_core.scm.simulate import World, context_params, simulate
from causal_core.tables.schema import Variable


def level_chances(equation: Equation, params: Params) -> Tensor:
    """Probabilities of each level [..., rows, levels] under parameters [..., rows, ...]."""
    mechanism = equation.mechanism
    count = len(equation.variable.levels)
    if isinstance(mechanism, Nominal):
        return torch.softmax(params.lead[..., :count], dim=-1)
    assert isinstance(mechanism, Interval | Binary)
    codes = torch.arange(count, dtype=params.lead.dtype)
    low, high = mechanism.bounds(codes, params.map(lambda part: part.unsqueeze(-2)))
    return torch.as_tensor(torch.special.ndtr(high) - torch.special.ndtr(low))


def doing_values(
    model: StructuralCausalModel,
    outcome: str,
    do: Mapping[str, Action],
    noise: World,
    members: Sequence[int],
) -> np.ndarray:
    """The outcome under `do`: draws [members, positions, rows], or chances of its levels
    [members, positions, rows, levels], which need no draw of the outcome's own noise."""
    equation = model.equations[outcome]
    if not equation.variable.kind.discrete or outcome in do or outcome in model.couplings:
        world = simulate(model, noise, do, members=members, targets={outcome})
        return _draws(world[outcome], equation.variable)
    reads = set(model.contexts[outcome].names)
    world = simulate(model, noise, do, members=members, targets=reads)
    natural = world | _natural(model, outcome, do, noise, members)
    rows = next(iter(noise.values())).shape[2]
    params = context_params(model, equation, world, natural, members, rows)
    return np.asarray(level_chances(equation, params).double().numpy())


def _natural(
    model: StructuralCausalModel,
    outcome: str,
    do: Mapping[str, Action],
    noise: World,
    members: Sequence[int],
) -> World:
    """Natural values of intervened nodes that the outcome's equation reads as such."""
    found: World = {}
    for name in model.contexts[outcome].natural:
        others = {n: a for n, a in do.items() if n != name}
        if name in do:
            found |= {name: simulate(model, noise, others, members=members, targets={name})[name]}
    return found


def _draws(codes: Tensor, variable: Variable) -> np.ndarray:
    if not variable.kind.discrete:
        return np.asarray(codes.double().numpy())
    return np.asarray(np.eye(len(variable.levels))[codes.long().numpy()])


def mean_of(values: np.ndarray, variable: Variable, level: int | None) -> np.ndarray:
    """Means over rows [members, positions] of what `doing_values` returns."""
    if variable.kind.discrete:
        if level is None:
            raise QuestionError(f"“{variable.name}” has levels.", "Name the level of interest.")
        return np.asarray(values[..., level].mean(axis=2))
    return np.asarray(values.mean(axis=2))
