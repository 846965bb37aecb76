"""Back-door adjustment for a numeric treatment whose effect adds to everything else.

The partially linear model y = b(t)·β + g(z) + noise (Robinson 1988), cross-fitted: what z
predicts is taken from y and from each term of b, and the rest is regressed on the rest
(Chernozhukov et al. 2018, section 4.1). b is the treatment itself, and a natural cubic
spline of it where the rows say that the effect bends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from causal_core.errors import EstimationError
from causal_core.estimation.contrast import Contrast, beyond, left_out
from causal_core.estimation.design import design
from causal_core.estimation.nuisance import Fitted, Learner, cross_fitted, folds, learners
from causal_core.estimation.result import Estimate, Method
from causal_core.estimation.scores import additive_scores, from_scores

_FEWEST = 20  # rows below which no regression is tried
_BENDING = 300  # rows from which a bend is looked for
_KNOTS = (0.05, 0.35, 0.65, 0.95)  # Harrell 2015, table 2.3: four knots
_SURE = 0.01  # chance, were there no bend, of one as clear as that which is believed
_SPLITS = 3

Basis = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class _Residuals:
    """What the covariates leave of the outcome [rows] and of each term [rows, terms]."""

    response: np.ndarray
    terms: np.ndarray
    tried: tuple[tuple[Learner, ...], ...]

    @property
    def weights(self) -> np.ndarray:
        """β [terms] by least squares."""
        return np.asarray(np.linalg.lstsq(self.terms, self.response, rcond=None)[0])

    @property
    def influence(self) -> np.ndarray:
        """Each row's influence on β [rows, terms], whatever the noise's spread (White 1980)."""
        noise = self.response - self.terms @ self.weights
        square = self.terms.T @ self.terms / len(self.terms)
        return (self.terms * noise[:, None]) @ np.linalg.inv(square)


def partially_linear(question: Contrast, adjusted: frozenset[str], seed: int = 0) -> Estimate:
    """The contrast between two values of a numeric treatment, adjusted for `adjusted`.

    Raises EstimationError where there are too few rows, or where what is adjusted for
    leaves nothing of the treatment.
    """
    kept = question.complete(adjusted)
    treated, response = question.treated(kept), question.response(kept)
    if len(treated) < _FEWEST:
        raise EstimationError(
            f"Only {len(treated)} rows have all the columns that are needed.",
            f"Bring at least {_FEWEST}, or adjust for less.",
        )
    features = design(question.table, adjusted, kept).matrix
    basis, first = _chosen(features, treated, response, seed)
    terms = basis(treated)
    tried = first.tried
    others = [_residuals(features, terms, response, seed + i, tried) for i in range(1, _SPLITS)]
    at = basis(np.array(question.codes))
    scores = [
        additive_scores(response, terms, at, left.weights, left.influence)
        for left in (first, *others)
    ]
    notes = left_out(kept) + (_assumes(question, terms.shape[1]),) + beyond(question, treated)
    found = from_scores(scores, question, Method.PARTIAL)
    return replace(found, adjusted=adjusted, notes=notes)


def _chosen(
    features: np.ndarray, treated: np.ndarray, response: np.ndarray, seed: int
) -> tuple[Basis, _Residuals]:
    """The spline where its bends are clear (Wald test), else the straight line."""
    straight = _residuals(features, treated[:, None], response, seed)
    _check_left(straight.terms[:, 0], treated)
    knots = np.unique(np.quantile(treated, _KNOTS))
    if len(treated) < _BENDING or len(knots) < 3:
        return _line, straight

    def spline(at: np.ndarray) -> np.ndarray:
        return natural_spline(at, knots)

    bent = _residuals(features, spline(treated), response, seed)
    return (spline, bent) if _bends(bent) else (_line, straight)


def _residuals(
    features: np.ndarray,
    terms: np.ndarray,
    response: np.ndarray,
    seed: int,
    tried: tuple[tuple[Learner, ...], ...] | None = None,
) -> _Residuals:
    fold = folds(np.zeros(len(response)), seed)
    targets = [response, *terms.T]
    tried = tried or (learners(len(response)),) * len(targets)
    fits: list[Fitted] = [
        cross_fitted(some, features, target, fold)
        for some, target in zip(tried, targets, strict=True)
    ]
    left = np.column_stack([target - fit.values for target, fit in zip(targets, fits)])
    return _Residuals(left[:, 0], left[:, 1:], tuple((fit.learner,) for fit in fits))


def _bends(left: _Residuals) -> bool:
    from scipy.special import chdtrc

    rows, bends = len(left.terms), left.weights[1:]
    spread = np.cov(left.influence[:, 1:].T) / rows
    statistic = bends @ np.linalg.solve(np.atleast_2d(spread), bends)
    return bool(chdtrc(len(bends), statistic) < _SURE)


def _line(at: np.ndarray) -> np.ndarray:
    return at[:, None]


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


def _check_left(left: np.ndarray, treated: np.ndarray) -> None:
    # what rounding leaves of a treatment that its covariates give exactly
    if left.std() <= 1e-6 * max(treated.std(), 1e-300):
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
