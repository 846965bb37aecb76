"""Regressions that stand between an effect and the data, fitted on one part of the rows and
read on another.

What an effect rests on beside its estimand (chances of treatment, expected outcomes) is
learned by the method that predicts rows it has not seen best: a straight line, splines with
interactions, or boosted trees (the discrete super learner: van der Laan, Polley & Hubbard
2007). Reading each row off a fit without it (cross-fitting: Chernozhukov et al. 2018,
*Double/debiased machine learning*) keeps overfitting out of the effect.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from causal_core.rng import generator

FOLDS = 5
_FEW = 150  # rows below which only the straight line is fitted
_MANY = 600  # rows from which trees are tried as well
_STEADY = 2000  # rows from which one way to cut them in folds is enough
_KNOTS = (0.05, 0.275, 0.5, 0.725, 0.95)  # Harrell 2015, table 2.3: five knots
_MOST_CROSSED = 12  # features up to which all pairs interact
_SURE = 1e-3  # chances closer to 0 or 1 than this do not enter the log loss as they are

_PENALTIES = np.logspace(-2, 4, 13)

Expand = Callable[[np.ndarray], np.ndarray]
Predict = Callable[[np.ndarray], np.ndarray]


class Learner(Protocol):
    """A way to learn E[target | features]; a target of 0 and 1 is a chance."""

    def __call__(self, features: np.ndarray, target: np.ndarray) -> Predict:
        """From float64 [rows, features] and [rows], a function [others, features] → [others]."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """`values` float64 [rows]: each row's prediction by a fit that did not see it."""

    values: np.ndarray
    learner: Learner


def line(features: np.ndarray, target: np.ndarray) -> Predict:
    """Ridge or logistic regression on the features as they are."""
    return _regression(_as_they_are, features, target)


def curves(features: np.ndarray, target: np.ndarray) -> Predict:
    """Ridge or logistic regression on splines of the numbers and pairwise products."""
    return _regression(_expansion(features), features, target)


def smooth(features: np.ndarray, target: np.ndarray) -> Predict:
    """As `curves` for a chance, held back more; ridge regression finds its own penalty."""
    return _regression(_expansion(features), features, target, 0.03)


def trees(features: np.ndarray, target: np.ndarray) -> Predict:
    """Gradient boosted trees of few leaves."""
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    shape = {"max_iter": 80, "max_leaf_nodes": 8, "min_samples_leaf": 15, "random_state": 0}
    if is_chance(target):
        return _chances(HistGradientBoostingClassifier(**shape).fit(features, target))
    model = HistGradientBoostingRegressor(**shape).fit(features, target)
    return lambda others: np.asarray(model.predict(others))


def splits(rows: int) -> int:
    """In how many ways to cut so many rows in folds; the cut matters less the more there are."""
    return 5 if rows < _STEADY else 1


def learners(rows: int, chance: bool) -> tuple[Learner, ...]:
    """The learners worth trying on so many rows, for a chance or a number."""
    if rows < _FEW:
        return (line,)
    bent = (line, smooth, curves) if chance else (line, curves)
    return bent if rows < _MANY else (*bent, trees)


def folds(strata: np.ndarray, seed: int, cut: int = 0) -> np.ndarray:
    """The fold of each row, int [rows], every stratum spread evenly over the folds.

    `cut` numbers the ways to cut the same rows.
    """
    shuffled = generator(seed, "folds", cut).permutation(len(strata))
    order = shuffled[np.argsort(strata[shuffled], kind="stable")]
    fold = np.empty(len(strata), dtype=int)
    fold[order] = np.arange(len(strata)) % FOLDS
    return fold


def cross_fitted(
    tried: Sequence[Learner],
    features: np.ndarray,
    target: np.ndarray,
    fold: np.ndarray,
    among: np.ndarray | None = None,
) -> Fitted:
    """The predictions of whichever learner predicts held-out rows best.

    Learns from the rows `among` (bool [rows], all by default), predicts for every row.
    """
    within = np.ones(len(target), dtype=bool) if among is None else among
    fits = [Fitted(_predicted(one, features, target, fold, within), one) for one in tried]
    losses = [_loss(target[within], fit.values[within]) for fit in fits]
    return fits[int(np.argmin(losses))]


def _predicted(
    learner: Learner, features: np.ndarray, target: np.ndarray, fold: np.ndarray, among: np.ndarray
) -> np.ndarray:
    values = np.empty(len(target))
    for one in np.unique(fold):
        train, test = among & (fold != one), fold == one
        values[test] = _learned(learner, features[train], target[train])(features[test])
    seen = target[among]
    return np.clip(values, seen.min(), seen.max())  # no further than any outcome seen


def _learned(learner: Learner, features: np.ndarray, target: np.ndarray) -> Predict:
    if not features.shape[1] or (target == target[0]).all():
        mean = float(target.mean())
        return lambda others: np.full(len(others), mean)
    return learner(features, target)


def _loss(target: np.ndarray, values: np.ndarray) -> float:
    if not is_chance(target):
        return float(np.mean((target - values) ** 2))
    chance = np.clip(values, _SURE, 1 - _SURE)
    return float(-np.mean(target * np.log(chance) + (1 - target) * np.log(1 - chance)))


def is_chance(target: np.ndarray) -> bool:
    """Whether the target [rows] is 0 or 1 everywhere."""
    return bool(np.isin(target, (0.0, 1.0)).all())


def _regression(
    expand: Expand, features: np.ndarray, target: np.ndarray, loose: float = 1.0
) -> Predict:
    from sklearn.linear_model import LogisticRegression, RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    chance = is_chance(target)
    last = LogisticRegression(C=loose, max_iter=500) if chance else RidgeCV(_PENALTIES)
    model = make_pipeline(StandardScaler(), last).fit(expand(features), target)
    found = _chances(model) if chance else model.predict
    return lambda others: np.asarray(found(expand(others)))


def _chances(model: Any) -> Predict:
    return lambda others: np.asarray(model.predict_proba(others)[:, 1])


def _as_they_are(features: np.ndarray) -> np.ndarray:
    return features


def _expansion(features: np.ndarray) -> Expand:
    """All features, splines of the numbers among them, and all products of two if few."""
    width = features.shape[1]
    splines = [(i, spline) for i in range(width) if (spline := _spline(features[:, i]))]
    mean, spread = features.mean(axis=0), features.std(axis=0)
    spread[spread == 0] = 1.0
    one, other = np.triu_indices(width if width <= _MOST_CROSSED else 0, 1)

    def expand(others: np.ndarray) -> np.ndarray:
        scaled = (others - mean) / spread
        curved = [spline.transform(others[:, [i]]) for i, spline in splines]
        return np.hstack([scaled, *curved, scaled[:, one] * scaled[:, other]])

    return expand


def _spline(feature: np.ndarray) -> Any:
    """Cubic between the knots and straight beyond them; None for a feature of few values."""
    from sklearn.preprocessing import SplineTransformer

    knots = np.unique(np.quantile(feature, _KNOTS))
    if len(knots) < 3 or len(np.unique(feature)) <= len(_KNOTS):
        return None
    made = SplineTransformer(knots=knots[:, None], extrapolation="linear", include_bias=False)
    return made.fit(feature[:, None])
