"""What every structural equation's mechanism promises.

A mechanism turns noise into a value once its parameters are known; the parameters
come from a network that has read the parents. Writing x = f(u; θ), with θ the
parameters, the laws are

    forward(abduct(x, θ, v), θ) = x              for every v in (0, 1)
    abduct(forward(u, θ), θ, v) = u              where the noise is unique
    u ~ base  ⇒  forward(u, θ) ~ exp(log_prob(·, θ))

so that abduction, action and prediction (Pearl 2009, theorem 7.1.7) return the
factual row under the factual action. `tests/laws` holds every mechanism to them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

import torch
from torch import Tensor


class Params(NamedTuple):
    """What an equation has read off the parents for its mechanism.

    `lead` [..., rows, width]: location and log-scale of an ordered variable, or scores of
    levels. `shape` [..., rows or 1, spline.WIDTH]: the spline of an ordered variable's
    noise, one for all rows or one each; None for noise that is plainly normal.
    """

    lead: Tensor
    shape: Tensor | None = None

    def map(self, change: Callable[[Tensor], Tensor]) -> Params:
        """The same change to both parts."""
        return Params(change(self.lead), None if self.shape is None else change(self.shape))


class Mechanism(Protocol):
    """x = f(u; θ), batched over every leading dimension.

    `codes` has shape [..., rows], and so has `noise` where `noise_dims` is 0, else
    [..., rows, noise_dims]. Tensors may be float32 or float64; what comes back has the
    dtype of `params`.
    """

    @property
    def width(self) -> int:
        """How many parameters per row the mechanism reads (`Params.lead`)."""
        ...

    @property
    def noise_dims(self) -> int:
        """0 for one noise number per row, else the length of its noise vector."""
        ...

    @property
    def unique_noise(self) -> bool:
        """Whether a value and its parameters determine the noise."""
        ...

    def forward(self, noise: Tensor, params: Params) -> Tensor:
        """The codes that the noise produces."""
        ...

    def abduct(self, codes: Tensor, params: Params, uniform: Tensor) -> Tensor:
        """Noise that produces `codes`; `uniform` picks among the possible ones."""
        ...

    def log_prob(self, codes: Tensor, params: Params) -> Tensor:
        """Log density (ordered and continuous) or log probability of `codes`, in nats."""
        ...

    def base_noise(self, uniform: Tensor) -> Tensor:
        """Noise of the base distribution from uniforms shaped like the noise."""
        ...


def standard_normal(uniform: Tensor) -> Tensor:
    """Uniforms in (0, 1) → standard normal noise."""
    return torch.erfinv(2 * uniform - 1).mul_(2**0.5)
