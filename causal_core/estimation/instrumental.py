"""An effect through an instrument: something that moves the treatment and nothing else.

Two-stage least squares (Theil 1953) with exogenous covariates; with one instrument of two
values and no covariates it is Wald's (1940) ratio of two differences in means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from causal_core.errors import EstimationError
from causal_core.estimation.contrast import Contrast, left_out
from causal_core.estimation.design import design
from causal_core.estimation.result import Estimate, Method

_STRONG = 10.0  # Staiger & Stock 1997: a first-stage F below ten is weak


@dataclass(frozen=True)
class TwoStage:
    """The slope of the outcome on the treatment, per unit of both.

    `error` is robust (HC1: White 1980, MacKinnon & White 1985), `classical` assumes one
    spread for all; `first_stage` is the F of the excluded instruments.
    """

    slope: float
    error: float
    classical: float
    first_stage: float
    rows: int


def two_stage(
    response: np.ndarray, treated: np.ndarray, instruments: np.ndarray, covariates: np.ndarray
) -> TwoStage:
    """Two-stage least squares with a constant.

    `response`, `treated` [rows], `instruments` [rows, at least 1], `covariates` [rows, any].
    Raises EstimationError where the instruments do not move the treatment at all.
    """
    rows, moving = len(response), instruments.shape[1]
    fixed = np.column_stack([np.ones(rows), covariates])
    left = np.column_stack([response, treated, instruments])
    # Frisch & Waugh 1933: what the covariates explain can be taken out beforehand.
    left = left - fixed @ np.linalg.lstsq(fixed, left, rcond=None)[0]
    outcome, cause, movers = left[:, 0], left[:, 1], left[:, 2:]
    predicted = movers @ np.linalg.lstsq(movers, cause, rcond=None)[0]
    explained, unexplained = predicted @ predicted, ((cause - predicted) ** 2).sum()
    free = rows - fixed.shape[1] - 1
    if free <= moving or explained <= 1e-12 * (cause @ cause):
        raise EstimationError(
            "The instrument does not move the treatment in these rows.",
            "Use another instrument, or ask for bounds.",
        )
    slope = float(predicted @ outcome / explained)
    noise = outcome - slope * cause
    robust = rows / free * (predicted**2 @ noise**2) / explained**2
    plain = noise @ noise / free / explained
    strength = explained / moving / (unexplained / (free + 1 - moving))
    return TwoStage(slope, float(robust**0.5), float(plain**0.5), float(strength), rows)


def instrumental(question: Contrast, instruments: Sequence[str], given: frozenset[str]) -> Estimate:
    """The contrast between two values of the treatment, moved by `instruments` given `given`.

    Raises EstimationError for a treatment of more than two levels, and as `two_stage`.
    """
    treatment = question.treatment
    if treatment.kind.discrete and len(treatment.levels) > 2:
        raise EstimationError(
            f"“{treatment.name}” has {len(treatment.levels)} levels; an instrument gives the "
            "effect of a number or of two levels.",
            "Join levels until two are left, or ask for bounds.",
        )
    kept = question.complete({*instruments, *given})
    movers = design(question.table, instruments, kept).matrix
    covariates = design(question.table, given, kept).matrix
    found = two_stage(question.response(kept), question.treated(kept), movers, covariates)
    step = question.codes[1] - question.codes[0]
    two_values = movers.shape[1] == 1 and len(np.unique(movers)) == 2
    method = Method.WALD if two_values and not covariates.shape[1] else Method.TSLS
    notes = left_out(kept) + _assumes(question, instruments) + _strength(found)
    value, error = found.slope * step, found.error * abs(step)
    return Estimate(value, error, (), method, given, found.rows, question.unit, notes)


def _assumes(question: Contrast, instruments: Sequence[str]) -> tuple[str, ...]:
    named = " and ".join(f"“{name}”" for name in instruments)
    cause, outcome = question.treatment.name, question.outcome.name
    return (
        f"Assumes that {named} moves “{outcome}” through “{cause}” alone, as the graph has it, "
        "and moves no one's treatment against the others'.",
        f"Where the effect differs between rows, this is that of the rows whose “{cause}” "
        f"{named} moves (Imbens & Angrist 1994); between numbers it follows a straight line.",
    )


def _strength(found: TwoStage) -> tuple[str, ...]:
    told = f"The first stage's F is {found.first_stage:,.1f}"
    if found.first_stage >= _STRONG:
        return (f"{told}.",)
    return (
        f"{told}, below {_STRONG:.0f}: the instrument is weak, and the estimate may be far off "
        "and its interval too narrow.",
    )
