"""Back-door adjustment for a numeric treatment whose effect adds to everything else.

The partially linear model y = b(t)·β + g(z) + noise (Robinson 1988), cross-fitted: what z
predicts is taken from y and from each term of b, and the rest is regressed on the rest
(Chernozhukov et al. 2018, section 4.1). b is the treatment itself, and a natural cubic
spline of it where the rows say that the effect bends.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np

from causal_core.errors import EstimationError
from causal_core.estimation.contrast import Contrast, beyond, left_out
from causal_core.estimation.design import design
from causal_core.estimation.learners import CURVES, Learner, is_chance, learners
from causal_core.estimation.nuisance import cross_fitted, folds, splits
from causal_core.estimation.result import Estimate, Method
from causal_core.estimation.scores import AdditiveScores, from_additive
from causal_core.tables.table import Table

_FEWEST = 20  # rows below which no regression is tried
_BENDING = 300  # rows from which a bend is looked for
_MANY = 1500  # rows from which it may bend more often
_FOUR_KNOTS = (0.05, 0.35, 0.65, 0.95)  # Harrell 2015, *Regression modeling strategies*,
_SEVEN_KNOTS = (0.025, 0.183, 0.342, 0.5, 0.658, 0.817, 0.975)  # table 2.3
_LEAST_LEFT = 1e-3  # of a treatment's spread; less is what a regression's penalty leaves
_SURE = 0.01  # chance, were there no bend, of one as clear as that which is believed

Tried = tuple[tuple[Learner, ...], ...]


@dataclass(frozen=True, eq=False)
class _Residuals:
    """What the covariates leave of the outcome [rows] and of each term [rows, terms].

    `tried`: the learner that was best, for the outcome and for each term.
    """

    response: np.ndarray
    terms: np.ndarray
    tried: Tried

    @property
    def straight(self) -> _Residuals:
        """The same with the first term alone."""
        return _Residuals(self.response, self.terms[:, :1], self.tried[:2])

    @property
    def weights(self) -> np.ndarray:
        """β [terms] by least squares."""
        return np.asarray(np.linalg.lstsq(self.terms, self.response, rcond=None)[0])

    @property
    def influence(self) -> np.ndarray:
        """Each row's influence on β [rows, terms], whatever the noise's spread (White 1980)."""
        noise = self.response - self.terms @ self.weights
        square = self.terms.T @ self.terms / len(self.terms)
        return np.asarray((self.terms * noise[:, None]) @ np.linalg.inv(square))


@dataclass(frozen=True, eq=False)
class _Learned:
    """What the rows say of the treatment's effect, whichever values are compared.

    `scores`: one for each way to cut the rows; `ends`: the least and the greatest code of the
    treatment; `notes`: on the rows.
    """

    scores: tuple[AdditiveScores, ...]
    knots: np.ndarray
    ends: np.ndarray
    notes: tuple[str, ...]


# Kept with its table: a slider asks one question at many values.
_learned: WeakKeyDictionary[Table, dict[Hashable, _Learned]] = WeakKeyDictionary()


def partially_linear(question: Contrast, adjusted: frozenset[str], seed: int = 0) -> Estimate:
    """The contrast between two values of a numeric treatment, adjusted for `adjusted`.

    Raises EstimationError where there are too few rows, or where what is adjusted for
    leaves nothing of the treatment.
    """
    kept = _learned.setdefault(question.table, {})
    key = (question.treatment.name, question.outcome.name, question.level, adjusted, seed)
    if key not in kept:
        kept[key] = _learn(question, adjusted, seed)
    learned = kept[key]
    terms = len(learned.scores[0].weights)
    at = natural_spline(np.array(question.codes), learned.knots)[:, :terms]
    found = from_additive(learned.scores, at, question, Method.PARTIAL)
    notes = (*learned.notes, _assumes(question, terms), *beyond(question, learned.ends))
    return replace(found, adjusted=adjusted, notes=notes)


def _learn(question: Contrast, adjusted: frozenset[str], seed: int) -> _Learned:
    kept = question.complete(adjusted)
    treated, response = question.treated(kept), question.response(kept)
    _check_rows(len(treated))
    features = design(question.table, adjusted, kept).matrix
    cuts = [folds(np.zeros(len(treated)), seed, cut) for cut in range(splits(len(treated)))]
    knots = _knots(treated)
    terms = natural_spline(treated, knots)
    first = _residuals(features, terms, response, _tried(response, terms.shape[1]), cuts[0])
    _check_left(first.terms[:, 0], terms[:, 0])
    if not _bends(first):
        first, terms = first.straight, terms[:, :1]
    others = [_residuals(features, terms, response, first.tried, fold) for fold in cuts[1:]]
    scores = tuple(
        AdditiveScores.of(response, terms, left.weights, left.influence)
        for left in (first, *others)
    )
    return _Learned(scores, knots, np.array([treated.min(), treated.max()]), left_out(kept))


def _knots(treated: np.ndarray) -> np.ndarray:
    """Where the treatment's effect may bend; two knots for a straight line."""
    wanted = _SEVEN_KNOTS if len(treated) >= _MANY else _FOUR_KNOTS
    # At values that occur, so that there are never more terms than the values can tell.
    knots = np.unique(np.quantile(treated, wanted, method="inverted_cdf"))
    if len(treated) >= _BENDING and len(knots) > 2:
        return knots
    low, high = float(treated.min()), float(treated.max())
    return np.array([low, high if high > low else low + 1])


