"""Ways to learn what a row's features say of a number or a chance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

_FEW = 150  # rows below which only the straight line is fitted
_MANY = 1000  # rows from which trees are tried as well
_KNOTS = np.linspace(0.02, 0.98, 8)  # shares of the rows below each knot of a spline
_MOST_CROSSED = 12  # features up to which all pairs interact
_PENALTIES = np.logspace(-2, 4, 13)

Predict = Callable[[np.ndarray], np.ndarray]


def standard(features: np.ndarray) -> np.ndarray:
    """Each feature [rows, features] with mean 0 and spread 1; what never varies is 0."""
    spread = features.std(axis=0)
    scaled = (features - features.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return np.asarray(scaled)


@dataclass(frozen=True)
class Learner:
    """A way to learn E[target | features]; a target of 0 and 1 is a chance.

    `fit` makes from a matrix [rows, k] and a target [rows] a function [others, k] → [others];
    `read` makes the matrix from the features [rows, features], of all rows at once and
    without a look at any target.
    """

    fit: Callable[[np.ndarray, np.ndarray], Predict]
    read: Callable[[np.ndarray], np.ndarray] = standard


def learners(rows: int, chance: bool) -> tuple[Learner, ...]:
    """The learners worth trying on so many rows, for a chance or a number."""
    if rows < _FEW:
        return (LINE,)
    bent = (LINE, SMOOTH, CURVES) if chance else (LINE, CURVES)
    return bent if rows < _MANY else (*bent, TREES)


def is_chance(target: np.ndarray) -> bool:
    """Whether the target [rows] is 0 or 1 everywhere."""
    return bool(np.isin(target, (0.0, 1.0)).all())


def _regression(matrix: np.ndarray, target: np.ndarray, loose: float = 1.0) -> Predict:
    """Ridge regression, which finds its own penalty, or logistic with penalty 1 / `loose`."""
    from sklearn.linear_model import LogisticRegression, RidgeCV

    if is_chance(target):
        return _chances(LogisticRegression(C=loose, max_iter=500).fit(matrix, target))
    model = RidgeCV(_PENALTIES).fit(matrix, target)
    return lambda others: np.asarray(model.predict(others))


def _held_back(matrix: np.ndarray, target: np.ndarray) -> Predict:
    return _regression(matrix, target, loose=0.03)


def _boosted(matrix: np.ndarray, target: np.ndarray) -> Predict:
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    shape = {"max_iter": 40, "learning_rate": 0.15, "max_leaf_nodes": 8, "random_state": 0}
    if is_chance(target):
        return _chances(HistGradientBoostingClassifier(**shape).fit(matrix, target))
    model = HistGradientBoostingRegressor(**shape).fit(matrix, target)
    return lambda others: np.asarray(model.predict(others))


def _chances(model: Any) -> Predict:
    return lambda others: np.asarray(model.predict_proba(others)[:, 1])


def _bent(features: np.ndarray) -> np.ndarray:
    """All features, splines of the numbers among them, and all products of two if few."""
    scaled = standard(features)
    one, other = np.triu_indices(scaled.shape[1] if scaled.shape[1] <= _MOST_CROSSED else 0, 1)
    curved = [_spline(column) for column in scaled.T]
    return standard(np.hstack([scaled, *curved, scaled[:, one] * scaled[:, other]]))


def _spline(column: np.ndarray) -> np.ndarray:
    """Cubic between the knots and straight beyond them; nothing for a feature of few values."""
    from sklearn.preprocessing import SplineTransformer

    knots = np.unique(np.quantile(column, _KNOTS))
    if len(knots) < 3 or len(np.unique(column)) <= len(_KNOTS):
        return np.empty((len(column), 0))
    made = SplineTransformer(knots=knots[:, None], extrapolation="linear", include_bias=False)
    return np.asarray(made.fit_transform(column[:, None]))


LINE = Learner(_regression)  # ridge or logistic regression on the features as they are
CURVES = Learner(_regression, _bent)  # the same on splines and products
SMOOTH = Learner(_held_back, _bent)  # the same for a chance, held back more
TREES = Learner(_boosted)  # gradient boosted trees of few leaves
