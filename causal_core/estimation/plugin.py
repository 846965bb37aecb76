"""Whatever formula identifies an effect, with the rows' own frequencies put in.

The outcome is not cut: a row counts as “high” by how far its outcome is up between the least
and the greatest seen, and as “low” by the rest. The chance of “high” under do(v), put back on
the outcome's scale, is then exactly the mean under do(v) that the formula gives.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from causal_core.errors import EstimationError
from causal_core.estimation.contrast import Contrast, left_out
from causal_core.estimation.levels import Levels, leveled
from causal_core.estimation.result import Arm, Estimate, Method
from causal_core.identification.estimand import Estimand
from causal_core.rng import generator

_DRAWS = 100  # bootstrap samples: their standard deviation is known to about 7 %
_MOST_CELLS = 20_000  # combinations of levels that a joint table may have


@dataclass(frozen=True, eq=False)
class _Joint:
    """The rows as cells of a table: `cell` int [rows], `high` [rows] in [0, 1]."""

    estimand: Estimand
    levels: tuple[Levels, ...]
    cell: np.ndarray
    high: np.ndarray
    outcome: str

    def means(self, weights: np.ndarray, asked: tuple[int, int], smoothed: bool) -> np.ndarray:
        """The chance of “high” under either level asked about [2]; NaN where undefined."""
        joint = self.frequencies(weights)
        if smoothed:
            joint = (joint * len(self.cell) + _independent(joint)) / (len(self.cell) + 1)
        names = [each.variable.name for each in self.levels]
        index = pd.MultiIndex.from_product(
            [range(n) for n in joint.shape], names=[self.outcome, *names]
        )
        given = pd.Series(joint.ravel(), index=index)
        found = self.estimand.evaluate(given[given > 0])
        return np.array([_at(found, value) for value in asked])

    def frequencies(self, weights: np.ndarray) -> np.ndarray:
        """P(high or not, every column) under row weights: [2, levels, levels, …]."""
        shape = tuple(each.count for each in self.levels)
        size = int(np.prod(shape))
        high = np.bincount(self.cell, weights * self.high, size)
        low = np.bincount(self.cell, weights * (1 - self.high), size)
        return np.asarray(np.stack([low, high]).reshape(2, *shape) / weights.sum())


def plugin(question: Contrast, estimand: Estimand, seed: int = 0) -> Estimate:
    """The contrast that `estimand` gives on the table's frequencies, with bootstrap errors.

    Raises EstimationError where both values fall in one cut, where the formula needs more
    combinations than can be counted, or stays undefined even when smoothed.
    """
    names = frozenset(n for term in estimand.terms for n in term.free) - {question.outcome.name}
    kept = question.complete(names)
    levels = tuple(leveled(question.table, n) for n in sorted(names | {question.treatment.name}))
    asked = _asked(question, levels)
    joint, low, scale = _joint(question, estimand, levels, kept)
    ones = np.ones(len(joint.cell))
    smoothed = bool(np.isnan(joint.means(ones, asked, False)).any())
    means = joint.means(ones, asked, smoothed)
    if np.isnan(means).any():
        raise EstimationError(
            "Too few combinations of the columns occur for this formula.",
            "Join rare levels, or ask for bounds.",
        )
    draws = generator(seed, "bootstrap")
    drawn = [
        joint.means(draws.multinomial(len(ones), ones / len(ones)).astype(float), asked, smoothed)
        for _ in range(_DRAWS)
    ]
    notes = left_out(kept) + _cut(levels) + _smoothing(smoothed)
    return _estimate(question, low + scale * means, scale * np.array(drawn), len(ones), notes)


def _estimate(
    question: Contrast, means: np.ndarray, drawn: np.ndarray, rows: int, notes: tuple[str, ...]
) -> Estimate:
    errors = np.nanstd(drawn, axis=0, ddof=1)
    arms = tuple(
        Arm(v, float(mean), float(error))
        for v, mean, error in zip(question.values, means, errors, strict=True)
    )
    error = float(np.nanstd(drawn[:, 1] - drawn[:, 0], ddof=1))
    value = float(means[1] - means[0])
    return Estimate(value, error, arms, Method.PLUGIN, frozenset(), rows, question.unit, notes)


def _joint(
    question: Contrast, estimand: Estimand, levels: tuple[Levels, ...], kept: np.ndarray
) -> tuple[_Joint, float, float]:
    """The rows as cells, and what turns the chance of “high” back: least value and range."""
    shape = tuple(each.count for each in levels)
    if np.prod([float(count) for count in shape]) > _MOST_CELLS:
        raise EstimationError(
            f"The formula needs {len(levels)} columns at once, too many combinations to count.",
            "Join levels of its columns, or read the effect off the fitted equations.",
        )
    index = [each.index[kept].astype(int) for each in levels]
    response = question.response(kept)
    low, scale = float(response.min()), float(np.ptp(response)) or 1.0
    cell = np.ravel_multi_index(index, shape)
    high = (response - low) / scale
    return _Joint(estimand, levels, cell, high, question.outcome.name), low, scale


def _asked(question: Contrast, levels: tuple[Levels, ...]) -> tuple[int, int]:
    treatment = next(e for e in levels if e.variable.name == question.treatment.name)
    low, high = (treatment.of(value) for value in question.values)
    if low == high:
        raise EstimationError(
            f"Both values of “{question.treatment.name}” are in one quarter of its rows "
            f"({treatment.words(low)}).",
            "Compare values that are further apart.",
        )
    return low, high


def _at(found: pd.Series, value: int) -> float:
    """P(high | do(value)); 0 where “high” never occurs, NaN where `value` never does."""
    here = found.xs(value, level=1) if value in found.index.get_level_values(1) else None
    return float("nan") if here is None else float(here.get(1, 0.0))


def _independent(joint: np.ndarray) -> np.ndarray:
    """The table with the same margins and no dependence."""
    every = range(joint.ndim)
    margins = [joint.sum(axis=tuple(other for other in every if other != axis)) for axis in every]
    return np.asarray(math.prod(np.ix_(*margins)))


def _cut(levels: tuple[Levels, ...]) -> tuple[str, ...]:
    named = " and ".join(f"“{each.variable.name}”" for each in levels if each.cuts is not None)
    if not named:
        return ()
    return (f"{named} was cut at its quartiles: each value stands for its quarter of the rows.",)


def _smoothing(smoothed: bool) -> tuple[str, ...]:
    if not smoothed:
        return ()
    return (
        "Some combinations that the formula needs never occur; one row's worth was spread over "
        "all of them, by what each column holds alone.",
    )
