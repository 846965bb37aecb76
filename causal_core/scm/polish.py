"""Maximum likelihood of the linear part of binary and categorical equations.

Their few coefficients are fitted to every row, so that shares in the data come back as
shares in the model: by Newton's steps, which conjugate gradients find for softmaxes. Where
there are hidden layers, their activations are further columns, held near the weights that
training gave them. Gradients are float64; what only directs a step is float32, twice as fast.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from causal_core.mechanisms.nominal import Nominal
from causal_core.scm.data import Rows
from causal_core.scm.features import STEEPNESS, Term, Wave
from causal_core.scm.program import Program

_SCORING_STEPS = 24
_SHRUNK = 0.3  # of the last step, the most that a step by an old curvature may measure
_STILL = 1e-5  # the step of a probit that has arrived
_NEWTON_STEPS = 20
_INNER_STEPS, _INNER_SHARE = 25, 0.3  # conjugate gradients, and how near to the step they end
_HALVINGS = 8  # of a step that does not pay
_ENOUGH = 1e-5  # nats of all rows that a step promises
_PRIOR_ROWS = 0.05  # the pull towards the start, in rows: keeps separable levels finite
_WAVE_PRIOR_ROWS = 1.0
_HIDDEN_PRIOR_ROWS = 5.0
_FARTHEST = 8.0  # a linear predictor beyond which a probit is certain
_MOST_ROWS = 200_000
_MOST_CELLS = 5_000_000  # members × rows × levels that stand in memory together
_TINY = 1e-30
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
    """Coefficients [M, columns, 1] of P(target = 1) = Φ(x b + offset), near `start`.

    Newton's steps. A curvature serves on, whichever member's, while its steps shrink fast; but
    no member stays where another's curvature says that it need not move.
    """
    start, offset = start.squeeze(-1), offset.squeeze(-1)
    sign, pull, found = 2.0 * target.double() - 1, torch.diag(prior), [start]
    factor: Tensor | None = None
    for counts in weights:  # each begins where the last one ended
        here, size, own = found[-1], 1.0, False  # a member's first step is measured against 1
        for _ in range(_SCORING_STEPS):
            at = (x @ here + offset).clamp(-_FARTHEST, _FARTHEST)
            mills = torch.exp(-0.5 * at * at - _HALF_LOG_2PI - torch.special.log_ndtr(sign * at))
            score = sign * mills
            gradient = (x.T @ (counts * score) - prior * (here - start)).unsqueeze(1)
            step = None if factor is None else torch.cholesky_solve(gradient, factor)
            if step is None or not _serves(step, size, own):
                curvature = counts * score * (score + at)
                factor = torch.linalg.cholesky((x * curvature.unsqueeze(1)).T @ x + pull)
                step, own = torch.cholesky_solve(gradient, factor), True
            here, size = here + step.squeeze(1), float(step.abs().max())
            if size < _STILL:
                break
        found.append(here)
    return torch.stack(found[1:]).unsqueeze(-1)


def _serves(step: Tensor, last: float, own: bool) -> bool:
    """Whether a step by an old curvature, a member's own or not, is as good as by a new one."""
    size = float(step.abs().max())
    return size <= _SHRUNK * last and (own or size >= _STILL)


