"""Back-door adjustment that is right when either of two regressions is.

Augmented inverse propensity weighting (Robins, Rotnitzky & Zhao 1994), cross-fitted
(Chernozhukov et al. 2018, *Double/debiased machine learning*, theorem 5.1): for each value v
of a discrete treatment the mean under do(v) is the mean over the rows of

    m_v(z) + 1{t = v} / p_v(z) · (y − m_v(z)),

m_v the expected outcome and p_v the chance of v, both given what is adjusted for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from causal_core.errors import EstimationError
from causal_core.estimation.contrast import Contrast, left_out
from causal_core.estimation.design import Design, design
from causal_core.estimation.nuisance import Learner, cross_fitted, folds, learners, splits
from causal_core.estimation.overlap import COMMON, overlap, within_reach
from causal_core.estimation.result import Estimate, Method
from causal_core.estimation.scores import from_scores

LEAST_CHANCE = 0.01  # smaller chances count as this much, so that no row weighs over 100
FEWEST = 10  # rows that either value must have, two for each fold
_HOPELESS = 0.1  # share of rows beyond that chance from which the others are left out


@dataclass(frozen=True)
class Nuisances:
    """What may learn the expected outcomes and the chances of treatment.

    None: what suits the number of rows.
    """

    outcome: Sequence[Learner] | None = None
    chance: Sequence[Learner] | None = None


@dataclass(frozen=True, eq=False)
class _Rows:
    covariates: Design
    response: np.ndarray  # [rows]
    arms: np.ndarray  # bool [rows, 2]

    def only(self, kept: np.ndarray) -> _Rows:
        covariates = replace(self.covariates, matrix=self.covariates.matrix[kept])
        return _Rows(covariates, self.response[kept], self.arms[kept])


@dataclass(frozen=True, eq=False)
class _Split:
    """`scores` and `chances` [rows, 2] from one way to cut the rows, and what it chose."""

    scores: np.ndarray
    chances: np.ndarray
    chosen: Nuisances


def aipw(
    question: Contrast, adjusted: frozenset[str], seed: int = 0, nuisances: Nuisances | None = None
) -> Estimate:
    """The contrast between two levels of a discrete treatment, adjusted for `adjusted`.

    Raises EstimationError where a level has too few rows, or no rows like the other's.
    """
    kept = question.complete(adjusted)
    arms = question.treated(kept)[:, None] == np.array(question.codes)
    rows = _Rows(design(question.table, adjusted, kept), question.response(kept), arms)
    _check(rows, question, "")
    first = _split(rows, seed, 0, nuisances or Nuisances())
    diagnosis = overlap(first.chances, arms, rows.covariates, LEAST_CHANCE)
    notes = left_out(kept)
    if (first.chances < LEAST_CHANCE).any(axis=1).mean() > _HOPELESS:
        near = within_reach(first.chances)
        notes += (_trimmed(int((~near).sum()), len(near)),)
        rows = rows.only(near)
        _check(rows, question, " among comparable rows")
        first = _split(rows, seed, 0, nuisances or Nuisances())
    cuts = [
        first,
        *(_split(rows, seed, i, first.chosen) for i in range(1, splits(len(rows.response)))),
    ]
    found = from_scores([split.scores for split in cuts], question, Method.AIPW)
    notes += _clipped(first.chances)
    return replace(found, adjusted=adjusted, notes=notes, overlap=diagnosis)


def _split(rows: _Rows, seed: int, index: int, nuisances: Nuisances) -> _Split:
    features, arms = rows.covariates.matrix, rows.arms
    fold = folds(arms @ np.array([1, 2]), seed + index)
    tried = nuisances.chance or learners(int(arms.sum(axis=0).min()))
    two = bool(arms.any(axis=1).all())
    last = cross_fitted(tried, features, arms[:, 1].astype(float), fold)
    lead = None if two else cross_fitted(tried, features, arms[:, 0].astype(float), fold)
    chances = np.column_stack([1 - last.values if lead is None else lead.values, last.values])
    fits = [
        cross_fitted(
            nuisances.outcome or learners(int(arm.sum())), features, rows.response, fold, arm
        )
        for arm in arms.T
    ]
    means = np.column_stack([fit.values for fit in fits])
    chosen = Nuisances(tuple({fit.learner for fit in fits}), (last.learner,))
    return _Split(_scores(rows, means, chances), chances, chosen)


def _scores(rows: _Rows, means: np.ndarray, chances: np.ndarray) -> np.ndarray:
    """The doubly robust scores [rows, 2], their weights scaled to a mean of one."""
    weights = rows.arms / np.maximum(chances, LEAST_CHANCE)
    scaled = weights / weights.mean(axis=0)
    return np.asarray(means + scaled * (rows.response[:, None] - means))


def _check(rows: _Rows, question: Contrast, where: str) -> None:
    for value, count in zip(question.values, rows.arms.sum(axis=0), strict=True):
        if count < FEWEST:
            raise EstimationError(
                f"Only {count} rows{where} have “{question.treatment.name}” = {value}.",
                f"Compare values that at least {FEWEST} rows have, or adjust for less.",
            )


def _trimmed(lost: int, rows: int) -> str:
    low, high = COMMON
    return (
        f"{lost:,} of {rows:,} rows have practically no counterpart with the other value and were "
        f"left out: the effect is that among rows whose chances are between {low:.0%} and "
        f"{high:.0%}, not among everyone."
    )


def _clipped(chances: np.ndarray) -> tuple[str, ...]:
    few = int((chances < LEAST_CHANCE).any(axis=1).sum())
    if not few:
        return ()
    return (
        f"{few:,} rows have a chance below {LEAST_CHANCE:.0%} of one of the values; it was counted "
        f"as {LEAST_CHANCE:.0%}, and what is said of them rests on the outcome regression.",
    )
