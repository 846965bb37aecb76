"""Monotone rational-quadratic splines with linear tails.

Durkan, Bekasov, Murray & Papamakarios (2019), *Neural Spline Flows*, equations 4–8.
The spline maps [−BOUND, BOUND] onto itself; outside it goes on straight with the
slope of its last knot. Parameters of zero give the identity. Slopes are bounded so
that a round trip keeps its digits in float32.

Derivatives are written out: autograd's many small steps took most of a fit's time. Rows
stand last, so that every step runs along them.
"""

from __future__ import annotations

from functools import cache
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
        dtype = torch.promote_types(x.dtype, self.knots.dtype)
        both = x.to(dtype), self.knots.to(dtype)
        found: tuple[Tensor, Tensor] = _Curve.apply(*both)  # type: ignore[no-untyped-call]
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
        raw = params.movedim(-1, 0)
        flat = raw.reshape(WIDTH, -1)
        share = torch.softmax(flat[: 2 * BINS].view(2, BINS, -1), 1)
        risen = (flat[2 * BINS :] * (2 / _LOG_SLOPE)).sigmoid_()  # tanh by it: that is faster
        knots = flat.new_empty((3, BINS + 1, flat.shape[1]))
        widths, least = _places(flat.dtype, flat.device)
        torch.baddbmm(least, widths.expand(2, -1, -1), share, out=knots[:2])
        torch.exp((2 * _LOG_SLOPE) * risen - _LOG_SLOPE, out=knots[2])
        ctx.save_for_backward(share, risen, knots)
        return knots.view(3, BINS + 1, *raw.shape[1:])

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, to_knots: Tensor) -> Tensor:
        share, risen, knots = ctx.saved_tensors
        to_places, to_slopes = to_knots.reshape(knots.shape).tensor_split([2])
        found = to_knots.new_empty((WIDTH, knots.shape[2]))
        sizes, slopes = found[: 2 * BINS].view(share.shape), found[2 * BINS :]
        to_share = torch.matmul(_places(knots.dtype, knots.device)[0].T, to_places)
        torch.sub(to_share, (to_share * share).sum(1, keepdim=True), out=sizes).mul_(share)
        torch.mul(to_slopes.squeeze(0), knots[2], out=slopes)
        slopes.mul_(risen.mul(4).addcmul_(risen, risen, value=-4))
        return found.view(WIDTH, *to_knots.shape[2:]).movedim(0, -1)


@cache
def _places(dtype: torch.dtype, device: torch.device) -> tuple[Tensor, Tensor]:
    """Bins' shares [BINS] → knots' places: `widths` @ shares + `least`; the ends are fixed."""
    widths = torch.full((BINS + 1, BINS), 2 * BOUND * _ROOM, dtype=dtype, device=device).tril_(-1)
    widths[-1] = 0
    least = torch.linspace(-BOUND, BOUND - 2 * BOUND * _ROOM, BINS + 1, dtype=dtype, device=device)
    least[-1] = BOUND
    return widths, least.unsqueeze(1)


class _Curve(Function):
    """x and knots → y and log dy/dx.

    The slope's numerator is a parabola, found by linear steps between its corners d0, the
    mean and d1 (de Casteljau); the first step gives y's numerator as well.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, knots: Tensor) -> tuple[Tensor, Tensor]:
        inside = x.clamp(-BOUND, BOUND)
        index = _bins(knots[0], inside)
        left, width, low, height, d0, d1 = _ends(knots, index)
        mean = height / width
        t = (inside - left).div_(width)
        bow = torch.addcmul(t, t, t, value=-1)
        first, second = torch.lerp(d0, mean, t), torch.lerp(mean, d1, t)
        top = torch.lerp(first, second, t)
        bend = (d0 + d1).sub_(mean, alpha=2)
        bottom = torch.addcmul(mean, bend, bow)
        share = (first * t).div_(bottom)
        slope = (mean / bottom).square_().mul_(top)
        beyond = x - inside  # the tails have the slope of the end, which is `slope` there
        ctx.save_for_backward(
            index, knots, t, width, height, mean, d0, first, second, bend, bottom, share, top,
            beyond, slope,
        )  # fmt: skip
        y = torch.addcmul(low, height, share).addcmul_(beyond, slope)
        return y, torch.log(slope)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, to_y: Tensor, to_log: Tensor) -> tuple[Tensor, Tensor]:
        (
            index, knots, t, width, height, mean, d0, first, second, bend, bottom, share, top,
            beyond, slope,
        ) = ctx.saved_tensors  # fmt: skip
        to_tail = to_y * slope
        to_log = torch.addcmul(to_log, to_tail, beyond)
        squared, bow = t * t, torch.addcmul(t, t, t, value=-1)
        to_over = (to_y * height).div_(bottom)
        to_bottom = (to_over * share).add_(to_log / bottom, alpha=2).neg_()
        to_top = to_log / top
        to_t = bend * to_bottom
        to_t = to_t.addcmul_(to_t, t, value=-2)
        to_t.addcmul_(to_over, first, value=2).addcmul_(to_over, d0, value=-1)
        to_t.addcmul_(to_top, second - first, value=2)
        steep = (to_top - to_bottom).mul_(bow).add_(to_log / mean)
        to_mean = torch.addcmul(to_bottom, to_over, squared).add_(steep, alpha=2)
        to_d1 = (bow * to_bottom).addcmul_(to_top, squared)
        to_d0 = (to_bottom + to_over).mul_(bow).add_(to_top).addcmul_(to_top, t + bow, value=-1)
        to_x = to_t / width
        to_height = torch.addcmul(to_mean / width, to_y, share)
        to_width = torch.addcmul(to_t * t, to_mean, mean).div_(width).neg_()
        starts = torch.stack([-to_x - to_width, to_y - to_height, to_d0])
        ends = torch.stack([to_width, to_height, to_d1])
        return torch.where(beyond == 0, to_x, to_tail), _spread(knots, index, starts, ends)


def _bins(knots: Tensor, at: Tensor) -> Tensor:
    """In which bin each point lies: knots [BINS + 1, ..., rows or 1], at [..., rows]."""
    passed = (at >= knots[1:-1]).view(torch.uint8)  # summed in 64 bits they take six times as long
    return passed.sum(0, dtype=torch.uint8).long()


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
