"""What a test of independence says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Comparison(StrEnum):
    """How two columns were compared."""

    PARTIAL = "partial correlation"  # lines; Fisher's z
    RESIDUALS = "residual correlation"  # curves; generalised covariance measure
    COUNTS = "counts"  # G²
    NONE = "none"  # it cannot be told


@dataclass(frozen=True)
class Evidence:
    """Whether rows speak against an independence.

    `effect`: −1…1 where both columns are numbers whose lines correlate, else 0…1; `unit` says
    of what. `p`: how often rows of independent columns would look so. `rows`: how many were
    used. Where it cannot be told, `problem` says why, `effect` is 0 and `p` is 1.
    """

    test: Comparison
    effect: float
    unit: str
    p: float
    rows: int
    problem: str = ""

    @property
    def told(self) -> bool:
        """Whether the rows could be asked at all."""
        return not self.problem


def untold(problem: str, rows: int) -> Evidence:
    """That the rows cannot tell, and why."""
    return Evidence(Comparison.NONE, 0.0, "", 1.0, rows, problem)