def _softmax(
    x: Tensor, target: Tensor, weights: Tensor, offset: Tensor, start: Tensor, prior: Tensor
) -> Tensor:
    """Coefficients [M, columns, levels] of softmax(x b + offset), some members at a time."""
    together = max(1, _MOST_CELLS // (1 + len(x) * start.shape[1]))
    parts = weights.split(together)
    return torch.cat([_Softmax(x, target, p, offset, start, prior).solved() for p in parts])


class _Softmax:
    """The log posterior of coefficients b [M, columns, levels] near `start`, and its optimum.

    Newton's steps, cut short where they go on to be solved for nothing (Dembo, Eisenstat &
    Steihaug 1982) and halved where they do not pay.
    """

    def __init__(
        self, x: Tensor, target: Tensor, weights: Tensor, offset: Tensor, start: Tensor,
        prior: Tensor,
    ) -> None:  # fmt: skip
        self._x, self._narrow, self._offset = x, x.float(), offset
        self._target, self._counts = target, weights.T.unsqueeze(-1)
        self._start, self._prior, self._pull = start, prior, prior.unsqueeze(1)
        self._shape = len(weights), start.shape[1]

    def solved(self) -> Tensor:
        """Coefficients [M, columns, levels]."""
        found = self._start.expand(self._shape[0], -1, -1)
        seen = nn.functional.one_hot(self._target, self._shape[1]).double().unsqueeze(1)
        scores = self._along(found, self._x) + self._offset
        factor = self._factor(torch.softmax(scores, dim=-1))
        for _ in range(_NEWTON_STEPS):
            chances = torch.softmax(scores, dim=-1)
            gradient = self._summed(self._counts * (seen - chances), self._x)
            gradient = gradient - self._pull * (found - self._start)
            step = self._step(gradient, chances.float(), factor)
            rise = self._along(step, self._x)
            share = self._paying(found, scores, step, rise)
            step = share * step
            found, scores = found + step, scores + share.movedim(0, 1) * rise
            if float((gradient * step).sum((1, 2)).max()) < _ENOUGH:
                break
        return found

    def _along(self, b: Tensor, x: Tensor) -> Tensor:
        """Scores [rows, M, levels] of coefficients."""
        return (x @ b.movedim(0, 1).flatten(1).to(x)).reshape(len(x), *self._shape)

    def _summed(self, rows: Tensor, x: Tensor) -> Tensor:
        """What [rows, M, levels] sum up to for each coefficient."""
        return (x.T @ rows.flatten(1)).reshape(-1, *self._shape).movedim(1, 0).double()

    def _factor(self, chances: Tensor) -> Tensor:
        """Of what stands for the curvature of every level [M, columns, columns].

        It only directs the gradients; near-copies among the terms ask for all its digits.
        """
        steep = (chances * (1 - chances)).amax(-1) * self._counts.squeeze(-1)
        grams = [(self._x * each.unsqueeze(1)).T @ self._x for each in steep.unbind(1)]
        return torch.as_tensor(torch.linalg.cholesky(torch.stack(grams) + torch.diag(self._prior)))

    def _step(self, gradient: Tensor, chances: Tensor, factor: Tensor) -> Tensor:
        """Newton's step by preconditioned conjugate gradients, member by member."""
        counted, found, rest = self._counts.float() * chances, torch.zeros_like(gradient), gradient
        ahead = torch.cholesky_solve(rest, factor)
        length = first = _product(rest, ahead)
        for _ in range(_INNER_STEPS):
            rise = self._along(ahead, self._narrow)
            rise = counted * (rise - (chances * rise).sum(-1, keepdim=True))
            bent = self._summed(rise, self._narrow) + self._pull * ahead
            curved = _product(ahead, bent)
            share = torch.where(curved > 0, length / curved, 0.0)  # rounding may leave none
            found, rest = found + share * ahead, rest - share * bent
            solved = torch.cholesky_solve(rest, factor)
            last, length = length, _product(rest, solved)
            if bool((length < _INNER_SHARE**2 * first).all()):
                break
            ahead = solved + length / last.clamp_min(_TINY) * ahead
        return found

    def _paying(self, found: Tensor, scores: Tensor, step: Tensor, rise: Tensor) -> Tensor:
        """The share of each member's step that does not make it worse, or zero [M, 1, 1]."""
        before = self._value(found, scores)
        share = torch.ones(self._shape[0], 1, 1, dtype=step.dtype)
        for _ in range(_HALVINGS):
            after = self._value(found + share * step, scores + share.movedim(0, 1) * rise)
            worse = ~(after >= before - _ENOUGH).reshape(-1, 1, 1)
            if not bool(worse.any()):
                return share
            share = torch.where(worse, share / 2, share)
        return torch.where(worse, 0.0, share)

    def _value(self, found: Tensor, scores: Tensor) -> Tensor:
        """Log posterior [M]."""
        target = self._target.reshape(-1, 1, 1).expand(-1, self._shape[0], 1)
        fitted = scores.gather(2, target).squeeze(-1) - scores.logsumexp(-1)
        pulled = self._pull * (found - self._start) ** 2
        return (self._counts.squeeze(-1) * fitted).sum(0) - 0.5 * pulled.sum((1, 2))


def _product(a: Tensor, b: Tensor) -> Tensor:
    """Member by member [M, 1, 1]."""
    return (a * b).sum((1, 2), keepdim=True)
