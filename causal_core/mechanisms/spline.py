"""Monotone rational-quadratic splines with linear tails.

Durkan, Bekasov, Murray & Papamakarios (2019), *Neural Spline Flows*, equations 4–8.
The spline maps [−BOUND, BOUND] onto itself; outside it goes on straight with the
slope of its last knot. Parameters of zero give the identity. Slopes are bounded so
that a round trip keeps its digits in float32.

Derivatives are written out: autograd's many small steps took most of a fit's time. Rows
stand last, so that every step runs along them.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

BINS = 8
BOUND = 4.0
WIDTH = 3 * BINS + 1
_LEAST_BIN = 0.025
_LOG_SLOPE = 3.0
_ROOM = 1 - BINS * _LEAST_BIN


class Spline:
    """The spline whose parameters are `params` [..., rows or 1, WIDTH]; knots are found once.

    `knots` [3, BINS + 1, ..., rows or 1] holds their places x, values y and slopes.
    """

    def __init__(self, params: Tensor) -> None:
        self.knots: Tensor = _Knots.apply(params)  # type: ignore[no-untyped-call]

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(y, log dy/dx) for x [..., rows] (equations 4 and 5)."""
        found: tuple[Tensor, Tensor] = _Curve.apply(x, self.knots)  # type: ignore[no-untyped-call]
        return found

    def inverse(self, y: Tensor) -> Tensor:
        """x with forward(x) = y (equations 6–8, in the form that does not cancel)."""
        inside = y.clamp(-BOUND, BOUND)
        left, width, low, height, d0, d1 = _ends(self.knots, _bins(self.knots[1], inside))
        mean = height / width
        rise = inside - low
        bend = rise * (d1 + d0 - 2 * mean)
        a = height * (mean - d0) + bend
        b = height * d0 - bend
        c = 2 * mean * rise  # −2 times the c of the paper
        root = torch.sqrt((b * b + 2 * a * c).clamp_min(0))
        x = torch.where(y == inside, left + width * c / (b + root), inside)
        return torch.addcdiv(x, y - inside, torch.where(y < 0, d0, d1))


class _Knots(Function):
    """Parameters [..., WIDTH] → knots [3, BINS + 1, ...]."""

    @staticmethod
    def forward(ctx: Any, params: Tensor) -> Tensor:
        raw = params.movedim(-1, 0).contiguous()
        sizes = raw[: 2 * BINS].unflatten(0, (2, BINS))
        share = torch.softmax(sizes, 1)
        bent = (raw[2 * BINS :] * (2 / _LOG_SLOPE)).sigmoid_().mul_(2).sub_(1)  # tanh, faster
        knots = raw.new_empty((3, BINS + 1, *raw.shape[1:]))
        knots[:2, 0], knots[:2, -1] = -BOUND, BOUND
        bins = (2 * BOUND) * (_LEAST_BIN + _ROOM * share[:, :-1])
        knots[:2, 1:-1] = torch.cumsum(bins, 1) - BOUND
        knots[2] = torch.exp(_LOG_SLOPE * bent)
        ctx.save_for_backward(share, bent, knots[2])
        return knots

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, to_knots: Tensor) -> Tensor:
        share, bent, slopes = ctx.saved_tensors
        inner = to_knots[:2, 1:-1]
        behind = inner.sum(1, keepdim=True) - torch.cumsum(inner, 1) + inner
        pulled = share[:, :-1] * behind
        whole = pulled.sum(1, keepdim=True)
        to_sizes = torch.cat([pulled, torch.zeros_like(whole)], 1) - share * whole
        to_slopes = to_knots[2] * slopes * (1 - bent * bent)
        scaled = (2 * BOUND * _ROOM) * to_sizes.flatten(0, 1)
        return torch.cat([scaled, to_slopes]).movedim(0, -1)


