"""Noise of a learned shape, solved: for equations without hidden layers.

Location, scale and spline of such an equation's residuals are a density in one dimension. It
is fitted at once to a few hundred rows, spread evenly over the sorted residuals. Where the
noise is far from normal, the least squares that found the location were not the best to be
had of the rows: then the closed-form terms move along with the density. Both by Fisher
scoring (Berndt, Hall, Hall & Hausman 1974), damped where a step does not pay (Marquardt 1963).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from causal_core.mechanisms import spline
from causal_core.mechanisms.base import Mechanism, Params
from causal_core.mechanisms.choose import Standard
from causal_core.mechanisms.continuous import LOCATION, LOG_SCALE, WIDTH, bounded
from causal_core.scm.data import Rows
from causal_core.scm.penalty import MIDDLING, Penalties, pulls
from causal_core.scm.program import Program
from causal_core.scm.spread import spread_pulls

_ROWS = 512  # rows that stand for all of them
_TAIL = 32  # of these at each end, which stand for themselves: no extreme is left out
_INFORMED_ROWS = 4096  # whose scores stand for all rows' information
_MOST_ROWS = 16_384  # of more rows, least squares are good enough for any noise
_STEPS = 24
_TOGETHER = 4
_FAR = 0.01  # nats per row that the shape must gain for the terms to move along
_NEAR = 0.05  # nats per row: more than moving along gains
_PRIOR = 1.0  # precision of the spline's parameters around the normal's
_ENOUGH = 0.02  # nats of all rows that a step must gain
_STUCK = 1e3  # damping with which no step can be expected to pay
_JITTER = 1e-6


@torch.no_grad()
def solve_shapes(
    program: Program, rows: Rows, standards: Mapping[str, Standard], moving: Collection[int]
) -> list[int]:
    """Fit the shaped slots of the program that have no hidden layers, in place.

    Returns those whose terms had better move along (`move_along`): whose spread moves (those
    of `moving`) or whose noise is far from normal, and whose likelihood is near the best of
    their node.
    """
    some = rows.head(_MOST_ROWS)
    base, counts = _both(program.base(some.codes)), program.weighed(some)
    targets = torch.nan_to_num(some.codes.T[program.node])
    gained, value = torch.zeros(len(program.slots)), torch.full((len(program.slots),), -torch.inf)
    for family in program.families:
        slots, which = program.slots[family.slots], family.slots
        if not slots[0].rung.shaped or slots[0].rung.neural:
            continue
        places = [[(s := standards[slot.node]).centre, s.scale] for slot in slots]
        centre, scale = torch.tensor(places, dtype=targets.dtype).split(1, dim=1)
        location, log_scale = base[which].unbind(-1)
        residual = ((targets[which] - centre) / scale).to(base) - location
        place, weights = _spread(residual * torch.exp(-log_scale), counts[which])
        one = torch.ones(len(slots), _ROWS, 1)
        noise = _Noise(
            family.mechanism,
            targets[which].gather(1, place),
            torch.stack([location.gather(1, place), log_scale.gather(1, place)], dim=-1),
            (one, one),
            weights,
            torch.zeros(len(slots), 2),
        )
        start = torch.cat([program.bias[which, 0, :WIDTH], program.shape[which, 0]], dim=1)
        found, gained[which], value[which] = noise.solved(start, _STEPS)
        program.bias[which, 0, :WIDTH] = found[:, :WIDTH]
        program.shape[which, 0] = found[:, WIDTH:]
    if len(rows.codes) > _MOST_ROWS:
        return []
    best: dict[tuple[str, int], float] = {}
    for slot, mine in zip(program.slots, value.tolist(), strict=True):
        best[slot.node, slot.replica] = max(mine, best.get((slot.node, slot.replica), -math.inf))
    least = torch.tensor([best[slot.node, slot.replica] for slot in program.slots])
    total = counts.sum(1)
    near, far = value > least - _NEAR * total, gained > _FAR * total
    still = [i for i, slot in enumerate(program.slots) if not slot.rung.moving and far[i]]
    return [i for i in (*moving, *still) if near[i]]


@torch.no_grad()
def move_along(program: Program, index: int, rows: Rows, chosen: Penalties) -> None:
    """Move a slot's closed-form terms along with its noise, in place."""
    slot, counts = program.slots[index], program.weighed(rows)[index]
    mine, moving = counts > 0, slot.rung.moving
    columns = program.columns(index)
    terms = program.some_terms(rows.codes[mine], columns).unsqueeze(0)
    targets = rows.codes[mine, int(program.node[index])].unsqueeze(0)
    penalty = chosen.get((slot.node, slot.rung.skip), MIDDLING)
    variance = torch.exp(2 * bounded(program.bias[index, 0, LOG_SCALE]))
    priors = [pulls(program, columns, [penalty])[0] / variance]
    base = program.bias[index, :, :WIDTH].expand(1, targets.shape[1], WIDTH).clone()
    if moving:
        scaled, log_scale = terms, program.skip[index, columns, LOG_SCALE]
        priors.append(spread_pulls(program, index, columns, chosen))
    else:
        scaled, log_scale = torch.ones_like(terms[..., :1]), program.bias[index, 0, LOG_SCALE, None]
        priors.append(torch.zeros(1))
        base[..., LOG_SCALE] = 0.0
    noise = _Noise(
        program.mechanisms[slot.node],
        targets,
        base,
        (terms, scaled),
        counts[mine].unsqueeze(0),
        torch.cat(priors).float().unsqueeze(0),
    )
    start = torch.cat([program.skip[index, columns, LOCATION], log_scale, program.shape[index, 0]])
    found, *_ = noise.solved(start.unsqueeze(0), _TOGETHER)
    location, log_scale, shape = found[0].split([len(columns), len(log_scale), spline.WIDTH])
    program.skip[index, columns, LOCATION], program.shape[index, 0] = location, shape
    if moving:
        program.skip[index, columns, LOG_SCALE] = log_scale
    else:
        program.bias[index, 0, LOG_SCALE] = log_scale[0]


