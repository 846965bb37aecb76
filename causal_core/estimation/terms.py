"""What the rows say of each probability in a formula, at levels one has chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from causal_core.errors import EstimationError
from causal_core.estimation.levels import Levels, leveled
from causal_core.identification.expression import Probability
from causal_core.tables.schema import Value
from causal_core.tables.table import Table


@dataclass(frozen=True)
class TermEstimate:
    """The share `value` of the `rows` that meet a term's condition, NaN where none does.

    `words` say which levels were put in: “P(m = yes | x above 2.5)”.
    """

    term: Probability
    words: str
    value: float
    rows: int


def term_estimates(
    table: Table, terms: Sequence[Probability], at: Mapping[str, Value], cap: int = 24
) -> tuple[TermEstimate, ...]:
    """The first `cap` of `terms` with the levels of `at` put in.

    A column that `at` leaves out stands at its most common level; a number of many values is
    cut at its quartiles and stands for the part that holds it. Raises UnknownColumn,
    UnknownLevel, and EstimationError for a term that speaks of an intervention or a value
    that never occurs.
    """
    shown = tuple(terms)[:cap]
    names = sorted({name for term in shown for name in term.free})
    columns = {name: leveled(table, name) for name in names}
    chosen = {name: _chosen(columns[name], at) for name in names}
    return tuple(_estimate(term, columns, chosen) for term in shown)


def _chosen(column: Levels, at: Mapping[str, Value]) -> int:
    name = column.variable.name
    if name in at:
        return column.of(at[name])
    seen = column.index[~np.isnan(column.index)]
    if not len(seen):
        raise EstimationError(f"“{name}” is empty in every row.", "Leave it out of the graph.")
    return int(np.bincount(seen.astype(int)).argmax())


def _estimate(
    term: Probability, columns: Mapping[str, Levels], chosen: Mapping[str, int]
) -> TermEstimate:
    if term.do:
        raise EstimationError(
            "This formula still speaks of an intervention.", "Read off an identified formula."
        )
    seen = ~np.isnan(np.array([columns[name].index for name in term.free])).any(axis=0)
    given = seen & _all_at(term.given, columns, chosen, len(seen))
    both = given & _all_at(term.of, columns, chosen, len(seen))
    rows = int(given.sum())
    value = int(both.sum()) / rows if rows else float("nan")
    of, condition = (
        ", ".join(columns[name].words(chosen[name]) for name in sorted(names))
        for names in (term.of, term.given)
    )
    words = f"P({of} | {condition})" if condition else f"P({of})"
    return TermEstimate(term, words, value, rows)


def _all_at(
    names: frozenset[str], columns: Mapping[str, Levels], chosen: Mapping[str, int], rows: int
) -> np.ndarray:
    met = np.ones(rows, dtype=bool)
    for name in names:
        met &= columns[name].index == chosen[name]
    return met
