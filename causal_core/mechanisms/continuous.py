"""Continuous variables: x = a + exp(s) · g(u), g a monotone spline, u ~ N(0, 1).

Strictly increasing in the noise, so that abduction is unique (triangular monotone
maps: Javaloy, Sánchez-Martín & Valera 2023; bijective generation mechanisms:
Nasr-Esfahany, Alizadeh & Shah 2023).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from causal_core.mechanisms import spline
from causal_core.mechanisms.base import standard_normal
from causal_core.mechanisms.spline import Spline

LOCATION, LOG_SCALE, SHAPE = 0, 1, 2
WIDTH = 2 + spline.WIDTH
_LOG_SCALE_BOUND = 5.0
_HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)


def bounded(raw: Tensor) -> Tensor:
    """A log-scale that cannot run away: the identity near 0, ±5 at most."""
    return _LOG_SCALE_BOUND * torch.tanh(raw / _LOG_SCALE_BOUND)


@dataclass(frozen=True)
class MonotoneMap:
    """Codes ↔ noise for ordered variables; `centre` and `scale` are the column's own."""

    centre: float | Tensor
    scale: float | Tensor

    def several_to_noise(self, codes: tuple[Tensor, ...], params: Tensor) -> list[Tensor]:
        """u for several codes of the same rows; the spline's knots are found once."""
        shrink = torch.exp(-bounded(params[..., LOG_SCALE]))
        curve = Spline(params[..., SHAPE:WIDTH])
        standard = ((each - self.centre) / self.scale for each in codes)
        return [curve.forward((each - params[..., LOCATION]) * shrink)[0] for each in standard]

    def to_noise(self, codes: Tensor, params: Tensor) -> tuple[Tensor, Tensor]:
        """(u, log du/dx) for codes [...] and params [..., WIDTH]."""
        log_scale = bounded(params[..., LOG_SCALE])
        standard = (codes - self.centre) / self.scale
        residual = (standard - params[..., LOCATION]) * torch.exp(-log_scale)
        noise, log_slope = Spline(params[..., SHAPE:WIDTH]).forward(residual)
        return noise, log_slope - log_scale - _log(self.scale)

    def to_codes(self, noise: Tensor, params: Tensor) -> Tensor:
        """The real number in the column's unit that the noise produces."""
        residual = Spline(params[..., SHAPE:WIDTH]).inverse(noise)
        scale = torch.exp(bounded(params[..., LOG_SCALE]))
        return (params[..., LOCATION] + scale * residual) * self.scale + self.centre


def _log(scale: float | Tensor) -> float | Tensor:
    return torch.log(scale) if isinstance(scale, Tensor) else math.log(scale)


@dataclass(frozen=True)
class Continuous:
    """The mechanism of a continuous variable (laws: `causal_core.mechanisms.base`)."""

    centre: float | Tensor = 0.0
    scale: float | Tensor = 1.0

    width = WIDTH
    noise_dims = 0
    unique_noise = True

    @property
    def _map(self) -> MonotoneMap:
        return MonotoneMap(self.centre, self.scale)

    def forward(self, noise: Tensor, params: Tensor) -> Tensor:
        return self._map.to_codes(noise, params)

    def abduct(self, codes: Tensor, params: Tensor, uniform: Tensor) -> Tensor:
        return self._map.to_noise(codes, params)[0]

    def log_prob(self, codes: Tensor, params: Tensor) -> Tensor:
        noise, log_slope = self._map.to_noise(codes, params)
        return log_slope - 0.5 * noise * noise - _HALF_LOG_2PI

    def base_noise(self, uniform: Tensor) -> Tensor:
        return standard_normal(uniform)
