"""The cells of any pandas column, brought down to two forms: numbers, or levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from causal_core.errors import TableError
from causal_core.tables.finding import Finding
from causal_core.tables.schema import Level

EXACT = 2**53  # beyond this float64 cannot tell neighbouring whole numbers apart
_DAY = 86_400.0
_TEXTUAL = {"string", "mixed", "mixed-integer", "bytes", "time", "period", "interval"}


@dataclass(frozen=True)
class Cells:
    """A column's cells: `numbers` float64 [rows] (NaN missing), or levels and their codes.

    `codes` int64 [rows] index into `levels`, -1 missing. `ordered` says that the order
    of the levels means something, `boolean` that they are False and True.
    """

    name: str
    numbers: np.ndarray | None = None
    codes: np.ndarray | None = None
    levels: tuple[Level, ...] = ()
    ordered: bool = False
    declared: bool = False
    unit: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def boolean(self) -> bool:
        """Whether the levels are False and True."""
        return bool(self.levels) and all(isinstance(level, bool) for level in self.levels)


def cells_of(column: pd.Series, name: str) -> Cells:
    """The cells of `column`; TableError for infinities and for types with no meaning here."""
    dtype = column.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return _declared(column, name)
    if pd.api.types.is_bool_dtype(dtype):
        return _booleans(column, name)
    if pd.api.types.is_datetime64_any_dtype(dtype) or pd.api.types.is_timedelta64_dtype(dtype):
        return _days(column, name)
    if pd.api.types.is_complex_dtype(dtype):
        raise TableError(f"“{name}” holds complex numbers.", "Bring real numbers.")
    if pd.api.types.is_numeric_dtype(dtype):
        return _numbers(column, name)
    return _objects(column, name)


def _objects(column: pd.Series, name: str) -> Cells:
    kind = pd.api.types.infer_dtype(column, skipna=True)
    if kind == "empty":
        return Cells(name, numbers=np.full(len(column), np.nan))
    if kind == "boolean":
        return _booleans(column.astype("boolean"), name)
    if kind in ("datetime64", "datetime", "date", "timedelta", "timedelta64"):
        return _days(_dated(column, name, kind), name)
    if kind in ("integer", "floating", "mixed-integer-float", "decimal"):
        return _numbers(_narrowed(column), name)
    if kind == "complex":
        raise TableError(f"“{name}” holds complex numbers.", "Bring real numbers.")
    return _texts(column, name)


def _narrowed(column: pd.Series) -> pd.Series:
    try:
        return pd.to_numeric(column)
    except (TypeError, ValueError, OverflowError):
        return column.astype(float)


def _dated(column: pd.Series, name: str, kind: str) -> pd.Series:
    try:
        return pd.to_timedelta(column) if "timedelta" in kind else pd.to_datetime(column, utc=True)
    except (ValueError, TypeError, OverflowError):
        raise TableError(
            f"“{name}” holds dates that cannot be read.", "Write them as 2024-12-31."
        ) from None


def _numbers(column: pd.Series, name: str) -> Cells:
    if pd.api.types.is_integer_dtype(column.dtype) and _beyond_exact(column):
        return _identifiers(column, name)
    numbers = np.array(column.to_numpy(dtype=np.float64, na_value=np.nan))
    if np.isinf(numbers).any():
        row = int(np.flatnonzero(np.isinf(numbers))[0]) + 1
        raise TableError(
            f"“{name}” holds an infinite number in row {row}.",
            "Leave the cell empty, or put a finite number there.",
        )
    return Cells(name, numbers=numbers)


def _beyond_exact(column: pd.Series) -> bool:
    seen = column.dropna()
    return len(seen) > 0 and (int(seen.max()) > EXACT or int(seen.min()) < -EXACT)


def _identifiers(column: pd.Series, name: str) -> Cells:
    note = Finding(
        "big-id",
        name,
        "Whole numbers beyond 9,007,199,254,740,992 cannot be calculated with exactly; "
        "they are kept as text.",
        int(column.notna().sum()),
    )
    return _texts(column.astype("string"), name, (note,))


def _booleans(column: pd.Series, name: str) -> Cells:
    codes = column.astype("boolean").astype("Int64").fillna(-1).to_numpy(dtype=np.int64)
    return Cells(name, codes=codes, levels=(False, True), declared=True)


def _days(column: pd.Series, name: str) -> Cells:
    if pd.api.types.is_timedelta64_dtype(column.dtype):
        days, note = column.dt.total_seconds() / _DAY, "Durations are counted in days."
    else:
        start = pd.Timestamp(0, tz=column.dt.tz) if column.dt.tz is not None else pd.Timestamp(0)
        days, note = (column - start).dt.total_seconds() / _DAY, "Dates are days since 1970-01-01."
    finding = Finding("dates", name, note, int(column.notna().sum()))
    numbers = days.to_numpy(dtype=np.float64, na_value=np.nan)
    return Cells(name, numbers=np.array(numbers), unit="days", findings=(finding,))


def _declared(column: pd.Series, name: str) -> Cells:
    levels = _plain_levels(column.cat.categories.tolist())
    if not levels:
        return Cells(name, numbers=np.full(len(column), np.nan))
    codes = column.cat.codes.to_numpy(dtype=np.int64)
    if any(isinstance(level, float) and not np.isfinite(level) for level in levels):
        raise TableError(f"“{name}” has an infinite level.", "Leave the cell empty instead.")
    return Cells(name, codes=codes, levels=levels, ordered=bool(column.cat.ordered), declared=True)


def _plain_levels(values: Sequence[object]) -> tuple[Level, ...]:
    """Levels of one type: booleans, numbers that float64 holds, or else text."""
    if values and all(isinstance(v, bool) for v in values):
        return tuple(bool(v) for v in values)
    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        numbers = [v for v in values if isinstance(v, int | float)]
        if all(isinstance(v, int) and abs(v) <= EXACT for v in numbers):
            return tuple(numbers)
        if len({float(v) for v in numbers}) == len(numbers):
            return tuple(float(v) for v in numbers)
    return tuple(_clean(str(v)) for v in values)


def _texts(column: pd.Series, name: str, findings: tuple[Finding, ...] = ()) -> Cells:
    codes, seen = _factorized(column)
    texts = [_clean(value if isinstance(value, str) else str(value)) for value in seen]
    levels = sorted(set(texts))
    rank = {level: index for index, level in enumerate(levels)}
    order = np.array([rank[text] for text in texts] + [-1], dtype=np.int64)
    return Cells(name, codes=order[codes], levels=tuple(levels), findings=findings)


def _factorized(column: pd.Series) -> tuple[np.ndarray, list[object]]:
    try:
        codes, seen = pd.factorize(column)
    except TypeError:  # cells that cannot be hashed: lists, dictionaries
        codes, seen = pd.factorize(column.map(str, na_action="ignore"))
    return codes, seen.tolist()


def _clean(text: str) -> str:
    """`text` without lone surrogates, which no file format can hold."""
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text
