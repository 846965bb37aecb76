"""Levels without an order: x = argmax_k (θ_k + u_k) with Gumbel noise.

Abduction draws the noise from its exact posterior by truncated Gumbels (Oberst &
Sontag 2019, section 3.1; Maddison, Tarlow & Minka 2014). For three levels and more
the data do not fix this choice: it is a convention, and is shown as one.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from causal_core.mechanisms.base import Params


def gumbel(uniform: Tensor) -> Tensor:
    """Uniforms in (0, 1) → standard Gumbel noise."""
    tiny = torch.finfo(uniform.dtype).tiny
    exponential = -torch.log(uniform.clamp_min(tiny))
    return -torch.log(exponential.clamp_min(tiny))


@dataclass(frozen=True)
class Nominal:
    """The mechanism of a categorical variable with `levels` levels."""

    levels: int

    unique_noise = False

    @property
    def width(self) -> int:
        return self.levels

    @property
    def noise_dims(self) -> int:
        return self.levels

    def _logits(self, params: Params) -> Tensor:
        return torch.log_softmax(params.lead[..., : self.levels], dim=-1)

    def forward(self, noise: Tensor, params: Params) -> Tensor:
        return (self._logits(params) + noise).argmax(-1).to(params.lead.dtype)

    def abduct(self, codes: Tensor, params: Params, uniform: Tensor) -> Tensor:
        """Posterior Gumbel noise; `uniform` is [..., levels]."""
        logits = self._logits(params)
        free = gumbel(uniform)
        chosen = torch.nn.functional.one_hot(codes.long(), self.levels).bool()
        top = free.masked_fill(~chosen, -torch.inf).amax(-1, keepdim=True)
        below = -torch.logaddexp(-(logits + free), -top)
        return torch.where(chosen, top, below) - logits

    def log_prob(self, codes: Tensor, params: Params) -> Tensor:
        logits = self._logits(params)
        index = codes.long().clamp(0, self.levels - 1).unsqueeze(-1)
        return torch.take_along_dim(logits, index, -1).squeeze(-1)

    def base_noise(self, uniform: Tensor) -> Tensor:
        return gumbel(uniform)
