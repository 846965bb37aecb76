"""What an unmeasured common cause may have done: two noises coupled by a Gaussian copula.

Where x → y and x ↔ y, the effect of x on y is not identified. The fitted equation
y = h(x, e) takes e as independent of x. Say instead that the noises of x and y are normal
with correlation ρ. With I the noises that give x its value, the same observed rows come
from

    y = h(x, e),    Φ(e) = P(U_y ≤ u_y | U_x ∈ I),

for every ρ: the likelihood is flat and no data can tell. Under do(x) the noise u_y is what
it was, and e moves with I (for one number: e = (u_y − ρ u_x) / √(1 − ρ²)). A sensitivity
parameter in the sense of Rosenbaum & Rubin (1983).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from causal_core.errors import QuestionError
from causal_core.mechanisms.base import Params
from causal_core.mechanisms.binary import Binary
from causal_core.mechanisms.choose import AnyMechanism
from causal_core.mechanisms.interval import Interval, truncated_normal
from causal_core.mechanisms.ranked import Ranked

if TYPE_CHECKING:
    from causal_core.scm.model import StructuralCausalModel

STRONGEST = 0.95
_NODES = 32
_FAR = 8.0
_HALVINGS = 48
_TINY = 1e-300


@dataclass(frozen=True)
class Coupling:
    """The noise of an effect has correlation `rho` with that of its `cause`."""

    cause: str
    rho: float

    def residual(self, noise: Tensor, low: Tensor, high: Tensor) -> Tensor:
        """e for noises u_y, where the cause's noise lies between `low` and `high`."""
        spread = (1 - self.rho**2) ** 0.5
        if low is high:
            return torch.as_tensor((noise - self.rho * low) / spread)
        places = (torch.arange(_NODES, dtype=torch.float64) + 0.5) / _NODES
        inside = truncated_normal(low.unsqueeze(-1), high.unsqueeze(-1), places)
        at = (noise.double().unsqueeze(-1) - self.rho * inside) / spread
        below, above = torch.special.ndtr(at).mean(-1), torch.special.ndtr(-at).mean(-1)
        lower = torch.special.ndtri(below.clamp_min(_TINY))
        upper = -torch.special.ndtri(above.clamp_min(_TINY))
        return torch.where(below < above, lower, upper).to(noise.dtype)

    def noise(self, residual: Tensor, low: Tensor, high: Tensor) -> Tensor:
        """u_y whose `residual` this is, by halving."""
        if low is high:
            return torch.as_tensor(self.rho * low + (1 - self.rho**2) ** 0.5 * residual)
        residual, low, high = torch.broadcast_tensors(residual, low, high)
        left, right = torch.full_like(residual, -2 * _FAR), torch.full_like(residual, 2 * _FAR)
        for _ in range(_HALVINGS):
            middle = (left + right) / 2
            over = self.residual(middle, low, high) > residual
            left, right = torch.where(over, left, middle), torch.where(over, middle, right)
        return (left + right) / 2


def interval(mechanism: AnyMechanism, codes: Tensor, params: Params) -> tuple[Tensor, Tensor]:
    """The least and greatest noise that gives `codes`; one and the same where it is unique."""
    if isinstance(mechanism, Interval | Binary | Ranked):
        return mechanism.bounds(codes, params)
    point = mechanism.abduct(codes, params, codes)
    return point, point


def coupled_effects(model: StructuralCausalModel, cause: str) -> tuple[str, ...]:
    """The children of `cause` that share an unmeasured cause with it.

    Raises QuestionError where ρ cannot be said: for a variable whose levels have no order.
    """
    graph = model.graph.project()
    siblings = graph.siblings(cause)
    found = tuple(n for n in model.contexts if n in siblings and cause in graph.parents(n))
    for name in (cause, *found):
        if found and model.equations[name].mechanism.noise_dims:
            raise QuestionError(
                f"“{name}” has levels without an order, so its noise has no direction.",
                "The ρ slider needs an ordered cause and outcome.",
            )
    return found