class _Curve(Function):
    """x and knots → y and log dy/dx."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, knots: Tensor) -> tuple[Tensor, Tensor]:
        inside = x.clamp(-BOUND, BOUND)
        index = _bins(knots[0], inside)
        left, width, low, height, d0, d1 = _ends(knots, index)
        mean = height / width
        t = (inside - left) / width
        bow = t * (1 - t)
        bend = d1 + d0 - 2 * mean
        bottom = mean + bend * bow
        over = mean * t * t + d0 * bow
        top = d1 * t * t + 2 * mean * bow + d0 * (1 - t) ** 2
        slope = mean * mean * top / (bottom * bottom)
        beyond = x - inside  # the tails have the slope of the end, which is `slope` there
        ctx.save_for_backward(
            index, knots, t, width, height, mean, bend, bottom, over, top, d0, d1, beyond, slope
        )
        return low + height * over / bottom + beyond * slope, torch.log(slope)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, to_y: Tensor, to_log: Tensor) -> tuple[Tensor, Tensor]:
        index, knots, t, width, height, mean, bend, bottom, over, top, d0, d1, beyond, slope = (
            ctx.saved_tensors
        )
        to_log = to_log + to_y * beyond * slope
        rest, squared = 1 - t, t * t
        bow = t * rest
        to_over = to_y * height / bottom
        to_bottom = -(to_over * over + 2 * to_log) / bottom
        to_top = to_log / top
        to_bow = bend * to_bottom + d0 * to_over + 2 * mean * to_top
        to_t = to_bow * (rest - t) + 2 * (mean * t * to_over + to_top * (d1 * t - d0 * rest))
        to_mean = to_bottom * (1 - 2 * bow) + to_over * squared
        to_mean += 2 * (bow * to_top + to_log / mean)
        to_x = to_t / width
        to_width = -(to_mean * mean + to_t * t) / width
        to_height = to_y * over / bottom + to_mean / width
        to_d0 = bow * (to_bottom + to_over) + to_top * rest * rest
        to_d1 = bow * to_bottom + to_top * squared
        first = torch.stack([-to_x - to_width, to_y - to_height, to_d0])
        last = torch.stack([to_width, to_height, to_d1])
        return torch.where(beyond == 0, to_x, to_y * slope), _spread(knots, index, first, last)


def _bins(knots: Tensor, at: Tensor) -> Tensor:
    """In which bin each point lies: knots [BINS + 1, ..., rows or 1], at [..., rows]."""
    return (at >= knots[1:-1]).sum(0)


def _ends(knots: Tensor, index: Tensor) -> tuple[Tensor, ...]:
    """Of each point's bin: x, width, y, height and the slopes at its ends, each [..., rows]."""
    if knots.shape[-1] == 1:
        return _shared_ends(knots, index)
    table = knots.expand(3, BINS + 1, *index.shape)
    here = index.expand(3, 1, *index.shape)
    (left, low, d0), (right, high, d1) = (
        table.gather(1, place).squeeze(1) for place in (here, here + 1)
    )
    return left, right - left, low, high - low, d0, d1


def _shared_ends(knots: Tensor, index: Tensor) -> tuple[Tensor, ...]:
    """The same where all rows have the same knots: taken from one short table of all bins."""
    (left, low, d0), (right, high, d1) = knots[:, :-1], knots[:, 1:]
    table = torch.stack([left, right - left, low, high - low, d0, d1]).squeeze(-1).movedim(1, -1)
    table = table.expand(-1, *index.shape[:-1], BINS).flatten(1)
    first = torch.arange(0, table.shape[1], BINS).reshape(*index.shape[:-1], 1)
    found = table.index_select(1, (index + first.to(index.device)).flatten())
    return found.reshape(len(table), *index.shape).unbind(0)


def _spread(knots: Tensor, index: Tensor, first: Tensor, last: Tensor) -> Tensor:
    """What the two ends of each point's bin get [3, ..., rows], summed for each knot."""
    found = first.new_zeros((3, BINS + 1, *index.shape))
    here = index.expand(3, 1, *index.shape)
    found.scatter_(1, here, first.unsqueeze(1))
    found.scatter_add_(1, here + 1, last.unsqueeze(1))
    return found.sum_to_size(knots.shape)
