"""The front door for a numeric treatment, along straight lines.

With m = a·t + noise and y = b·m + c·t + noise, where c holds what confounds, a unit of
treatment does a·b (Wright 1921, the product of path coefficients).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from causal_core.errors import EstimationError
from causal_core.estimation.contrast import Contrast, beyond, left_out
from causal_core.estimation.design import design
from causal_core.estimation.frontdoor import through_only
from causal_core.estimation.result import Estimate, Method
from causal_core.estimation.scores import AdditiveScores, from_additive


def frontdoor_line(question: Contrast, mediators: frozenset[str]) -> Estimate:
    """The contrast between two values of a numeric treatment, through `mediators`.

    Raises EstimationError where the rows do not tell treatment and mediators apart.
    """
    kept = question.complete(mediators)
    treated, response = question.treated(kept)[:, None], question.response(kept)
    between = design(question.table, mediators, kept).matrix
    _check_apart(np.hstack([treated, between]))
    first, moved = _least_squares(treated, between)
    second, moving = _least_squares(np.hstack([treated, between]), response[:, None])
    a, b = first[0], second[1:, 0]
    influence = moved[:, 0] @ b + moving[:, 1:, 0] @ a
    at = np.array(question.codes)[:, None]
    scores = AdditiveScores.of(response, treated, np.array([a @ b]), influence[:, None])
    notes = (*left_out(kept), through_only(question, mediators), _straight(question))
    notes += beyond(question, treated)
    return replace(from_additive([scores], at, question, Method.FRONTDOOR_LINE), notes=notes)


def _least_squares(causes: np.ndarray, effects: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slopes [causes, effects] and each row's influence on them [rows, causes, effects]."""
    centred = causes - causes.mean(axis=0)
    slopes = np.linalg.lstsq(centred, effects - effects.mean(axis=0), rcond=None)[0]
    noise = effects - effects.mean(axis=0) - centred @ slopes
    leading = centred @ np.linalg.inv(centred.T @ centred / len(centred))
    return slopes, leading[:, :, None] * noise[:, None, :]


def _check_apart(both: np.ndarray) -> None:
    rows, columns = both.shape
    spread = both.std(axis=0)
    standard = (both - both.mean(axis=0)) / np.where(spread > 0, spread, 1)
    if rows <= columns + 1 or np.linalg.matrix_rank(standard, tol=1e-6 * rows**0.5) < columns:
        raise EstimationError(
            "The rows do not tell the treatment and its mediators apart.",
            "Bring more rows, or leave out a mediator that repeats another column.",
        )


def _straight(question: Contrast) -> str:
    return (
        f"Assumes straight lines from “{question.treatment.name}” through the mediators, without "
        "interactions."
    )