def _both(base: Tensor) -> Tensor:
    """What the terms give location and log-scale [slots, rows, 2]."""
    return base[..., :WIDTH] if base.shape[-1] > 1 else nn.functional.pad(base, (0, 1))


def _spread(residuals: Tensor, counts: Tensor) -> tuple[Tensor, Tensor]:
    """Rows spread evenly over the sorted residuals [slots, rows] of those that count.

    Returns their places and weights [slots, _ROWS].
    """
    there = counts > 0
    order = torch.where(there, residuals, torch.inf).argsort(dim=1)
    total = there.sum(1, keepdim=True)
    ends = (total // 4).clamp(max=_TAIL)
    place = torch.arange(_ROWS).unsqueeze(0)
    inner = (total - 2 * ends) / (_ROWS - 2 * ends)
    middle = ends + ((place - ends + 0.5) * inner).long()
    low, high = place < ends, place >= _ROWS - ends
    at = torch.where(low, place, torch.where(high, total - _ROWS + place, middle))
    return order.gather(1, at.clamp_min(0)), torch.where(low | high, 1.0, inner)


@dataclass(frozen=True)
class _Noise:
    """The log-likelihood of rows as a function of θ = (weights of the terms, spline).

    `targets` and `weights` [slots, rows]; `base` [slots, rows, 2], what the terms are added
    to; `designs` [slots, rows, terms], those of the location and of the log-scale; `prior`
    [slots, terms of both], precisions of their weights.
    """

    mechanism: Mechanism
    targets: Tensor
    base: Tensor
    designs: tuple[Tensor, Tensor]
    weights: Tensor
    prior: Tensor

    def solved(self, start: Tensor, steps: int) -> tuple[Tensor, Tensor, Tensor]:
        """The θ [slots, terms of both + spline] of the greatest posterior, its gain and value."""
        found, first = start, self._value(start)
        best, damping = first, torch.full_like(first, 1e-2)
        for _ in range(steps):
            moved = found + self._step(found, damping)
            value = self._value(moved)
            better = value > best
            gained = torch.where(better, value - best, 0.0)
            found = torch.where(better.unsqueeze(1), moved, found)
            best = torch.where(better, value, best)
            damping = torch.where(better, damping * 0.3, damping * 10)
            if bool(((gained < _ENOUGH) & (better | (damping > _STUCK))).all()):
                break
        return found, best - first, best

    def _step(self, found: Tensor, damping: Tensor) -> Tensor:
        information, pulled, precision = *self._summed(found), self._precision
        diagonal = information.diagonal(dim1=1, dim2=2)
        damped = damping.unsqueeze(1) * diagonal + _JITTER * diagonal.amax(1, keepdim=True)
        ridge = torch.diag_embed(precision + damped)
        pulled = pulled - precision * found
        return torch.as_tensor(torch.linalg.solve_ex(information + ridge, pulled)[0])

    def _summed(self, found: Tensor) -> tuple[Tensor, Tensor]:
        """Σ w s sᵀ [slots, θ, θ] and Σ w s [slots, θ], s the rows' scores, w their weights."""
        some = self._every(self.targets.shape[1] // _INFORMED_ROWS)
        scores = some._scores(found)
        weighted = scores * some.weights.unsqueeze(-1)
        information = weighted.transpose(1, 2) @ scores
        if some is self:
            return information, weighted.sum(1)
        share = self.weights.sum(1) / some.weights.sum(1)
        return information * share.reshape(-1, 1, 1), self._pulled(found)

    def _every(self, step: int) -> _Noise:
        """Every so many of the rows, which are in no order."""
        if step < 2:
            return self
        rows = slice(None, None, step)
        return replace(
            self,
            targets=self.targets[:, rows],
            base=self.base[:, rows],
            designs=(self.designs[0][:, rows], self.designs[1][:, rows]),
            weights=self.weights[:, rows],
        )

    @property
    def _precision(self) -> Tensor:
        return nn.functional.pad(self.prior, (0, spline.WIDTH), value=_PRIOR)

    def _params(self, found: Tensor) -> tuple[Tensor, Tensor]:
        sizes = [design.shape[-1] for design in self.designs]
        *weights, shape = found.split([*sizes, spline.WIDTH], dim=1)
        added = [d @ w.unsqueeze(-1) for d, w in zip(self.designs, weights, strict=True)]
        return self.base + torch.cat(added, dim=-1), shape.unsqueeze(1)

    def _value(self, found: Tensor) -> Tensor:
        """Log posterior [slots], up to a constant."""
        fitted = self.mechanism.log_prob(self.targets, Params(*self._params(found)))
        prior = 0.5 * (self._precision * found**2).sum(1)
        value = (self.weights * fitted).double().sum(1) - prior
        return torch.where(torch.isfinite(value), value, -torch.inf).float()

    def _pulled(self, found: Tensor) -> Tensor:
        lead, shape = self._params(found)
        to_lead, to_shape = self._derivatives(lead, shape, self.weights)
        parts = [
            (to_lead[..., k, None].mT @ design).squeeze(1) for k, design in enumerate(self.designs)
        ]
        return torch.cat([*parts, to_shape.squeeze(1)], dim=-1)

    def _scores(self, found: Tensor) -> Tensor:
        """The derivatives of each row's log-likelihood by θ [slots, rows, θ]."""
        lead, shape = self._params(found)
        shape = shape.expand(-1, self.targets.shape[1], spline.WIDTH).contiguous()
        to_lead, to_shape = self._derivatives(lead, shape, torch.ones(1))
        parts = [to_lead[..., k, None] * design for k, design in enumerate(self.designs)]
        return torch.cat([*parts, to_shape], dim=-1)

    def _derivatives(self, lead: Tensor, shape: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
        """Of the rows' log-likelihoods, weighted, by location and log-scale and by the shape."""
        with torch.enable_grad():
            lead.requires_grad_(), shape.requires_grad_()
            total = (self.mechanism.log_prob(self.targets, Params(lead, shape)) * weights).sum()
            found = torch.autograd.grad(total, (lead, shape))
        return found[0], found[1]