def _tried(response: np.ndarray, terms: int) -> Tried:
    """All learners for the outcome and the treatment; splines for what bends it."""
    rows = len(response)
    every = learners(rows, is_chance(response)), learners(rows, chance=False)
    return (*every, *[(CURVES,)] * (terms - 1))


def _residuals(
    features: np.ndarray, terms: np.ndarray, response: np.ndarray, tried: Tried, fold: np.ndarray
) -> _Residuals:
    targets = [response, *terms.T]
    fits = [
        cross_fitted(some, features, target, fold)
        for some, target in zip(tried, targets, strict=True)
    ]
    left = np.column_stack([target - fit.values for target, fit in zip(targets, fits)])
    return _Residuals(left[:, 0], left[:, 1:], tuple((fit.learner,) for fit in fits))


def _bends(left: _Residuals) -> bool:
    """Whether the bends are clear (Wald test)."""
    from scipy.special import chdtrc

    rows, bends = len(left.terms), left.weights[1:]
    if not len(bends):
        return False
    spread = np.atleast_2d(np.cov(left.influence[:, 1:].T)) / rows
    statistic = bends @ np.linalg.solve(spread, bends)
    return bool(chdtrc(len(bends), statistic) < _SURE)


def natural_spline(at: np.ndarray, knots: np.ndarray) -> np.ndarray:
    """Cubic between the knots, straight beyond them: [values, knots − 1], no constant.

    Hastie, Tibshirani & Friedman 2009, *The elements of statistical learning*, (5.4–5.5),
    on a scale where the outer knots are 0 and 1.
    """
    ends = knots[-1] - knots[0]
    scaled, places = (at - knots[0]) / ends, (knots - knots[0]) / ends
    cubes = np.maximum(scaled[:, None] - places, 0) ** 3
    slopes = (cubes[:, :-1] - cubes[:, -1:]) / (places[-1] - places[:-1])
    return np.column_stack([scaled, slopes[:, :-1] - slopes[:, -1:]])


def _check_rows(rows: int) -> None:
    if rows < _FEWEST:
        raise EstimationError(
            f"Only {rows} rows have all the columns that are needed.",
            f"Bring at least {_FEWEST}, or adjust for less.",
        )


def _check_left(left: np.ndarray, treated: np.ndarray) -> None:
    if left.std() <= _LEAST_LEFT * treated.std():
        raise EstimationError(
            "What is adjusted for leaves no difference in the treatment.",
            "Adjust for less.",
        )


def _assumes(question: Contrast, terms: int) -> str:
    shape = "along a straight line" if terms == 1 else "along one smooth curve"
    return (
        f"Assumes that “{question.treatment.name}” acts {shape}, by as much for everyone; where "
        "it does not, this is an average that weighs rows more whose treatment varies more."
    )
