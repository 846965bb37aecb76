"""A column at a glance: its shape in a few bars, and its content in one line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from causal_core.tables.schema import Kind, Variable
from causal_core.tables.table import Table
from causal_core.views.theme import digits_for, number, percent

_BINS = 20
_SHOWN_LEVELS = 4
_SAMPLED = 100_000  # rows; a shape of twenty bars needs no more


@dataclass(frozen=True)
class ColumnGlance:
    """`bars` are shares of the seen cells, one per level or per bin from low to high."""

    variable: Variable
    missing: int
    missing_share: float
    bars: tuple[float, ...]
    content: str


def glances(table: Table) -> tuple[ColumnGlance, ...]:
    """Every column of the table at a glance, in order."""
    return tuple(
        _glance(variable, codes) for variable, codes in zip(table.variables, table.codes.T)
    )


def _glance(variable: Variable, codes: np.ndarray) -> ColumnGlance:
    seen = ~np.isnan(codes)
    missing = int(len(codes) - seen.sum())
    step = max(1, len(codes) // _SAMPLED)
    sample = codes[::step][seen[::step]]
    return ColumnGlance(
        variable,
        missing,
        missing / len(codes),
        _bars(variable, sample),
        _content(variable, sample),
    )


def _bars(variable: Variable, codes: np.ndarray) -> tuple[float, ...]:
    if not len(codes):
        return ()
    counts = _level_counts(variable, codes) if variable.kind.discrete else _binned(codes)
    return tuple(float(share) for share in counts / counts.sum())


def _level_counts(variable: Variable, codes: np.ndarray) -> np.ndarray:
    return np.bincount(codes.astype(np.int64), minlength=len(variable.levels))


def _binned(codes: np.ndarray) -> np.ndarray:
    """Counts between the 0.5 and 99.5 % quantiles, so that one odd cell does not hide the rest."""
    low, high = np.quantile(codes, (0.005, 0.995))
    if low == high:
        low, high = codes.min(), codes.max()
    return np.histogram(np.clip(codes, low, high), bins=_BINS)[0]


def _content(variable: Variable, codes: np.ndarray) -> str:
    if not len(codes):
        return "no value at all"
    return _levels(variable, codes) if variable.kind.discrete else _range(variable, codes)


def _levels(variable: Variable, codes: np.ndarray) -> str:
    counts = _level_counts(variable, codes)
    order = np.argsort(-counts, kind="stable")[:_SHOWN_LEVELS]
    parts = [f"{variable.levels[i]} {percent(counts[i] / counts.sum(), 0)}" for i in order]
    rest = len(variable.levels) - len(parts)
    return ", ".join(parts) + (f" and {rest} more" if rest > 0 else "")


def _range(variable: Variable, codes: np.ndarray) -> str:
    whole = variable.kind is Kind.INTEGER
    digits = 0 if whole else digits_for(float(np.ptp(codes)) / 10)
    low, median, high = (number(float(q), digits) for q in np.quantile(codes, (0, 0.5, 1)))
    unit = f" {variable.unit}" if variable.unit else ""
    return f"{low} to {high}{unit}, half below {median}"
