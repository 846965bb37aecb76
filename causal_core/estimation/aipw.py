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
from itertools import cycle

import numpy as np

from causal_core.errors import EstimationError
from causal_core.estimation.contrast import Contrast, left_out
from causal_core.estimation.design import Design, design
from causal_core.estimation.learners import Learner, is_chance, learners
from causal_core.estimation.nuisance import cross_fitted, folds, splits
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
    """What the effect is read from; `arms` bool [rows, 2], which of the two values it has."""

    covariates: Design
    response: np.ndarray
    arms: np.ndarray

    def only(self, kept: np.ndarray) -> _Rows:
        """The same for the `kept` rows."""
        covariates = replace(self.covariates, matrix=self.covariates.matrix[kept])
        return _Rows(covariates, self.response[kept], self.arms[kept])

    def cuts(self, seed: int) -> list[np.ndarray]:
        """The ways to cut the rows in folds, both arms spread evenly."""
        arm = self.arms @ np.array([1, 2])
        return [folds(arm, seed, cut) for cut in range(splits(len(arm)))]


def aipw(
    question: Contrast, adjusted: frozenset[str], seed: int = 0, nuisances: Nuisances | None = None
) -> Estimate:
    """The contrast between two levels of a discrete treatment, adjusted for `adjusted`.

    Where more than a tenth of the rows have a chance below 1 % of either value, it is that
    among the rows with chances from 5 % to 95 % (Crump, Hotz, Imbens & Mitnik 2009, *Dealing
    with limited overlap*), and a note says so. Raises EstimationError where a level has too
    few rows, or no rows like the other's.
    """
    wanted = nuisances or Nuisances()
    kept = question.complete(adjusted)
    arms = question.treated(kept)[:, None] == np.array(question.codes)
    rows = _Rows(design(question.table, adjusted, kept), question.response(kept), arms)
    _check(rows, question, "")
    chances = _chances(rows, seed, wanted.chance)
    usual = np.mean(chances, axis=0)
    used = _used(usual)
    rows, notes = rows.only(used), left_out(kept) + _trimmed(used) + _clipped(usual[used])
    _check(rows, question, " among comparable rows")
    means = _means(rows, seed, wanted.outcome)
    # The fewer rows are used, the more cuts there are: chances are used again in turn.
    scores = [_scores(rows, mean, chance[used]) for mean, chance in zip(means, cycle(chances))]
    found = from_scores(scores, question, Method.AIPW)
    diagnosis = overlap(usual, used, rows.arms, rows.covariates, LEAST_CHANCE)
    return replace(found, adjusted=adjusted, notes=notes, overlap=diagnosis)


def _chances(rows: _Rows, seed: int, wanted: Sequence[Learner] | None) -> list[np.ndarray]:
    """The chances of either value [rows, 2], for each cut; learners are chosen by the first."""
    tried = wanted or learners(int(rows.arms.sum(axis=0).min()), chance=True)
    features, both = rows.covariates.matrix, bool(rows.arms.any(axis=1).all())
    found = []
    for fold in rows.cuts(seed):
        fit = cross_fitted(tried, features, rows.arms[:, 1].astype(float), fold)
        tried = (fit.learner,)
        first = 1 - fit.values
        if not both:
            first = cross_fitted(tried, features, rows.arms[:, 0].astype(float), fold).values
        found.append(np.column_stack([first, fit.values]))
    return found


def _means(rows: _Rows, seed: int, wanted: Sequence[Learner] | None) -> list[np.ndarray]:
    """The expected outcomes under either value [rows, 2], for each cut."""
    features = rows.covariates.matrix
    chance = is_chance(rows.response)
    tried = [wanted or learners(int(arm.sum()), chance) for arm in rows.arms.T]
    found = []
    for fold in rows.cuts(seed):
        fits = [
            cross_fitted(some, features, rows.response, fold, arm)
            for some, arm in zip(tried, rows.arms.T)
        ]
        tried = [(fit.learner,) for fit in fits]
        found.append(np.column_stack([fit.values for fit in fits]))
    return found


def _scores(rows: _Rows, means: np.ndarray, chances: np.ndarray) -> np.ndarray:
    """The doubly robust scores [rows, 2], their weights scaled to a mean of one."""
    weights = rows.arms / np.maximum(chances, LEAST_CHANCE)
    scaled = weights / weights.mean(axis=0)
    return np.asarray(means + scaled * (rows.response[:, None] - means))


def _used(chances: np.ndarray) -> np.ndarray:
    """Which rows the effect is read from: all, or only those within reach of both values."""
    beyond = (chances < LEAST_CHANCE).any(axis=1)
    if beyond.mean() <= _HOPELESS:
        return np.ones(len(chances), dtype=bool)
    return within_reach(chances)


def _check(rows: _Rows, question: Contrast, where: str) -> None:
    for value, count in zip(question.values, rows.arms.sum(axis=0), strict=True):
        if count < FEWEST:
            raise EstimationError(
                f"Only {count} rows{where} have “{question.treatment.name}” = {value}.",
                f"Compare values that at least {FEWEST} rows have, or adjust for less.",
            )


def _trimmed(used: np.ndarray) -> tuple[str, ...]:
    lost = int((~used).sum())
    if not lost:
        return ()
    low, high = COMMON
    return (
        f"{lost:,} of {len(used):,} rows have practically no counterpart with the other value and "
        f"were left out: the effect is that among rows whose chances are between {low:.0%} and "
        f"{high:.0%}, not among everyone.",
    )


def _clipped(chances: np.ndarray) -> tuple[str, ...]:
    few = int((chances < LEAST_CHANCE).any(axis=1).sum())
    if not few:
        return ()
    return (
        f"{few:,} rows have a chance below {LEAST_CHANCE:.0%} of one of the values; it was counted "
        f"as {LEAST_CHANCE:.0%}, and what is said of them rests on the outcome regression.",
    )
