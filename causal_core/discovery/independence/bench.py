"""One table, and every question of independence that is asked of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np

from causal_core.discovery.independence.columns import LINES_ONLY, Column, column
from causal_core.discovery.independence.counts import counts_test
from causal_core.discovery.independence.evidence import Evidence, untold
from causal_core.discovery.independence.residuals import Held, held, line_test, residual_test
from causal_core.graphs.implied import Independence
from causal_core.rng import generator
from causal_core.tables.table import Table

MOST_ROWS = 10_000  # a random choice of so many tells what matters
_FEWEST_ROWS = 20
_ROWS_LEFT = 10  # beyond the coefficients of a regression
_ROWS_PER_LEVEL = 5


class Bench:
    """Tests over the rows of a table; each is made once.

    Which test: `COUNTS` (G²) where all columns hold levels and their strata are thick enough;
    `PARTIAL` (Fisher's z) for numbers on fewer than 100 rows; else `RESIDUALS`. A column of
    numbers with long tails is compared by its ranks. Rows with a hole in one of a test's
    columns are left out of that test.
    """

    def __init__(self, table: Table, names: Iterable[str], seed: int = 0) -> None:
        """UnknownColumn where the table lacks one of `names`."""
        chosen = table.select(names)
        codes = chosen.codes
        if len(codes) > MOST_ROWS:
            picked = generator(seed, "critic").choice(len(codes), MOST_ROWS, replace=False)
            codes = codes[np.sort(picked)]
        self.variables = {v.name: v for v in chosen.variables}
        self._codes: Mapping[str, np.ndarray] = dict(zip(chosen.columns, codes.T, strict=True))
        self._tested: dict[Independence, Evidence] = {}
        self.rows = len(codes)

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The columns that vary."""
        return {
            name: column(self.variables[name], codes)
            for name, codes in self._codes.items()
            if name not in self.constant
        }

    @cached_property
    def constant(self) -> frozenset[str]:
        """Columns with one value, or none, in every row."""
        return frozenset(
            name
            for name, codes in self._codes.items()
            if len(np.unique(codes[np.isfinite(codes)])) < 2
        )

    def cells(self, name: str) -> np.ndarray:
        """The codes of a column in the table's own units [rows], NaN missing."""
        return self._codes[name]

    @property
    def ranked(self) -> tuple[str, ...]:
        """Columns that are compared by their ranks."""
        return tuple(name for name, found in self.columns.items() if found.ranked)

    def tested(self, claims: Iterable[Independence]) -> list[Evidence]:
        """What the rows say to each claim; those that hold the same fixed share the work."""
        asked = list(claims)
        fresh = [claim for claim in dict.fromkeys(asked) if claim not in self._tested]
        by_given: dict[tuple[str, ...], list[Independence]] = {}
        for claim in fresh:
            by_given.setdefault(claim.given, []).append(claim)
        for group in by_given.values():
            self._test(group)
        return [self._tested[claim] for claim in asked]

    def _test(self, group: Sequence[Independence]) -> None:
        """Test claims that hold the same columns fixed."""
        fixed: dict[bytes, Held] = {}
        for claim in group:
            self._tested[claim] = self._one(claim, fixed)

    def _one(self, claim: Independence, fixed: dict[bytes, Held]) -> Evidence:
        names = (claim.one, claim.other, *claim.given)
        for name in names[:2]:
            if name in self.constant:
                return untold(f"“{name}” has the same value in every row.", self.rows)
        used = [self.columns[name] for name in names if name not in self.constant]
        rows, count = self._complete(used)
        if problem := self._too_few(used, rows, count):
            return untold(problem, count)
        one, other, *given = used
        if all(c.leveled for c in used):
            codes = [c.codes[rows].astype(np.int64) for c in used]
            strata = np.column_stack(codes[2:]) if given else np.zeros((count, 0), dtype=np.int64)
            if found := counts_test(codes[0], codes[1], strata):
                return found
        key = rows.tobytes() if isinstance(rows, np.ndarray) else b""
        if key not in fixed:
            fixed[key] = held(given, rows, count)
        return self._compared(one, other, given, fixed[key])

    def _compared(self, one: Column, other: Column, given: list[Column], fixed: Held) -> Evidence:
        if fixed.count - fixed.terms < _ROWS_LEFT:
            return untold(
                f"{fixed.count} complete rows are too few to hold {len(given)} columns fixed.",
                fixed.count,
            )
        for end in (one, other):
            if not fixed.left(end)[0].any():
                what = " and ".join(f"“{c.name}”" for c in given) or "itself"
                return untold(f"“{end.name}” follows exactly from {what}.", fixed.count)
        numbers = not any(c.leveled for c in (one, other, *given))
        if numbers and fixed.count < LINES_ONLY:
            return line_test(one, other, fixed)
        return residual_test(one, other, fixed)

    def _complete(self, used: Sequence[Column]) -> tuple[np.ndarray | slice, int]:
        """The rows in which all these columns are filled in, and how many they are."""
        holed = [c for c in used if c.name in self._holed]
        if not holed:
            return slice(None), self.rows
        seen = np.logical_and.reduce([c.seen for c in holed])
        return seen, int(seen.sum())

    @cached_property
    def _holed(self) -> frozenset[str]:
        return frozenset(name for name, c in self.columns.items() if not c.seen.all())

    def _too_few(self, used: Sequence[Column], rows: np.ndarray | slice, count: int) -> str:
        """Why these rows are too few, or nothing."""
        if count < _FEWEST_ROWS:
            return f"Only {count} rows have all of these cells filled in."
        for held_fixed in used[2:]:
            levels = held_fixed.terms.shape[1] + 1
            if held_fixed.leveled and levels * _ROWS_PER_LEVEL > count:
                return (
                    f"“{held_fixed.name}” has {levels} levels, too many to hold fixed in {count} "
                    "rows: join rare levels."
                )
        for end in used[:2]:
            if (end.codes[rows] == end.codes[rows][0]).all():
                return f"“{end.name}” does not vary in the rows that can be used."
        return ""
