"""Monotone rational-quadratic splines with linear tails.

Durkan, Bekasov, Murray & Papamakarios (2019), *Neural Spline Flows*, equations 4–8.
The spline maps [−BOUND, BOUND] onto itself; outside it goes on straight with the
slope of its last knot. Parameters of zero give the identity. Slopes are bounded so
that a round trip keeps its digits in float32.
"""

from __future__ import annotations

import torch
from torch import Tensor

BINS = 8
BOUND = 4.0
WIDTH = 3 * BINS + 1
_LEAST_BIN = 0.025
_LOG_SLOPE = 3.0


def _knots(raw: Tensor) -> Tensor:
    """Unnormalised bin sizes [..., BINS] → knots [..., BINS + 1] from −BOUND to BOUND."""
    grown = torch.exp(raw - raw.amax(-1, keepdim=True))  # softmax itself is slow on short rows
    share = _LEAST_BIN + (1 - BINS * _LEAST_BIN) * grown / grown.sum(-1, keepdim=True)
    inner = torch.cumsum(share[..., :-1], dim=-1) * (2 * BOUND) - BOUND
    low = torch.full_like(inner[..., :1], -BOUND)
    return torch.cat([low, inner, -low], dim=-1)


def _slopes(raw: Tensor) -> Tensor:
    return torch.exp(_LOG_SLOPE * torch.tanh(raw / _LOG_SLOPE))


class Spline:
    """The spline whose parameters are `params` [..., rows or 1, WIDTH]; knots are found once."""

    def __init__(self, params: Tensor) -> None:
        widths, heights, slopes = params.split([BINS, BINS, BINS + 1], dim=-1)
        self.x = _knots(widths)
        self.y = _knots(heights)
        self.slope = _slopes(slopes)
        self._shared = params.shape[-2] == 1

    def _bin(self, at: Tensor, knots: Tensor) -> tuple[Tensor, ...]:
        """The bin of each point: its x, width, y, height and the slopes at its ends."""
        above = at.unsqueeze(-1) >= knots[..., 1:-1]
        if self._shared:
            return self._picked(above.to(knots.dtype))
        index = above.sum(-1, keepdim=True)

        def take(values: Tensor, offset: int = 0) -> Tensor:
            spread = values.expand(*index.shape[:-1], values.shape[-1])
            return torch.gather(spread, -1, index + offset).squeeze(-1)

        x, y = take(self.x), take(self.y)
        return x, take(self.x, 1) - x, y, take(self.y, 1) - y, take(self.slope), take(self.slope, 1)

    def _picked(self, above: Tensor) -> tuple[Tensor, ...]:
        """The same by one product of 0s and 1s, exact, where all rows share the knots."""
        one = torch.ones_like(above[..., :1])
        chosen = torch.cat([one, above], -1) - torch.cat([above, torch.zeros_like(one)], -1)
        x, y, slope = (each.squeeze(-2) for each in (self.x, self.y, self.slope))
        ends = (x[..., :-1], x.diff(), y[..., :-1], y.diff(), slope[..., :-1], slope[..., 1:])
        return (chosen @ torch.stack(ends, dim=-1)).unbind(-1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(y, log dy/dx) for x [...] (equations 4 and 5)."""
        inside = x.clamp(-BOUND, BOUND)
        left, width, low, height, d0, d1 = self._bin(inside, self.x)
        mean = height / width
        t = (inside - left) / width
        bow = t * (1 - t)
        bottom = mean + (d1 + d0 - 2 * mean) * bow
        y = low + height * (mean * t * t + d0 * bow) / bottom
        top = d1 * t * t + 2 * mean * bow + d0 * (1 - t) ** 2
        log_slope = 2 * torch.log(mean) + torch.log(top) - 2 * torch.log(bottom)
        return self._tails(x, inside, y, log_slope)

    def _tails(
        self, x: Tensor, inside: Tensor, y: Tensor, log_slope: Tensor
    ) -> tuple[Tensor, Tensor]:
        slope = torch.where(x < 0, self.slope[..., 0], self.slope[..., -1])
        outside = x != inside
        y = torch.where(outside, inside + slope * (x - inside), y)
        return y, torch.where(outside, torch.log(slope), log_slope)

    def inverse(self, y: Tensor) -> Tensor:
        """x with forward(x) = y (equations 6–8, in the form that does not cancel)."""
        inside = y.clamp(-BOUND, BOUND)
        left, width, low, height, d0, d1 = self._bin(inside, self.y)
        mean = height / width
        rise = inside - low
        bend = rise * (d1 + d0 - 2 * mean)
        a = height * (mean - d0) + bend
        b = height * d0 - bend
        c = -mean * rise
        root = torch.sqrt((b * b - 4 * a * c).clamp_min(0))
        x = left + width * (2 * c) / (-b - root)
        slope = torch.where(y < 0, self.slope[..., 0], self.slope[..., -1])
        return torch.where(y != inside, inside + (y - inside) / slope, x)
