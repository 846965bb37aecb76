"""An effect through an instrument: something that moves the treatment and nothing else.

Two-stage least squares (Theil 1953) with exogenous covariates; with one instrument of two
values and no covariates it is Wald's (1940) ratio of two differences in means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from causal_core.errors import EstimationError
from causal_core.estimation.contrast import Contrast, codes, left_out
from causal_core.estimation.design import design
from causal_core.estimation.result import Estimate, Method
from causal_core.identification.instruments import Instrument

_ROUNDING = 1e-10  # of a column's size: what arithmetic leaves of a column explained in full
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
    size = np.linalg.norm(left, axis=0)
    left = left - fixed @ np.linalg.lstsq(fixed, left, rcond=None)[0]
    left[:, np.linalg.norm(left, axis=0) <= _ROUNDING * size] = 0
    outcome, cause, movers = left[:, 0], left[:, 1], left[:, 2:]
    predicted = movers @ np.linalg.lstsq(movers, cause, rcond=None)[0]
    explained, unexplained = predicted @ predicted, ((cause - predicted) ** 2).sum()
    free = rows - fixed.shape[1] - 1
    if free <= moving or explained <= _ROUNDING * (cause @ cause):
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


def instrumental(question: Contrast, found: Sequence[Instrument]) -> Estimate:
    """The contrast between two values of the treatment, as an instrument moves it.

    Of several instruments the one with the greatest first-stage F is used. Raises
    EstimationError for a treatment of more than two levels, and as `two_stage`.
    """
    _check_treatment(question)
    stages = [_stages(question, one) for one in found]
    used = int(np.argmax([stage.first_stage for stage in stages]))
    stage, one = stages[used], found[used]
    step = question.codes[1] - question.codes[0]
    method = Method.TSLS if one.given or not _two_values(question, one) else Method.WALD
    kept = question.complete({one.name, *one.given})
    notes = left_out(kept) + _assumes(question, one.name) + _strength(stage)
    value, error = stage.slope * step, stage.error * abs(step)
    return Estimate(value, error, (), method, one.given, stage.rows, question.unit, notes)


def _stages(question: Contrast, instrument: Instrument) -> TwoStage:
    kept = question.complete({instrument.name, *instrument.given})
    movers = design(question.table, [instrument.name], kept).matrix
    covariates = design(question.table, instrument.given, kept).matrix
    return two_stage(question.response(kept), question.treated(kept), movers, covariates)


def _two_values(question: Contrast, instrument: Instrument) -> bool:
    kept = question.complete({instrument.name})
    return len(np.unique(codes(question.table, instrument.name)[kept])) == 2


def _check_treatment(question: Contrast) -> None:
    treatment = question.treatment
    if treatment.kind.discrete and len(treatment.levels) > 2:
        raise EstimationError(
            f"“{treatment.name}” has {len(treatment.levels)} levels; an instrument gives the "
            "effect of a number or of two levels.",
            "Join levels until two are left, or ask for bounds.",
        )


def _assumes(question: Contrast, instrument: str) -> tuple[str, ...]:
    cause, outcome = question.treatment.name, question.outcome.name
    return (
        f"Assumes that “{instrument}” moves “{outcome}” through “{cause}” alone, as the graph has "
        f"it, and moves “{cause}” the same way in every row.",
        f"Where the effect differs between rows, this is that of the rows whose “{cause}” it "
        "moves (Imbens & Angrist 1994); between numbers it follows a straight line.",
    )


def _strength(found: TwoStage) -> tuple[str, ...]:
    told = "How strongly the instrument moves the cause: the first stage’s F is "
    told += f"{found.first_stage:,.1f}"
    if found.first_stage >= _STRONG:
        return (f"{told}.",)
    return (
        f"{told}, below {_STRONG:.0f}: the instrument is weak, and the estimate may be far off "
        "and its interval too narrow.",
    )
