"""Which columns a search can use, and what is wrong with the others."""

from __future__ import annotations

import numpy as np

from causal_core.errors import TableError
from causal_core.tables.schema import Variable
from causal_core.tables.table import Table

_FEWEST_ROWS = 20
_MOST_LEVELS = 50


def rows_needed(columns: int) -> int:
    """How many complete rows a search over so many columns needs."""
    return max(_FEWEST_ROWS, 2 * columns)


def check(variable: Variable, column: np.ndarray) -> None:
    """TableError where no search can use the codes `column` [rows] of `variable`."""
    seen = np.unique(column[np.isfinite(column)])
    if len(seen) < 2:
        raise TableError(
            f"“{variable.name}” has the same value in every row, so nothing can depend on it.",
            "Leave it out of the search.",
        )
    if variable.kind.discrete and len(seen) > _MOST_LEVELS:
        raise TableError(
            f"“{variable.name}” has {len(seen)} levels; a search can use {_MOST_LEVELS}.",
            "Leave it out if it is a name or a number of a row; else join rare levels.",
        )


def unusable(table: Table) -> dict[str, str]:
    """The columns to leave out so that the others can be searched, each with the reason.

    First those that no search can use; then, while too few rows are complete, the one with
    the most holes.
    """
    found: dict[str, str] = {}
    for variable, column in zip(table.variables, table.codes.T, strict=True):
        try:
            check(variable, column)
        except TableError as error:
            found[variable.name] = error.what
    holes = ~np.isfinite(table.codes)
    kept = [j for j, name in enumerate(table.columns) if name not in found]
    while len(kept) > 2 and (~holes[:, kept].any(1)).sum() < rows_needed(len(kept)):
        worst = max(kept, key=lambda j: int(holes[:, j].sum()))
        if not holes[:, worst].any():
            break
        kept.remove(worst)
        found[table.columns[worst]] = (
            f"“{table.columns[worst]}” has {holes[:, worst].sum():,} holes in {len(holes):,} rows: "
            "with it, too few rows are complete."
        )
    return found
