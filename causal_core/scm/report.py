"""How well each equation fits, on rows that it has not learned from."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from causal_core.mechanisms.binary import Binary
from causal_core.mechanisms.interval import Interval
from causal_core.rng import derive_seed
from causal_core.scm.equation import Equation
from causal_core.tables.schema import Kind

_BINS = 10


@dataclass(frozen=True)
class NodeReport:
    """One equation's quality.

    `held_out` and `linear`: mean log-likelihood per held-out row of the chosen rung and
    of the simplest one, in nats; `margin_se`: standard error of their difference. `pit`:
    shares of Φ(noise) in ten equal bins, all near 0.1 when the noise is calibrated;
    `calibration`: the greatest gap between Φ(noise) and the uniform (Kolmogorov); `doubt`:
    what speaks against counterfactuals from this equation, or nothing.
    """

    name: str
    kind: Kind
    parents: tuple[str, ...]
    rung: str
    rows: int
    held_out: float
    linear: float
    margin_se: float
    pit: tuple[float, ...]
    calibration: float
    doubt: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON-able values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> NodeReport:
        """The report of `to_dict`."""
        kind, parents, pit = Kind(stored["kind"]), tuple(stored["parents"]), tuple(stored["pit"])
        return cls(**{**stored, "kind": kind, "parents": parents, "pit": pit})


def margin(chosen: Tensor, simple: Tensor) -> tuple[float, float]:
    """Mean and standard error of the row-wise difference of two log-likelihoods [rows]."""
    gain = (chosen - simple).double()
    return float(gain.mean()), float(gain.std()) / math.sqrt(max(1, len(gain)))


def calibration(
    equation: Equation, context: Tensor, codes: Tensor, seed: int
) -> tuple[tuple[float, ...], float]:
    """(histogram, Kolmogorov distance) of the probability integral transform.

    For discrete variables it is randomised within the level's interval (Czado, Gneiting &
    Held 2009), so that it too is uniform under the true model.
    """
    stream = torch.Generator().manual_seed(derive_seed(seed, "pit", equation.variable.name))
    uniform = torch.rand(codes.shape, generator=stream)
    transformed = _transform(equation, context, codes, uniform).double().numpy()
    if not len(transformed):
        return (1 / _BINS,) * _BINS, 0.0
    shares = np.histogram(transformed, bins=_BINS, range=(0, 1))[0] / len(transformed)
    ordered = np.sort(transformed)
    steps = np.arange(1, len(ordered) + 1) / len(ordered)
    gap = np.maximum(steps - ordered, ordered - steps + 1 / len(ordered)).max()
    return tuple(float(s) for s in shares), float(gap)


def _transform(equation: Equation, context: Tensor, codes: Tensor, uniform: Tensor) -> Tensor:
    params = equation.params(context.unsqueeze(0), (0,)).map(lambda part: part.squeeze(0))
    mechanism = equation.mechanism
    if equation.variable.kind is Kind.CATEGORICAL:
        chances = torch.softmax(params.lead, dim=-1).expand(len(codes), -1)
        below = torch.cumsum(chances, dim=-1) - chances
        at = codes.long().unsqueeze(-1)
        return (below.gather(-1, at) + uniform.unsqueeze(-1) * chances.gather(-1, at)).squeeze(-1)
    if isinstance(mechanism, Interval | Binary):
        low, high = mechanism.bounds(codes, params)
        below = torch.as_tensor(torch.special.ndtr(low))
        return torch.as_tensor(below + uniform * (torch.special.ndtr(high) - below))
    return torch.as_tensor(torch.special.ndtr(mechanism.abduct(codes, params, uniform)))
