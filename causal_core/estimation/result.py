"""An estimated effect: its value, its standard error, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from causal_core.estimation.overlap import Overlap
from causal_core.tables.schema import Value


class Method(StrEnum):
    """How an effect was estimated."""

    NO_EFFECT = "no causal path"
    AIPW = "doubly robust (AIPW)"
    PARTIAL = "partially linear"
    FRONTDOOR = "by front door (plug-in)"
    FRONTDOOR_LINE = "by front door (lines)"
    TSLS = "by instrument (2SLS)"
    WALD = "by instrument (Wald)"
    PLUGIN = "by formula (plug-in)"


@dataclass(frozen=True)
class Arm:
    """The mean outcome if everyone had `value`, with its standard error."""

    value: Value
    mean: float
    error: float


@dataclass(frozen=True)
class Estimate:
    """E[Y | do(values[1])] − E[Y | do(values[0])] and its standard error, in `unit`.

    `arms`: the mean under each of the two values where the method gives them, else empty.
    `adjusted`: what was adjusted for; `rows`: how many rows it rests on; `notes`: plain
    sentences on what it assumes and what weakens it.
    """

    value: float
    error: float
    arms: tuple[Arm, ...]
    method: Method
    adjusted: frozenset[str]
    rows: int
    unit: str
    notes: tuple[str, ...] = ()
    overlap: Overlap | None = None

    def interval(self, confidence: float = 0.90) -> tuple[float, float]:
        """The normal interval that covers the effect in this share of samples."""
        from scipy.special import ndtri

        half = float(ndtri(0.5 + confidence / 2)) * self.error
        return self.value - half, self.value + half
