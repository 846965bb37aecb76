"""From scores of every row under both values to an estimate with its standard error.

A score is a row's term in a mean whose average is the effect and whose spread is the
standard error (the influence function, Hampel 1974).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from causal_core.estimation.contrast import Contrast
from causal_core.estimation.result import Arm, Estimate, Method

Moments = tuple[float, float]  # a mean and its variance


def from_scores(splits: Sequence[np.ndarray], question: Contrast, method: Method) -> Estimate:
    """The estimate from scores [rows, 2], one array for each way to cut the rows in folds."""
    sides = [[_moments(scores[:, side]) for scores in splits] for side in (0, 1)]
    between = [_moments(scores[:, 1] - scores[:, 0]) for scores in splits]
    return _estimate(sides, between, len(splits[0]), question, method)


def from_additive(
    splits: Sequence[AdditiveScores], at: np.ndarray, question: Contrast, method: Method
) -> Estimate:
    """The estimate at b of the two values, `at` [2, terms]."""
    sides = [[split.under(point) for split in splits] for point in at]
    between = [split.between(*at) for split in splits]
    return _estimate(sides, between, splits[0].rows, question, method)


@dataclass(frozen=True, eq=False)
class AdditiveScores:
    """Scores of the mean under do(v) where the treatment adds b(v)·β to the rest, for any v.

    The mean is E[y] + (b(v) − E[b(t)])·β, so a row's score is linear in b(v), and what all
    rows say of it is kept as the moments of the score's parts: the row without its treatment,
    and its influence on β. `weights` and `centre`: β and E[b(t)] [terms]; `means` and `spread`:
    of the parts [1 + terms] and [1 + terms, 1 + terms].
    """

    weights: np.ndarray
    centre: np.ndarray
    means: np.ndarray
    spread: np.ndarray
    rows: int

    @classmethod
    def of(
        cls, response: np.ndarray, terms: np.ndarray, weights: np.ndarray, influence: np.ndarray
    ) -> AdditiveScores:
        """From y [rows], b(t) [rows, terms], β [terms] and the influence on it [rows, terms]."""
        parts = np.column_stack([response - terms @ weights, influence])
        spread = np.cov(parts.T)
        return cls(weights, terms.mean(axis=0), parts.mean(axis=0), spread, len(parts))

    def under(self, at: np.ndarray) -> Moments:
        """Of the mean under do(v), `at` = b(v) [terms]."""
        along = np.concatenate([[1.0], at - self.centre])
        return float(at @ self.weights + along @ self.means), self._variance(along)

    def between(self, one: np.ndarray, other: np.ndarray) -> Moments:
        """Of the mean at b(v) = `other` less that at `one` [terms]."""
        along = np.concatenate([[0.0], other - one])
        return float((other - one) @ self.weights + along @ self.means), self._variance(along)

    def _variance(self, along: np.ndarray) -> float:
        return float(along @ self.spread @ along) / self.rows


def _moments(scores: np.ndarray) -> Moments:
    return float(scores.mean()), float(scores.var(ddof=1) / len(scores))


def _estimate(
    sides: Sequence[Sequence[Moments]],
    between: Sequence[Moments],
    rows: int,
    question: Contrast,
    method: Method,
) -> Estimate:
    arms = tuple(
        Arm(value, *_middle(side)) for value, side in zip(question.values, sides, strict=True)
    )
    return Estimate(*_middle(between), arms, method, frozenset(), rows, question.unit)


def _middle(splits: Sequence[Moments]) -> tuple[float, float]:
    """The median over splits and its error (Chernozhukov et al. 2018, definition 3.3)."""
    means, variances = np.array(splits).T
    middle = float(np.median(means))
    return middle, float(np.sqrt(np.median(variances + (means - middle) ** 2)))
