"""The question of an effect, resolved against a table: which columns, codes and rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from causal_core.errors import EstimationError, QuestionError
from causal_core.queries.levels import chosen_level
from causal_core.queries.words import told_apart
from causal_core.tables.schema import Level, Value, Variable
from causal_core.tables.table import Table


@dataclass(frozen=True)
class Contrast:
    """The mean of `outcome` (or the chance of its level) at one value of `treatment` less
    that at another.

    `values` in the table's own units and labels, `codes` the same as codes; `level` the
    index of the level that is meant, None for a numeric outcome.
    """

    table: Table
    treatment: Variable
    outcome: Variable
    values: tuple[Value, Value]
    codes: tuple[float, float]
    level: int | None

    @property
    def unit(self) -> str:
        """The outcome's unit, “probability” for a level."""
        return self.outcome.unit if self.level is None else "probability"

    def complete(self, names: Iterable[str]) -> np.ndarray:
        """Which rows have the treatment, the outcome and all `names`: bool [rows].

        Raises EstimationError where no row has.
        """
        wanted = dict.fromkeys([self.treatment.name, self.outcome.name, *sorted(names)])
        kept = ~np.isnan(self.table.select(wanted).codes).any(axis=1)
        if not kept.any():
            raise EstimationError(
                f"No row has all of {', '.join(f'“{name}”' for name in wanted)}.",
                "Adjust for columns that were measured together.",
            )
        return np.asarray(kept)

    def treated(self, kept: np.ndarray) -> np.ndarray:
        """Codes of the treatment in the `kept` rows, float64 [rows]."""
        return np.asarray(codes(self.table, self.treatment.name)[kept])

    def response(self, kept: np.ndarray) -> np.ndarray:
        """The outcome in the `kept` rows, or whether it is the level meant: float64 [rows]."""
        found = codes(self.table, self.outcome.name)[kept]
        return np.asarray(found if self.level is None else (found == self.level).astype(float))


def contrast(
    table: Table, treatment: str, outcome: str, values: tuple[Value, Value], level: Level | None
) -> Contrast:
    """The question, checked.

    Raises UnknownColumn, UnknownLevel, and QuestionError for a cause that is its own
    outcome or two values that are one.
    """
    cause, effect = table.variable(treatment), table.variable(outcome)
    if treatment == outcome:
        raise QuestionError("Cause and outcome are the same.", "Choose two different columns.")
    low, high = values
    at = (cause.code(low), cause.code(high))
    if at[0] == at[1]:
        raise QuestionError(
            f"Both values of “{treatment}” are {low}.", "Give two values to compare."
        )
    labels = (cause.value(at[0]), cause.value(at[1]))
    return Contrast(table, cause, effect, labels, at, chosen_level(effect, level))


def codes(table: Table, name: str) -> np.ndarray:
    """The codes of one column, float64 [rows], NaN missing."""
    return np.asarray(table.codes[:, table.columns.index(name)])


def left_out(kept: np.ndarray) -> tuple[str, ...]:
    """The sentence on rows with missing cells, where there are any."""
    lost = int((~kept).sum())
    if not lost:
        return ()
    return (
        f"{lost:,} of {len(kept):,} rows have a missing cell in a column that is needed and "
        "were left out; this assumes that they are like the others.",
    )


def beyond(question: Contrast, treated: np.ndarray) -> tuple[str, ...]:
    """The sentence on values outside those that the treatment (codes [rows]) has."""
    low, high = float(treated.min()), float(treated.max())
    if all(low <= code <= high for code in question.codes):
        return ()
    begin, end = (told_apart(at, high - low, 6) for at in (low, high))
    return (f"The rows reach from {begin} to {end}; what lies beyond is a straight continuation.",)
