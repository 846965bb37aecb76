"""Regressions that stand between an effect and the data, fitted on one part of the rows and
read on another.

What an effect rests on beside its estimand (chances of treatment, expected outcomes) is
learned by the method that predicts rows it has not seen best: a straight line, splines with
interactions, or boosted trees (the discrete super learner: van der Laan, Polley & Hubbard
2007). Reading each row off a fit without it (cross-fitting: Chernozhukov et al. 2018,
*Double/debiased machine learning*) keeps overfitting out of the effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from causal_core.estimation.learners import Learner, Predict, is_chance
from causal_core.rng import generator

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

FOLDS = 5
_STEADY = 2000  # rows from which one way to cut them in folds is enough
_SURE = 1e-3  # chances closer to 0 or 1 than this do not enter the log loss as they are


@dataclass(frozen=True, eq=False)
class Fitted:
    """`values` float64 [rows]: each row's prediction by a fit that did not see it."""

    values: np.ndarray
    learner: Learner


def splits(rows: int) -> int:
    """In how many ways to cut so many rows in folds; the cut matters less the more there are."""
    return 5 if rows < _STEADY else 1


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
    with _unhindered():
        fits = [Fitted(_predicted(one, features, target, fold, within), one) for one in tried]
    losses = [_loss(target[within], fit.values[within]) for fit in fits]
    return fits[int(np.argmin(losses))]


@contextmanager
def _unhindered() -> Iterator[None]:
    """Numerical libraries on one thread (on a busy machine, two were fifteen times slower), and
    no checks of what is finite already, which took as long as the regressions."""
    from sklearn import config_context

    with (
        _threads().limit(limits=1),
        config_context(assume_finite=True, skip_parameter_validation=True),
    ):
        yield


@cache
def _threads() -> ThreadpoolController:
    """What holds the threads of the loaded libraries; finding them takes 30 ms."""
    import sklearn.ensemble  # noqa: F401  (what is not loaded yet would not be held to it)
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _predicted(
    learner: Learner, features: np.ndarray, target: np.ndarray, fold: np.ndarray, among: np.ndarray
) -> np.ndarray:
    matrix, values = learner.read(features), np.empty(len(target))
    for one in np.unique(fold):
        train, test = among & (fold != one), fold == one
        values[test] = _learned(learner, matrix[train], target[train])(matrix[test])
    seen = target[among]
    return np.clip(values, seen.min(), seen.max())  # no further than any outcome seen


def _learned(learner: Learner, matrix: np.ndarray, target: np.ndarray) -> Predict:
    if not matrix.shape[1] or (target == target[0]).all():
        mean = float(target.mean())
        return lambda others: np.full(len(others), mean)
    return learner.fit(matrix, target)


def _loss(target: np.ndarray, values: np.ndarray) -> float:
    if not is_chance(target):
        return float(np.mean((target - values) ** 2))
    chance = np.clip(values, _SURE, 1 - _SURE)
    return float(-np.mean(target * np.log(chance) + (1 - target) * np.log(1 - chance)))
