"""Which mechanism a variable gets, and the centre and scale that its numbers are put on."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from causal_core.mechanisms.binary import Binary
from causal_core.mechanisms.continuous import Continuous, is_far
from causal_core.mechanisms.interval import Interval
from causal_core.mechanisms.nominal import Nominal
from causal_core.tables.schema import Kind, Variable

_HEAVY = 5.0  # a standard deviation this many times the quartiles' is the tails' alone


@dataclass(frozen=True)
class Standard:
    """A column's centre, scale and the standardised range in which it was seen."""

    centre: float = 0.0
    scale: float = 1.0
    low: float = -1.0
    high: float = 1.0

    @property
    def far(self) -> bool:
        """Whether the column's codes need float64."""
        return is_far(self.centre, self.scale)

    @classmethod
    def of(cls, variable: Variable, codes: np.ndarray) -> Standard:
        """From the column's codes [rows]; missing cells (NaN) are left out."""
        seen = codes[np.isfinite(codes)]
        if variable.kind is Kind.BINARY:
            return cls(0.5, 1.0, -0.5, 0.5)
        # exact, and squares of very large or small numbers stay numbers
        unit = 2.0 ** float(np.frexp(np.abs(seen).max())[1] - 1)
        centre, scale = unit * float((seen / unit).mean()), unit * _scale(seen / unit)
        return cls(
            centre, scale, float(seen.min() - centre) / scale, float(seen.max() - centre) / scale
        )


def _scale(seen: np.ndarray) -> float:
    deviation = float(seen.std())
    low, high = np.quantile(seen, [0.25, 0.75])
    robust = float(high - low) / 1.349
    scale = robust if 0 < robust * _HEAVY < deviation else deviation
    return scale if scale > 0 else 1.0


AnyMechanism = Continuous | Interval | Binary | Nominal


def mechanism_for(variable: Variable, standard: Standard) -> AnyMechanism:
    """The mechanism fit for the variable's kind."""
    if variable.kind is Kind.CATEGORICAL:
        return Nominal(len(variable.levels))
    if variable.kind is Kind.BINARY:
        return Binary()
    if variable.kind is Kind.CONTINUOUS:
        return Continuous(standard.centre, standard.scale)
    floor, ceiling = code_limits(variable)
    return Interval(standard.centre, standard.scale, floor, ceiling)


def code_limits(variable: Variable) -> tuple[float, float]:
    """The least and greatest code; a count seen without negatives never becomes negative."""
    if variable.kind is Kind.INTEGER:
        return (0.0 if variable.low >= 0 else -math.inf), math.inf
    return 0.0, float(len(variable.levels) - 1)
