"""Maximum likelihood of the linear part of binary and categorical equations.

Their few coefficients are fitted to every row, so that shares in the data come back as
shares in the model: Fisher scoring for probits, and Böhning's (1992) bound on the
curvature for softmaxes, which is inverted only once. Where there are hidden layers, their
activations are further columns, held near the weights that training gave them.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from causal_core.mechanisms.nominal import Nominal
from causal_core.scm.data import Rows
from causal_core.scm.features import STEEPNESS, Term, Wave
from causal_core.scm.program import Program

_SCORING_STEPS = 12
_BOUND_STEPS = 60
_PRIOR_ROWS = 0.05  # the pull towards the start, in rows: keeps separable levels finite
_WAVE_PRIOR_ROWS = 1.0
_HIDDEN_PRIOR_ROWS = 5.0
_FARTHEST = 8.0  # a linear predictor beyond which a probit is certain
_MOST_ROWS = 200_000
_HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)


@torch.no_grad()
def polish(program: Program, rows: Rows, given: Tensor | None = None) -> None:
    """Fit `skip` of the program's binary and categorical slots in place.

    `given` replaces what the equations read. Without hidden layers only: those are
    trained first.
    """
    for index, slot in enumerate(program.slots):
        if program.is_discrete(slot.node):
            mine = rows.weights[slot.replica].unsqueeze(0)
            refit = polished(program, index, rows.codes, mine, given)
            program.skip[index] = refit["skip"][0]


@torch.no_grad()
def polished(
    program: Program, index: int, codes: Tensor, boosts: Tensor, given: Tensor | None = None
) -> dict[str, Tensor]:
    """Refits of one slot's linear part under each member's weights.

    `boosts` [M, rows]. Returns `skip` [M, Q, K] and, with hidden layers, `w3` [M, H, L].
    """
    codes, boosts = codes[:_MOST_ROWS], boosts[:, :_MOST_ROWS]
    slot = program.slots[index]
    rows = program.usable(codes)[index].bool()
    read = (codes if given is None else given[:_MOST_ROWS])[rows]
    columns = program.columns(index)
    mechanism = program.mechanisms[slot.node]
    lifts, hidden = program.lifts(slot), slot.rung.neural
    design, start = program.some_terms(read, columns), program.skip[index][columns, :lifts]
    prior = torch.tensor([_pull(program.term_keys[int(c)]) for c in columns]).double()
    if hidden:
        design = torch.cat([design, program.activations(read)[index].T], dim=1)
        start = torch.cat([start, (program.w3 * program.mask_out)[index][:, :lifts]])
        prior = torch.cat([prior, torch.full((len(start) - len(prior),), _HIDDEN_PRIOR_ROWS)])
    offset = program.bias[index, :, :lifts].double()
    target = codes[rows, int(program.node[index])].long()
    solver = _softmax if isinstance(mechanism, Nominal) else _probit
    found = torch.stack(
        [
            solver(design.double(), target, weights.double(), offset, start.double(), prior)
            for weights in boosts[:, rows]
        ]
    ).float()
    skip = program.skip[index].expand(len(boosts), -1, -1).clone()
    skip[:, columns, :lifts] = found[:, : len(columns)]
    if not hidden:
        return {"skip": skip}
    w3 = program.w3[index].expand(len(boosts), -1, -1).clone()
    w3[..., :lifts] = found[:, len(columns) :]
    return {"skip": skip, "w3": w3}


def _pull(term: Term) -> float:
    if isinstance(term, Wave):
        return _WAVE_PRIOR_ROWS * (term.steepness / STEEPNESS[0]) ** 2
    return _PRIOR_ROWS


def _probit(
    x: Tensor, target: Tensor, weights: Tensor, offset: Tensor, start: Tensor, prior: Tensor
) -> Tensor:
    """Coefficients [columns, 1] of P(target = 1) = Φ(x b + offset), near `start`."""
    start, offset = start.squeeze(-1), offset.squeeze(-1)
    sign, found, pull = 2.0 * target.double() - 1, start.clone(), torch.diag(prior)
    for _ in range(_SCORING_STEPS):
        at = (x @ found + offset).clamp(-_FARTHEST, _FARTHEST)
        mills = torch.exp(-0.5 * at * at - _HALF_LOG_2PI - torch.special.log_ndtr(sign * at))
        score = sign * mills
        curvature = weights * score * (score + at)
        gradient = x.T @ (weights * score) - prior * (found - start)
        step = torch.linalg.solve((x * curvature.unsqueeze(1)).T @ x + pull, gradient)
        found = found + step
        if float(step.abs().max()) < 1e-5:
            break
    return found.unsqueeze(-1)


def _softmax(
    x: Tensor, target: Tensor, weights: Tensor, offset: Tensor, start: Tensor, prior: Tensor
) -> Tensor:
    """Coefficients [columns, levels] of softmax(x b + offset), near `start`."""
    seen = torch.nn.functional.one_hot(target, start.shape[1]).double()
    bound = torch.linalg.cholesky(0.5 * (x * weights.unsqueeze(1)).T @ x + torch.diag(prior))
    found, pull = start.clone(), prior.unsqueeze(1)
    for _ in range(_BOUND_STEPS):
        chances = torch.softmax(x @ found + offset, dim=-1)
        gradient = x.T @ (weights.unsqueeze(1) * (seen - chances)) - pull * (found - start)
        step = torch.cholesky_solve(gradient, bound)
        found = found + step
        if float(step.abs().max()) < 1e-4:
            break
    return found
