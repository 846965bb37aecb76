"""The answer to a sweep: three rungs over every position of one slider, as numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np
from scipy.special import stdtrit

from causal_core.identification.verdict import Status
from causal_core.tables.schema import Level, Variable

CONFIDENCE = 0.90
OUTSIDE = 0.05  # support below this counts as outside the data


def half_width(members: np.ndarray, value: np.ndarray | float) -> np.ndarray:
    """Half the 90 % interval around `value` [...] from bootstrap members [members, ...].

    Student's t on their root mean square distance from it: members whose rungs say
    something else widen the interval on both sides.
    """
    count = len(members)
    if count < 2:
        return np.full(members.shape[1:], np.nan)
    return np.asarray(_quantile(count) * np.sqrt(((members - value) ** 2).mean(axis=0)))


@cache
def _quantile(freedom: int) -> float:
    return float(stdtrit(freedom, 0.5 + CONFIDENCE / 2))


@dataclass(frozen=True, eq=False)
class Curve:
    """One rung over P slider positions.

    `density` [P, B] float32: per unit of the outcome where it is ordered, a probability
    per level where it is discrete. `mean` [P]: in the outcome's unit, or P(level) in 0..1.
    `low`, `high` [P]: the ensemble's 90 % interval of `mean`. `members` [M, P]: the means
    of the bootstrap members, from which intervals of contrasts come.
    """

    density: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    members: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))

    @classmethod
    def of(cls, density: np.ndarray, mean: np.ndarray, members: np.ndarray) -> Curve:
        """A curve whose interval comes from its members."""
        half = half_width(members, mean)
        return cls(density.astype(np.float32), mean, mean - half, mean + half, members)

    def contrast(self, at: int, reference: int) -> tuple[float, float, float]:
        """(value, low, high) of mean[at] − mean[reference], members paired."""
        value = float(self.mean[at] - self.mean[reference])
        half = float(half_width(self.members[:, at] - self.members[:, reference], value))
        return value, value - half, value + half

    def contrast_at(
        self, positions: np.ndarray, position: float, reference: int
    ) -> tuple[float, float, float]:
        """(value, low, high) as `contrast`, between two positions as the picture draws it."""
        place = float(np.interp(position, positions, np.arange(len(positions))))
        before, after = int(np.floor(place)), int(np.ceil(place))
        ends = np.array([self.contrast(at, reference) for at in (before, after)])
        value, low, high = ends[0] + (ends[1] - ends[0]) * (place - before)
        return float(value), float(low), float(high)


@dataclass(frozen=True, eq=False)
class RowCurve:
    """One row's counterfactuals: `factual` and `cause_value` are the row's own codes."""

    factual: float
    cause_value: float
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    density: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class SweepAnswer:
    """Seeing, doing and imagining over the positions of one cause.

    `positions` [P] codes of the cause; `bins` [B] bin centres or level codes of the
    outcome with `edges` [B + 1] where it is ordered; `support` [P] in 0..1 says how much
    data stands at each position (below 0.05: outside the data); `overlap` [P] is the share
    of rows that could realistically have had it, given their causes.
    """

    cause: Variable
    outcome: Variable
    level: Level | None
    positions: np.ndarray
    bins: np.ndarray
    edges: np.ndarray | None
    seeing: Curve
    doing: Curve
    everyone: Curve
    row: RowCurve | None
    support: np.ndarray
    overlap: np.ndarray
    status: Status
    evidence: str


__all__ = ["CONFIDENCE", "OUTSIDE", "Curve", "RowCurve", "Status", "SweepAnswer", "half_width"]
