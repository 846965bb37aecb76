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
_MOST_CELLS = 5_000_000  # members × rows × levels that stand in memory together
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
        design = torch.cat([design, program.activations(read, index).T], dim=1)
        start = torch.cat([start, (program.w3 * program.mask_out)[index][:, :lifts]])
        prior = torch.cat([prior, torch.full((len(start) - len(prior),), _HIDDEN_PRIOR_ROWS)])
    offset = program.bias[index, :, :lifts].double()
    target = codes[rows, int(program.node[index])].long()
    solver = _softmax if isinstance(mechanism, Nominal) else _probit
    counts = boosts[:, rows].double()
    found = solver(design.double(), target, counts, offset, start.double(), prior).float()
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
    """Coefficients [M, columns, 1] of P(target = 1) = Φ(x b + offset), near `start`."""
    start, offset = start.squeeze(-1), offset.squeeze(-1)
    sign, pull, found = 2.0 * target.double() - 1, torch.diag(prior), [start]
    for counts in weights:  # each begins where the last one ended
        here = found[-1]
        for _ in range(_SCORING_STEPS):
            at = (x @ here + offset).clamp(-_FARTHEST, _FARTHEST)
            mills = torch.exp(-0.5 * at * at - _HALF_LOG_2PI - torch.special.log_ndtr(sign * at))
            score = sign * mills
            curvature = counts * score * (score + at)
            gradient = x.T @ (counts * score) - prior * (here - start)
            step = torch.linalg.solve((x * curvature.unsqueeze(1)).T @ x + pull, gradient)
            here = here + step
            if float(step.abs().max()) < 1e-5:
                break
        found.append(here)
    return torch.stack(found[1:]).unsqueeze(-1)


def _softmax(
    x: Tensor, target: Tensor, weights: Tensor, offset: Tensor, start: Tensor, prior: Tensor
) -> Tensor:
    """Coefficients [M, columns, levels] of softmax(x b + offset), near `start`.

    Böhning's steps with momentum that starts anew where it leads back (Nesterov 1983;
    O'Donoghue & Candès 2015), for some members at a time.
    """
    together = max(1, _MOST_CELLS // (1 + len(x) * start.shape[1]))
    parts = weights.split(together)
    return torch.cat([_climbed(x, target, part, offset, start, prior) for part in parts])


def _climbed(
    x: Tensor, target: Tensor, weights: Tensor, offset: Tensor, start: Tensor, prior: Tensor
) -> Tensor:
    members, levels = len(weights), start.shape[1]
    seen = torch.nn.functional.one_hot(target, levels).double().unsqueeze(1)
    curved = torch.stack([(x * counts.unsqueeze(1)).T @ x for counts in weights])
    bound = torch.linalg.cholesky(0.5 * curved + torch.diag(prior))
    counts, pull = weights.T.unsqueeze(-1), prior.unsqueeze(1)
    found = ahead = start.expand(members, -1, -1)
    age = torch.zeros(members, 1, 1, dtype=x.dtype)
    for _ in range(_BOUND_STEPS):
        scores = (x @ ahead.movedim(0, 1).flatten(1)).unflatten(1, (members, levels)) + offset
        rest = counts * (seen - torch.softmax(scores, dim=-1))
        pulled = (x.T @ rest.flatten(1)).unflatten(1, (members, levels)).movedim(1, 0)
        step = torch.cholesky_solve(pulled - pull * (ahead - start), bound)
        change = ahead + step - found
        back = (step * change).sum((1, 2), keepdim=True) < 0
        age = torch.where(back, 0.0, age + 1)
        found = found + change
        ahead = found + age / (age + 3) * change
        if float(torch.maximum(step.abs(), change.abs()).max()) < 1e-4:
            break
    return found
