"""Whether two estimates of one effect agree within what either leaves open.

Two independent errors of half-widths a and b leave their difference open by √(a² + b²). Two
estimates from the same rows err together, so that their true difference is smaller than
this: an alarm is a strong sign, its absence a weak one.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, isfinite

Interval = tuple[float, float]


@dataclass(frozen=True)
class Agreement:
    """`apart`: |difference| in the outcome's unit; `allowed`: what the intervals leave open.

    `allowed` is NaN where either interval is not known; then there is no alarm.
    """

    apart: float
    allowed: float

    @property
    def alarm(self) -> bool:
        """Whether the two lie further apart than both intervals together allow."""
        return self.apart > self.allowed


def agreement(one: float, interval: Interval, other: float, around: Interval) -> Agreement:
    """How far `one` (with its `interval`) is from `other` (with the interval `around` it).

    Both intervals must be of the same confidence.

    >>> agreement(3.0, (2.0, 4.0), 5.0, (4.5, 5.5)).alarm
    True
    """
    halves = ((high - low) / 2 for low, high in (interval, around))
    allowed = hypot(*halves)
    return Agreement(abs(one - other), allowed if isfinite(allowed) else float("nan"))
