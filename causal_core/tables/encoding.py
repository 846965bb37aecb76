"""Rows in a person's own labels ↔ a matrix of codes, column by column.

A code is the number itself or the index of the level (`Variable.code`); a missing
cell is NaN. `encode(decode(codes))` gives the codes back exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from causal_core.errors import TableError, UnknownColumn, UnknownLevel
from causal_core.tables.schema import Kind, Level, Variable

_INT64 = 2.0**63


def encode(frame: pd.DataFrame, variables: Sequence[Variable]) -> np.ndarray:
    """Codes [rows, variables], float64, NaN where a cell is missing.

    Raises UnknownColumn for a variable the frame lacks, UnknownLevel for a value that
    is no level, TableError for text in a numeric column and for ±infinity.
    """
    codes = np.empty((len(frame), len(variables)), order="F")
    for index, variable in enumerate(variables):
        codes[:, index] = encode_column(_only(frame, variable.name), variable)
    return codes


def encode_column(column: pd.Series, variable: Variable) -> np.ndarray:
    """Codes [rows] of one column; raises as `encode`."""
    if variable.kind.discrete:
        return _level_codes(column, variable)
    numbers = _numbers(column, variable.name)
    if np.isinf(numbers).any():
        raise TableError(
            f"“{variable.name}” holds an infinite number.", "Leave the cell empty instead."
        )
    return numbers


def decode(codes: np.ndarray, variables: Sequence[Variable]) -> pd.DataFrame:
    """The normal form of `codes` [rows, variables]: numbers, booleans and Categoricals."""
    columns = [decode_column(codes[:, i], variable) for i, variable in enumerate(variables)]
    frame = pd.DataFrame(dict(enumerate(columns)), index=pd.RangeIndex(len(codes)))
    frame.columns = pd.Index([variable.name for variable in variables], dtype=object)
    return frame


def decode_column(codes: np.ndarray, variable: Variable) -> np.ndarray | pd.Categorical[Any]:
    """The normal form of one column of codes [rows]; integers are rounded."""
    if variable.kind is Kind.INTEGER:
        return _whole(np.rint(codes))
    if variable.kind is Kind.CONTINUOUS:
        return np.array(codes, dtype=np.float64)
    return _leveled(codes, variable)


def _only(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame.columns:
        raise UnknownColumn(name, frame.columns)
    column = frame[name]
    if isinstance(column, pd.DataFrame):
        raise TableError(f"Two columns are called “{name}”.", "Rename one of them.")
    return column


def _numbers(column: pd.Series, name: str) -> np.ndarray:
    try:
        numbers = pd.to_numeric(column.astype(object) if _labelled(column) else column)
        return np.array(numbers.to_numpy(dtype=np.float64, na_value=np.nan))
    except (TypeError, ValueError):
        raise TableError(
            f"“{name}” is a column of numbers, but a cell holds text.", "Give a number."
        ) from None


def _labelled(column: pd.Series) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype)


def _level_codes(column: pd.Series, variable: Variable) -> np.ndarray:
    positions, seen = pd.factorize(column)
    exact: dict[Level, int] = {}
    text: dict[str, int] = {}
    for index, level in enumerate(variable.levels):
        exact.setdefault(level, index)
        text.setdefault(str(level), index)
    table = np.empty(len(seen) + 1)
    table[-1] = np.nan  # factorize marks a missing cell by -1
    for position, value in enumerate(seen.tolist()):
        code = exact.get(value, text.get(str(value)))
        if code is None:
            raise UnknownLevel(variable.name, value, variable.levels)
        table[position] = code
    return table[positions]


def _whole(numbers: np.ndarray) -> np.ndarray:
    if np.isfinite(numbers).all() and (np.abs(numbers) < _INT64).all():
        return numbers.astype(np.int64)
    return numbers


def _leveled(codes: np.ndarray, variable: Variable) -> np.ndarray | pd.Categorical[Any]:
    missing = np.isnan(codes)
    positions = np.where(missing, -1, codes).astype(np.int64)
    levels = variable.levels
    if any(isinstance(level, str) for level in levels):
        texts, ordered = [str(level) for level in levels], variable.kind is Kind.ORDINAL
        return pd.Categorical.from_codes(positions, categories=pd.Index(texts), ordered=ordered)
    if all(isinstance(level, bool) for level in levels):
        values = np.array(levels, dtype=bool)[positions]
        return _with_none(values, missing) if missing.any() else values
    numbers = np.array(levels, dtype=np.float64)[positions]
    numbers[missing] = np.nan
    whole = not any(isinstance(level, float) for level in levels)
    return _whole(numbers) if whole else numbers


def _with_none(flags: np.ndarray, missing: np.ndarray) -> np.ndarray:
    cells = flags.astype(object)
    cells[missing] = None
    return cells
