"""Columns as levels: discrete ones as they are, numbers of many values cut at their quartiles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from causal_core.errors import EstimationError
from causal_core.estimation.contrast import codes
from causal_core.queries.words import told_apart
from causal_core.tables.schema import Value, Variable
from causal_core.tables.table import Table

_MOST_VALUES = 8  # different numbers that a column may have and stay as it is
_QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True, eq=False)
class Levels:
    """A column's levels: `index` float64 [rows], NaN missing, and where its numbers were cut.

    `cuts` [bins − 1] for a cut column, whose bin i holds cuts[i − 1] < x ≤ cuts[i]; else None,
    and `found` [levels] are the codes that the levels stand for.
    """

    variable: Variable
    index: np.ndarray
    found: np.ndarray
    cuts: np.ndarray | None

    @property
    def count(self) -> int:
        """How many levels there are."""
        return len(self.found) if self.cuts is None else len(self.cuts) + 1

    def of(self, value: Value) -> int:
        """The level that holds `value`; EstimationError where no row has it."""
        code = self.variable.code(value)
        if self.cuts is not None:
            return int(np.searchsorted(self.cuts, code))
        if code not in self.found:
            raise EstimationError(
                f"No row has “{self.variable.name}” = {value}.", "Use a value that occurs."
            )
        return int(np.searchsorted(self.found, code))

    def words(self, level: int) -> str:
        """“dose = 2”, or “dose between 1.5 and 3” for a cut column."""
        name = self.variable.name
        if self.cuts is None:
            return f"{name} = {self.variable.value(float(self.found[level]))}"
        if level == 0:
            return f"{name} at most {self._cut(0)}"
        if level == len(self.cuts):
            return f"{name} above {self._cut(-1)}"
        return f"{name} between {self._cut(level - 1)} and {self._cut(level)}"

    def _cut(self, place: int) -> str:
        assert self.cuts is not None
        steps = np.diff(self.cuts)
        return told_apart(float(self.cuts[place]), float(steps.min()) if len(steps) else 0.0)


def leveled(table: Table, name: str) -> Levels:
    """The levels of one column; those that never occur are left out."""
    variable, column = table.variable(name), codes(table, name)
    seen = column[~np.isnan(column)]
    found = np.unique(seen)
    if variable.kind.discrete or len(found) <= _MOST_VALUES:
        return Levels(variable, _kept(np.searchsorted(found, column), column), found, None)
    cuts = np.unique(np.quantile(seen, _QUARTILES))
    return Levels(variable, _kept(np.searchsorted(cuts, column), column), found, cuts)


def _kept(index: np.ndarray, column: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(column), np.nan, index)
