"""Which kind a column is, from its cells alone, and how it turns into another kind."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from causal_core.errors import TableError
from causal_core.tables.cells import Cells, cells_of
from causal_core.tables.finding import Finding
from causal_core.tables.schema import Kind, Level, Variable

COUNTS = 100  # whole numbers with more distinct values than this are continuous
_IDS = 20  # fewer distinct texts than this are hardly an identifier


@dataclass(frozen=True)
class Column:
    """A column in its final form: `codes` float64 [rows], NaN missing."""

    variable: Variable
    codes: np.ndarray
    findings: tuple[Finding, ...] = ()


def infer(
    column: pd.Series,
    name: str,
    kind: Kind | None = None,
    levels: Sequence[Level] | None = None,
    unit: str = "",
) -> Column:
    """`column` as `kind` (inferred when None), its levels in the order of `levels` if given.

    Raises TableError naming the column when its cells cannot be of that kind.
    """
    cells = cells_of(column, name)
    kind = kind or inferred_kind(cells)
    unit = unit or cells.unit
    discrete = kind.discrete
    made = _discrete(cells, kind, levels, unit) if discrete else _numeric(cells, kind, unit)
    return Column(made.variable, made.codes, cells.findings + _noticed(made, cells))


def inferred_kind(cells: Cells) -> Kind:
    """The kind that the cells suggest.

    Two distinct values → binary; whole numbers of at most 100 distinct values →
    integer, other numbers and dates → continuous; levels → categorical, or ordinal if
    ordered.
    """
    if cells.unit:  # dates and durations
        return Kind.CONTINUOUS
    if cells.numbers is not None:
        return _number_kind(cells.numbers[~np.isnan(cells.numbers)])
    if len(cells.levels) == 2:
        return Kind.BINARY
    return Kind.ORDINAL if cells.ordered else Kind.CATEGORICAL


def _number_kind(numbers: np.ndarray) -> Kind:
    if len(np.unique(numbers[:1000])) <= 2 and len(pd.unique(numbers)) == 2:
        return Kind.BINARY
    if len(numbers) == 0 or not (np.rint(numbers) == numbers).all():
        return Kind.CONTINUOUS
    return Kind.INTEGER if len(pd.unique(numbers)) <= COUNTS else Kind.CONTINUOUS


def _numeric(cells: Cells, kind: Kind, unit: str) -> Column:
    numbers = cells.numbers if cells.numbers is not None else _parsed(cells, kind)
    seen = numbers[~np.isnan(numbers)]
    if kind is Kind.INTEGER and not (np.rint(seen) == seen).all():
        wrong = seen[np.rint(seen) != seen][0]
        raise TableError(
            f"“{cells.name}” holds {wrong:g}, which is no whole number.",
            "Make the column continuous instead.",
        )
    low, high = (float(seen.min()), float(seen.max())) if len(seen) else (math.nan, math.nan)
    numbers = numbers + 0.0  # one zero: -0.0 and 0.0 are the same number
    return Column(Variable(cells.name, kind, (), unit, low, high), numbers)


def _parsed(cells: Cells, kind: Kind) -> np.ndarray:
    numbers = [_number(level, cells.name, kind) for level in cells.levels]
    assert cells.codes is not None
    return np.asarray(np.array([*numbers, np.nan])[cells.codes])


def _number(level: Level, name: str, kind: Kind) -> float:
    try:
        number = float(level)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise TableError(
            f"“{name}” holds “{level}”, which is no number, so it cannot be {kind}.",
            "Make it categorical or ordinal, or clear those cells in the file.",
        )
    return number


def _discrete(cells: Cells, kind: Kind, levels: Sequence[Level] | None, unit: str) -> Column:
    codes, found = _leveled(cells)
    if levels is not None:
        order = _places(cells.name, found, levels)
        codes, found = order[codes], _typed(found, levels)
    if kind is Kind.BINARY and len(found) > 2:
        raise TableError(
            f"“{cells.name}” has {len(found)} levels, so it cannot be binary.",
            "Make it categorical or ordinal.",
        )
    floats = np.where(codes < 0, np.nan, codes).astype(np.float64)
    return Column(Variable(cells.name, kind, found, unit), floats)


def _leveled(cells: Cells) -> tuple[np.ndarray, tuple[Level, ...]]:
    if cells.codes is not None:
        return cells.codes, cells.levels
    assert cells.numbers is not None
    codes, seen = pd.factorize(cells.numbers + 0.0, sort=True)
    whole = bool((np.rint(seen) == seen).all())
    return codes, tuple(int(v) if whole else float(v) for v in seen.tolist())


def _typed(found: tuple[Level, ...], levels: Sequence[Level]) -> tuple[Level, ...]:
    """`levels` with those already found written as they are in the table."""
    known = {str(level): level for level in found}
    wanted = [known.get(str(level), level) for level in levels]
    if any(isinstance(level, str) for level in wanted):
        wanted = [str(level) for level in wanted]
    return tuple(wanted)


def _places(name: str, found: Sequence[Level], levels: Sequence[Level]) -> np.ndarray:
    """Where each found level stands in `levels`, and -1 last for a missing cell."""
    place = {str(level): index for index, level in enumerate(levels)}
    if len(place) < len(levels):
        raise TableError(f"A level of “{name}” is listed twice.", "List each level once.")
    lost = [level for level in found if str(level) not in place]
    if lost:
        raise TableError(
            f"“{name}” also holds “{lost[0]}”, which the list of levels leaves out.",
            "List every level that occurs.",
        )
    return np.array([*(place[str(level)] for level in found), -1], dtype=np.int64)


def _noticed(made: Column, cells: Cells) -> tuple[Finding, ...]:
    """The column is constant, empty, or looks like an identifier."""
    name, seen = made.variable.name, made.codes[~np.isnan(made.codes)]
    if len(seen) == 0:
        return (Finding("all-missing", name, "Every cell is missing.", len(made.codes)),)
    if (seen == seen[0]).all():
        message = "Every row has the same value, so nothing can be learned from it."
        return (Finding("constant", name, message, len(seen)),)
    texts = not cells.declared and cells.codes is not None
    if texts and len(made.variable.levels) == len(seen) >= _IDS:
        message = "Every row has a text of its own, as an identifier or a comment has."
        return (Finding("identifier", name, message, len(seen)),)
    return ()
