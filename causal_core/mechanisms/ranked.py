"""Levels that one noise moves through in an order: the monotone coupling.

The shares are the softmax's, as for Gumbel noise (`nominal`), so that seeing and doing are
the same; only counterfactuals differ, because the same noise that was high stays high. The
data cannot tell the two apart: whoever says that the levels have an order chooses this one
(Pearl 2009, section 9.2: monotonicity; Balke & Pearl 1994 for what is left open without).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from causal_core.mechanisms.base import Params, standard_normal
from causal_core.mechanisms.interval import FAR, truncated_normal
from causal_core.mechanisms.nominal import Nominal


@dataclass(frozen=True)
class Ranked(Nominal):
    """The mechanism of a categorical variable; `order` lists its codes from least to greatest."""

    order: tuple[int, ...] = ()

    @property
    def noise_dims(self) -> int:
        return 0

    def _edges(self, params: Params) -> Tensor:
        """The noises at which the next level begins [..., rows, levels + 1]."""
        logits = self._logits(params)[..., list(self.order)]
        below = torch.cumsum(torch.exp(logits), dim=-1)[..., :-1]
        above = torch.flip(torch.cumsum(torch.exp(torch.flip(logits, [-1])), -1), [-1])[..., 1:]
        lower, upper = torch.special.ndtri(below), -torch.special.ndtri(above)
        inner = torch.where(below < above, lower, upper).clamp(-FAR, FAR)
        far = torch.full_like(logits[..., :1], FAR)
        return torch.cat([-far, torch.cummax(inner, dim=-1).values, far], dim=-1)

    def bounds(self, codes: Tensor, params: Params) -> tuple[Tensor, Tensor]:
        """The interval of noise that gives each code."""
        edges = self._edges(params)
        places = torch.argsort(torch.tensor(self.order))
        at = places[codes.long().clamp(0, self.levels - 1)].unsqueeze(-1)
        low = torch.take_along_dim(edges, at, -1).squeeze(-1)
        return low, torch.take_along_dim(edges, at + 1, -1).squeeze(-1)

    def forward(self, noise: Tensor, params: Params) -> Tensor:
        passed = (noise.unsqueeze(-1) > self._edges(params)[..., 1:-1]).sum(-1)
        return torch.tensor(self.order)[passed].to(params.lead.dtype)

    def abduct(self, codes: Tensor, params: Params, uniform: Tensor) -> Tensor:
        return truncated_normal(*self.bounds(codes, params), uniform).to(params.lead.dtype)

    def base_noise(self, uniform: Tensor) -> Tensor:
        return standard_normal(uniform)
