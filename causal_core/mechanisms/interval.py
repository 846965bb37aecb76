"""Whole numbers and ordered levels: a monotone map seen through steps.

With T the increasing map from values to noise, P(x = k) = Φ(T(k + ½)) − Φ(T(k − ½)):
no dequantisation noise. The lowest level takes the whole lower tail and the highest
the upper one, so no count is ever negative. Many noises give the same level; abduction
draws one from the normal truncated to that interval.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from causal_core.mechanisms.base import Params, standard_normal
from causal_core.mechanisms.continuous import WIDTH, MonotoneMap

FAR = 30.0  # Φ(30) is 1 and its log has a finite slope, which infinity has not
_EDGE = 1e-9  # keeps a drawn noise off the interval's ends, where rounding could cross


def log_interval(low: Tensor, high: Tensor) -> Tensor:
    """log(Φ(high) − Φ(low)) for low < high, accurate in both tails."""
    flip = low > 0
    left, right = torch.where(flip, -high, low), torch.where(flip, -low, high)
    log_left, log_right = torch.special.log_ndtr(left), torch.special.log_ndtr(right)
    gap = (log_left - log_right).clamp(max=-1e-7)
    return torch.as_tensor(log_right + torch.log(-torch.expm1(gap)))


def truncated_normal(low: Tensor, high: Tensor, uniform: Tensor) -> Tensor:
    """The `uniform`-quantile of N(0, 1) truncated to (low, high), in float64."""
    low, high, share = low.double(), high.double(), uniform.double().clamp(_EDGE, 1 - _EDGE)
    flip = low > 0  # Φ is exact in its lower tail only
    left, right = torch.where(flip, -high, low), torch.where(flip, -low, high)
    share = torch.where(flip, 1 - share, share)
    p = torch.special.ndtr(left) * (1 - share) + torch.special.ndtr(right) * share
    drawn = torch.special.ndtri(p.clamp(1e-300, 1 - 1e-16))
    drawn = torch.minimum(torch.maximum(drawn, left), right)
    return torch.where(flip, -drawn, drawn)


@dataclass(frozen=True)
class Interval:
    """The mechanism of an integer or ordinal variable.

    `floor` and `ceiling` are the least and greatest code; ±inf where there is none.
    """

    centre: float | Tensor = 0.0
    scale: float | Tensor = 1.0
    floor: float | Tensor = -math.inf
    ceiling: float | Tensor = math.inf

    width = WIDTH
    noise_dims = 0
    unique_noise = False

    @property
    def _map(self) -> MonotoneMap:
        return MonotoneMap(self.centre, self.scale)

    def bounds(self, codes: Tensor, params: Params) -> tuple[Tensor, Tensor]:
        """The interval of noise that gives each code."""
        low, high = (
            noise.clamp(-FAR, FAR)
            for noise in self._map.several_to_noise((codes - 0.5, codes + 0.5), params)
        )
        low = torch.where(codes <= self.floor, torch.full_like(low, -FAR), low)
        high = torch.where(codes >= self.ceiling, torch.full_like(high, FAR), high)
        return low, high

    def forward(self, noise: Tensor, params: Params) -> Tensor:
        codes = torch.floor(self._map.to_codes(noise, params) + 0.5)
        floor = torch.as_tensor(self.floor, dtype=codes.dtype)
        ceiling = torch.as_tensor(self.ceiling, dtype=codes.dtype)
        return torch.minimum(torch.maximum(codes, floor), ceiling)

    def abduct(self, codes: Tensor, params: Params, uniform: Tensor) -> Tensor:
        low, high = self.bounds(codes, params)
        return truncated_normal(low, high, uniform).to(params.lead.dtype)

    def log_prob(self, codes: Tensor, params: Params) -> Tensor:
        return log_interval(*self.bounds(codes, params))

    def base_noise(self, uniform: Tensor) -> Tensor:
        return standard_normal(uniform)
