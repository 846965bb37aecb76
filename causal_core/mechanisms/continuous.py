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

from causal_core.mechanisms.base import Params, standard_normal
from causal_core.mechanisms.spline import Spline

LOCATION, LOG_SCALE = 0, 1
WIDTH = 2
_LOG_SCALE_BOUND = 5.0
_FAR = 1024.0
_HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)


def bounded(raw: Tensor) -> Tensor:
    """A log-scale that cannot run away: the identity near 0, ±5 at most."""
    return _LOG_SCALE_BOUND * torch.tanh(raw / _LOG_SCALE_BOUND)


def is_far(centre: float, scale: float) -> bool:
    """Whether a column lies so far from zero that float32 would lose what differs in it.

    Its codes are float64 then; noise and parameters stay what they are.
    """
    return abs(centre) > _FAR * scale


@dataclass(frozen=True)
class MonotoneMap:
    """Codes ↔ noise for ordered variables; `centre` and `scale` are the column's own."""

    centre: float | Tensor
    scale: float | Tensor

    def several_to_noise(self, codes: tuple[Tensor, ...], params: Params) -> list[Tensor]:
        """u for several codes of the same rows; the spline's knots are found once."""
        location, log_scale = params.lead[..., LOCATION], bounded(params.lead[..., LOG_SCALE])
        shrink = torch.exp(-log_scale)
        residuals = [(self._standard(each, params) - location) * shrink for each in codes]
        if params.shape is None:
            return residuals
        curve = Spline(params.shape)
        return [curve.forward(residual)[0] for residual in residuals]

    def to_noise(self, codes: Tensor, params: Params) -> tuple[Tensor, Tensor]:
        """(u, log du/dx) for codes [..., rows]."""
        log_scale = bounded(params.lead[..., LOG_SCALE])
        standard = self._standard(codes, params)
        noise = (standard - params.lead[..., LOCATION]) * torch.exp(-log_scale)
        log_slope = -log_scale - _log(self.scale, log_scale.dtype)
        if params.shape is None:
            return noise, log_slope
        noise, steeper = Spline(params.shape).forward(noise)
        return noise, steeper + log_slope

    def to_codes(self, noise: Tensor, params: Params) -> Tensor:
        """The real number in the column's unit that the noise produces."""
        residual = noise if params.shape is None else Spline(params.shape).inverse(noise)
        scale = torch.exp(bounded(params.lead[..., LOG_SCALE]))
        standard = params.lead[..., LOCATION] + scale * residual
        if isinstance(self.centre, float) and is_far(self.centre, float(self.scale)):
            standard = standard.double()
        return standard * self.scale + self.centre

    def _standard(self, codes: Tensor, params: Params) -> Tensor:
        return ((codes - self.centre) / self.scale).to(params.lead.dtype)


def _log(scale: float | Tensor, dtype: torch.dtype) -> float | Tensor:
    return torch.log(scale).to(dtype) if isinstance(scale, Tensor) else math.log(scale)


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

    def forward(self, noise: Tensor, params: Params) -> Tensor:
        return self._map.to_codes(noise, params)

    def abduct(self, codes: Tensor, params: Params, uniform: Tensor) -> Tensor:
        return self._map.to_noise(codes, params)[0]

    def log_prob(self, codes: Tensor, params: Params) -> Tensor:
        noise, log_slope = self._map.to_noise(codes, params)
        return torch.addcmul(log_slope - _HALF_LOG_2PI, noise, noise, value=-0.5)

    def base_noise(self, uniform: Tensor) -> Tensor:
        return standard_normal(uniform)
