"""Two levels: x = 1 where u > −θ, so that P(x = 1) = Φ(θ), a probit."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from causal_core.mechanisms.base import Params, standard_normal
from causal_core.mechanisms.interval import FAR, truncated_normal


@dataclass(frozen=True)
class Binary:
    """The mechanism of a binary variable (laws: `causal_core.mechanisms.base`)."""

    width = 1
    noise_dims = 0
    unique_noise = False

    def bounds(self, codes: Tensor, params: Params) -> tuple[Tensor, Tensor]:
        """The interval of noise that gives each code."""
        threshold = (-params.lead[..., 0]).clamp(-FAR, FAR)
        far = torch.full_like(threshold, FAR)
        return torch.where(codes > 0.5, threshold, -far), torch.where(codes > 0.5, far, threshold)

    def forward(self, noise: Tensor, params: Params) -> Tensor:
        return (noise > -params.lead[..., 0]).to(params.lead.dtype)

    def abduct(self, codes: Tensor, params: Params, uniform: Tensor) -> Tensor:
        return truncated_normal(*self.bounds(codes, params), uniform).to(params.lead.dtype)

    def log_prob(self, codes: Tensor, params: Params) -> Tensor:
        sign = torch.where(codes > 0.5, 1.0, -1.0).to(params.lead.dtype)
        return torch.as_tensor(torch.special.log_ndtr(sign * params.lead[..., 0]))

    def base_noise(self, uniform: Tensor) -> Tensor:
        return standard_normal(uniform)
