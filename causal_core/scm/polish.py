"""Maximum likelihood of the closed-form part of binary and categorical equations.

Their few coefficients are fitted to every row, what hidden layers add held fixed, so that
shares in the data come back as shares in the model: Fisher scoring for probits, and
Böhning's (1992) bound on the curvature for softmaxes, which is inverted only once.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from causal_core.mechanisms.nominal import Nominal
from causal_core.scm.program import Program

_SCORING_STEPS = 12
_BOUND_STEPS = 60
_PRIOR_ROWS = 0.05  # the pull towards the start, in rows: keeps separable levels finite
_FARTHEST = 8.0  # a linear predictor beyond which a probit is certain
_HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)


@torch.no_grad()
def polish(program: Program, codes: Tensor, boosts: Tensor, given: Tensor | None = None) -> None:
    """Fit `skip` of the program's binary and categorical slots in place.

    `codes` [rows, variables]; `boosts` [members, rows] weigh the rows; `given` replaces
    what the equations read.
    """
    slots = [i for i, slot in enumerate(program.slots) if program.is_discrete(slot.node)]
    if not slots:
        return
    features = program.features(codes if given is None else given)
    terms, added = program.terms(features).double(), program.added(features)
    usable = program.usable(codes)
    for index in slots:
        slot = program.slots[index]
        columns = program.mask_skip[index].amax(-1).nonzero().squeeze(-1)
        rows = usable[index].bool()
        design = terms[rows][:, columns]
        weights = boosts[slot.member][rows].double()
        target = codes[rows, int(program.node[index])].long()
        offset = program.bias[index].double()
        if slot.rung.neural:
            offset = offset + added[index][rows].double()
        mechanism = program.mechanisms[slot.node]
        if isinstance(mechanism, Nominal):
            offset = offset[:, : mechanism.levels].expand(len(design), -1)
            start = program.skip[index][columns, : mechanism.levels].double()
            found = _softmax(design, target, weights, offset, start)
            program.skip[index, columns, : mechanism.levels] = found.float()
        else:
            start = program.skip[index][columns, 0].double()
            found = _probit(design, target, weights, offset[:, 0], start)
            program.skip[index, columns, 0] = found.float()


def _probit(x: Tensor, target: Tensor, weights: Tensor, offset: Tensor, start: Tensor) -> Tensor:
    """Coefficients [columns] of P(target = 1) = Φ(x b + offset), near `start`."""
    sign, found = 2.0 * target.double() - 1, start.clone()
    prior = _PRIOR_ROWS * torch.eye(x.shape[1], dtype=x.dtype)
    for _ in range(_SCORING_STEPS):
        at = (x @ found + offset).clamp(-_FARTHEST, _FARTHEST)
        mills = torch.exp(-0.5 * at * at - _HALF_LOG_2PI - torch.special.log_ndtr(sign * at))
        score = sign * mills
        curvature = weights * score * (score + at)
        gradient = x.T @ (weights * score) - _PRIOR_ROWS * (found - start)
        step = torch.linalg.solve((x * curvature.unsqueeze(1)).T @ x + prior, gradient)
        found = found + step
        if float(step.abs().max()) < 1e-5:
            break
    return found


def _softmax(x: Tensor, target: Tensor, weights: Tensor, offset: Tensor, start: Tensor) -> Tensor:
    """Coefficients [columns, levels] of softmax(x b + offset), near `start`."""
    seen = torch.nn.functional.one_hot(target, start.shape[1]).double()
    prior = _PRIOR_ROWS * torch.eye(x.shape[1], dtype=x.dtype)
    bound = torch.linalg.cholesky(0.5 * (x * weights.unsqueeze(1)).T @ x + prior)
    found = start.clone()
    for _ in range(_BOUND_STEPS):
        chances = torch.softmax(x @ found + offset, dim=-1)
        gradient = x.T @ (weights.unsqueeze(1) * (seen - chances)) - _PRIOR_ROWS * (found - start)
        step = torch.cholesky_solve(gradient, bound)
        found = found + step
        if float(step.abs().max()) < 1e-4:
            break
    return found
