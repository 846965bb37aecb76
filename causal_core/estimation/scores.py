"""From scores of every row under both values to an estimate with its standard error.

A score is a row's term in a mean whose average is the effect and whose spread is the
standard error (the influence function, Hampel 1974).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from causal_core.estimation.contrast import Contrast
from causal_core.estimation.result import Arm, Estimate, Method


def from_scores(splits: Sequence[np.ndarray], question: Contrast, method: Method) -> Estimate:
    """The estimate from scores [rows, 2], one array for each way to cut the rows in folds."""
    arms = tuple(
        Arm(value, *_middle([scores[:, side] for scores in splits]))
        for side, value in enumerate(question.values)
    )
    value, error = _middle([scores[:, 1] - scores[:, 0] for scores in splits])
    return Estimate(value, error, arms, method, frozenset(), len(splits[0]), question.unit)


def additive_scores(
    response: np.ndarray,
    terms: np.ndarray,
    at: np.ndarray,
    weights: np.ndarray,
    influence: np.ndarray,
) -> np.ndarray:
    """Scores [rows, 2] of the means under do(v) where the treatment adds b(v)·β to the rest.

    `terms`: b of each row's treatment [rows, terms]; `at`: b of the two values [2, terms];
    `weights`: β [terms], and `influence` of each row on it [rows, terms]. The mean under
    do(v) is E[y] + (b(v) − E[b(t)])·β.
    """
    moved = (response - terms @ weights)[:, None] + at @ weights
    return np.asarray(moved + influence @ (at - terms.mean(axis=0)).T)


def _middle(splits: Sequence[np.ndarray]) -> tuple[float, float]:
    """The median over splits and its error (Chernozhukov et al. 2018, definition 3.3)."""
    means = np.array([scores.mean() for scores in splits])
    variances = np.array([scores.var(ddof=1) / len(scores) for scores in splits])
    middle = float(np.median(means))
    return middle, float(np.sqrt(np.median(variances + (means - middle) ** 2)))
