"""How far an effect can lie when the graph does not identify it: bounds instead of a number.

With a discrete instrument the bounds are those of Balke and Pearl (1997); without one they
are Manski's (1990), which assume nothing at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from causal_core.errors import QuestionError
from causal_core.estimation.contrast import Contrast, contrast, left_out
from causal_core.estimation.instrument_bounds import Instrumented, with_instruments
from causal_core.estimation.natural_bounds import Ends, natural_bounds
from causal_core.graphs.graph import CausalGraph
from causal_core.queries.words import measured
from causal_core.tables.schema import Kind, Level, Value
from causal_core.tables.table import Table

_NORMAL = 1.645  # each end leaves out 5 %


class BoundsMethod(StrEnum):
    """Where bounds come from."""

    BALKE_PEARL = "Balke–Pearl"
    NATURAL = "natural"


class ArmBounds(NamedTuple):
    """Between which means of the outcome giving `value` to everyone would lead."""

    value: Value
    low: float
    high: float


@dataclass(frozen=True)
class Bounds:
    """The contrast E[outcome | do(values[1])] − E[outcome | do(values[0])] lies in [low, high].

    In `unit` (“probability” for levels). `interval` is wider: it holds the sampling error of
    both ends (90 %). `instrument`: the column whose independence the bounds rest on, or None.
    """

    low: float
    high: float
    method: BoundsMethod
    arms: tuple[ArmBounds, ...]
    interval: Ends
    sentence: str
    unit: str
    notes: tuple[str, ...]
    instrument: str | None = None


def bounds(
    table: Table,
    graph: CausalGraph,
    treatment: str,
    outcome: str,
    values: tuple[Value, Value] = (0, 1),
    *,
    level: Level | None = None,
    span: Ends | None = None,
    seed: int = 0,
) -> Bounds:
    """Bounds of the effect of `treatment` on the mean of `outcome`, or on P(outcome = level).

    `span`: between which numbers a numeric outcome must lie; the seen range when None.
    Raises UnknownColumn, UnknownLevel, GraphError, EstimationError for columns without
    complete rows, and QuestionError for a continuous treatment, for values that no row has
    and for a `span` that the rows leave.
    """
    question = contrast(table, treatment, outcome, values, level)
    _need_levels(question)
    kept = question.complete(())
    limits, said = _limits(question, question.response(kept), span)
    notes = (*left_out(kept), *said)
    found, refused = with_instruments(question, graph, seed)
    if found is not None:
        return _sharp(question, found, (*notes, *found.notes))
    return _natural(question, kept, limits, (*notes, *refused))


def _need_levels(question: Contrast) -> None:
    name = question.treatment.name
    if question.treatment.kind is Kind.CONTINUOUS:
        raise QuestionError(
            f"“{name}” is continuous: hardly any row has exactly the values asked about, so that "
            "bounds without a model say nothing.",
            "Cut it into a few groups, add them as a column, and ask about that.",
        )
    codes = question.table.codes[:, question.table.columns.index(name)]
    for value, code in zip(question.values, question.codes, strict=True):
        if not (codes == code).any():
            raise QuestionError(
                f"No row has “{name}” = {value}.", "Ask about a value that the rows have."
            )


def _limits(
    question: Contrast, response: np.ndarray, span: Ends | None
) -> tuple[Ends, tuple[str, ...]]:
    """Between which numbers the outcome must lie, and the sentence that says so."""
    if question.level is not None:
        return (0.0, 1.0), ()
    name, unit = question.outcome.name, question.unit
    low, high = (float(response.min()), float(response.max())) if span is None else span
    if not low <= response.min() <= response.max() <= high:
        raise QuestionError(
            f"Some rows have “{name}” outside {measured(low, unit)} to {measured(high, unit)}.",
            "Give limits that hold every row.",
        )
    why = ", the range that was seen" if span is None else ""
    ends = f"{measured(low, unit)} and {measured(high, unit)}"
    return (low, high), (f"Assumes that “{name}” always lies between {ends}{why}.",)


def _sharp(question: Contrast, found: Instrumented, notes: tuple[str, ...]) -> Bounds:
    sentence = _sentence(question, found.ends, f"With “{found.name}” as the instrument, ")
    return Bounds(
        *found.ends,
        BoundsMethod.BALKE_PEARL,
        _arms(question, found.arms),
        found.interval,
        sentence,
        question.unit,
        notes,
        found.name,
    )


def _natural(question: Contrast, kept: np.ndarray, limits: Ends, notes: tuple[str, ...]) -> Bounds:
    chosen = question.treated(kept)[:, None] == np.array(question.codes)
    found = natural_bounds(question.response(kept), chosen, limits)
    low, high = (float(end) for end in found.contrast)
    ends = found.contrast + _NORMAL * found.errors * [-1, 1]
    widest = limits[1] - limits[0]
    interval = np.clip(ends, -widest, widest)
    return Bounds(
        low,
        high,
        BoundsMethod.NATURAL,
        _arms(question, found.arms),
        (float(interval[0]), float(interval[1])),
        _sentence(question, (low, high), "Assuming nothing about what causes what, "),
        question.unit,
        notes,
    )


def _arms(question: Contrast, ends: np.ndarray) -> tuple[ArmBounds, ...]:
    pairs = zip(question.values, ends, strict=True)
    return tuple(ArmBounds(value, float(low), float(high)) for value, (low, high) in pairs)


def _sentence(question: Contrast, ends: Ends, opening: str) -> str:
    low, high = (measured(end, question.unit) for end in ends)
    before, after = question.values
    cause = f"“{question.treatment.name}” = {after} instead of {before}"
    told = _direction(ends)
    return (
        f"{opening}the effect of {cause} on {_target(question)} lies between {low} and {high}: "
        f"{told}."
    )


def _target(question: Contrast) -> str:
    name = f"“{question.outcome.name}”"
    if question.level is None:
        return name
    return f"the chance of {name} = {question.outcome.levels[question.level]}"


def _direction(ends: Ends) -> str:
    if ends[0] > 0:
        return "it raises it"
    if ends[1] < 0:
        return "it lowers it"
    return "its sign stays open"
