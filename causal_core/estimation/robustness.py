"""How strong an unmeasured cause would have to be: Cinelli & Hazlett (2020).

*Making sense of sensitivity: extending omitted variable bias*, JRSS B 82:39–67. Strength is
a partial R²: the share of what is left of a column's variance that the cause would explain.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from causal_core.errors import EstimationError, QuestionError
from causal_core.estimation.contrast import Contrast, contrast
from causal_core.estimation.regression import (
    ABSORBED,
    Regressors,
    need_variation,
    residual,
    share_explained,
)
from causal_core.queries.words import difference, percent
from causal_core.tables.schema import Level, Value
from causal_core.tables.table import Table

MULTIPLES = (1, 2, 3)
_SIGNIFICANCE = 0.05
_CONTOUR = 41


@dataclass(frozen=True)
class Benchmark:
    """What the estimate would be with an unmeasured cause `multiple` times as strong as `name`."""

    name: str
    multiple: int
    r2_treatment: float
    r2_outcome: float
    estimate: float


@dataclass(frozen=True, eq=False)
class Contour:
    """Adjusted estimates [P, P] over `r2_outcome` [P] (down) and `r2_treatment` [P] (across)."""

    r2_treatment: np.ndarray
    r2_outcome: np.ndarray
    estimates: np.ndarray


@dataclass(frozen=True)
class Robustness:
    """A regression's estimate and what it would take to explain it away.

    `estimate` is the contrast between the two values in `unit`, `error` its standard error,
    `t` its t-value on `freedom` degrees of freedom. `partial_r2`: the treatment's with the
    outcome. `value`: the robustness value (section 4.2), the partial R² that a cause must have
    with both to bring the estimate to zero; `significance`: to make it insignificant at 5 %.
    """

    estimate: float
    error: float
    t: float
    freedom: int
    partial_r2: float
    value: float
    significance: float
    benchmarks: tuple[Benchmark, ...]
    unit: str
    sentence: str

    def adjusted_estimate(
        self, r2_treatment: np.ndarray | float, r2_outcome: np.ndarray | float
    ) -> np.ndarray:
        """The estimate with a cause of these partial R² (below 1) held fixed, broadcast.

        The cause is taken to work against the estimate: bias = √(R²_Y R²_D / (1 − R²_D)) · error
        · √freedom (section 3.2). Past zero the sign turns.
        """
        given = np.asarray(r2_treatment, dtype=float)
        strength = np.sqrt(np.asarray(r2_outcome) * given / (1 - given))
        bias = strength * self.error * math.sqrt(self.freedom)
        return np.asarray(self.estimate - math.copysign(1.0, self.estimate) * bias)

    def contour(self) -> Contour:
        """Adjusted estimates on a grid that holds the robustness value and every benchmark."""
        across = [self.value, *(b.r2_treatment for b in self.benchmarks)]
        down = [self.value, *(b.r2_outcome for b in self.benchmarks)]
        treatment = np.linspace(0, min(0.95, 1.25 * max(across) + 0.01), _CONTOUR)
        outcome = np.linspace(0, min(1.0, 1.25 * max(down) + 0.01), _CONTOUR)
        estimates = self.adjusted_estimate(treatment, outcome[:, None])
        return Contour(treatment, outcome, estimates)


def robustness(
    table: Table,
    treatment: str,
    outcome: str,
    adjusted: Iterable[str],
    *,
    values: tuple[Value, Value] = (0, 1),
    level: Level | None = None,
    benchmarks: Sequence[str] = (),
) -> Robustness:
    """The regression of `outcome` on `treatment` and `adjusted`, and its robustness.

    Levels become indicators; of a discrete outcome the indicator of `level` is regressed. Of
    a discrete treatment only rows with one of the two `values` count. `benchmarks`: columns
    of `adjusted` to compare with. Raises UnknownColumn, UnknownLevel, QuestionError for a
    benchmark that is not adjusted for, EstimationError where the rows are too few or alike.
    """
    question = contrast(table, treatment, outcome, values, level)
    held = tuple(dict.fromkeys(name for name in adjusted if name not in (treatment, outcome)))
    for name in benchmarks:
        _need_benchmark(table, name, held)
    kept = _kept(question, held)
    columns = Regressors(table, held, kept)
    dose = columns.within(_dose(question, kept))
    response = columns.within(question.response(kept))
    found = _regressed(question, columns, dose, response)
    compared = [b for n in benchmarks for b in _benchmarks(found, columns, dose, response, n)]
    found = replace(found, benchmarks=tuple(compared))
    return replace(found, sentence=_sentence(question, found))


def robustness_value(t: float, freedom: int, significance: float | None = None) -> float:
    """Partial R² with treatment and outcome that takes all of an estimate, or its significance.

    Cinelli & Hazlett (2020, section 4.2). Where the effect is so strong that a cause with
    equal shares would exceed the outcome's, the value is (f² − f*²) / (1 + f²), f* the
    critical f (their package sensemakr, version 2).
    """
    from scipy.stats import t as student

    strength = abs(t) / math.sqrt(freedom)
    critical = 0.0
    if significance is not None:
        quantile = float(student.ppf(1 - significance / 2, freedom - 1))
        critical = quantile / math.sqrt(freedom - 1)
    left = strength - critical
    if left <= 0:
        return 0.0
    if critical and strength > 1 / critical:
        return (strength**2 - critical**2) / (1 + strength**2)
    return 0.5 * (math.sqrt(left**4 + 4 * left**2) - left**2)


def _need_benchmark(table: Table, name: str, held: Sequence[str]) -> None:
    if name not in held:
        raise QuestionError(
            f"“{name}” is not held fixed, so it is no measure of strength.",
            "Compare with a column that is adjusted for.",
        )
    if len(table.variable(name).levels) > ABSORBED:
        raise QuestionError(
            f"“{name}” has more than {ABSORBED} levels.", "Compare with a column of fewer levels."
        )


def _kept(question: Contrast, held: Sequence[str]) -> np.ndarray:
    """Complete rows; of a treatment with levels those that have one of the two."""
    kept = question.complete(held)
    if question.treatment.kind.discrete:
        place = question.table.columns.index(question.treatment.name)
        kept = kept & np.isin(question.table.codes[:, place], question.codes)
    return kept


def _dose(question: Contrast, kept: np.ndarray) -> np.ndarray:
    """The treatment such that its coefficient is the contrast: float64 [rows]."""
    low, high = question.codes
    treated = question.treated(kept)
    if question.treatment.kind.discrete:
        return np.asarray((treated == high).astype(float))
    return np.asarray(treated / (high - low))


def _regressed(
    question: Contrast, columns: Regressors, dose: np.ndarray, response: np.ndarray
) -> Robustness:
    basis = columns.span()
    left, shown = residual(dose, basis), residual(response, basis)
    need_variation(left, dose, question.treatment.name)
    freedom = columns.freedom(basis) - 1
    if freedom < 2:
        raise EstimationError("There are too few rows for these columns.", "Hold fewer fixed.")
    estimate = float(left @ shown / (left @ left))
    rest = shown - estimate * left
    need_variation(rest, response, question.outcome.name)
    error = math.sqrt(float(rest @ rest) / freedom / float(left @ left))
    t = estimate / error
    return Robustness(
        estimate,
        error,
        t,
        freedom,
        t**2 / (t**2 + freedom),
        robustness_value(t, freedom),
        robustness_value(t, freedom, _SIGNIFICANCE),
        (),
        question.unit,
        "",
    )


def _benchmarks(
    found: Robustness, columns: Regressors, dose: np.ndarray, response: np.ndarray, name: str
) -> list[Benchmark]:
    """The bounds of a cause that is up to three times as strong (section 4.4).

    A multiple that would explain more than all of the treatment is left out.
    """
    with_treatment = share_explained(
        residual(dose, columns.span(without=name)), residual(dose, columns.span())
    )
    with_outcome = share_explained(
        residual(response, columns.span(without=name, more=dose)),
        residual(response, columns.span(more=dose)),
    )
    made = []
    for multiple in MULTIPLES:
        strength = _bounded(with_treatment, with_outcome, multiple)
        if strength is not None:
            estimate = float(found.adjusted_estimate(*strength))
            made.append(Benchmark(name, multiple, *strength, estimate))
    return made


def _bounded(treatment: float, outcome: float, multiple: int) -> tuple[float, float] | None:
    """Partial R² (with treatment, with outcome) that a cause so much stronger can have."""
    with_treatment = multiple * treatment / (1 - treatment) if treatment < 1 else 1.0
    if with_treatment >= 1 or multiple * treatment >= 1:
        return None
    overlap = multiple * treatment**2 / ((1 - multiple * treatment) * (1 - treatment))
    if overlap >= 1 or outcome >= 1:
        return None
    reach = (math.sqrt(multiple) + math.sqrt(overlap)) / math.sqrt(1 - overlap)
    return with_treatment, min(1.0, reach**2 * outcome / (1 - outcome))


def _sentence(question: Contrast, found: Robustness) -> str:
    cause, effect = f"“{question.treatment.name}”", f"“{question.outcome.name}”"
    told = (
        f"An unmeasured cause that explains {percent(found.value)} of what is left of {cause} and "
        f"of {effect} would bring the estimate to zero; "
    )
    told += (
        f"{percent(found.significance)} of both would make it insignificant (5 %)."
        if found.significance > 0
        else "it is not significant (5 %) even without one."
    )
    return " ".join([told, *(_compared(b, found) for b in found.benchmarks if b.multiple == 1)])


def _compared(one: Benchmark, found: Robustness) -> str:
    does = "leave" if one.estimate * found.estimate > 0 else "turn it to"
    return (
        f"One as strong as “{one.name}” would explain {percent(one.r2_treatment)} and "
        f"{percent(one.r2_outcome)} and {does} {difference(one.estimate, found.unit)}."
    )
