"""Which rows of a table that is too large are taken, and the finding that says so."""

from __future__ import annotations

import numpy as np

from causal_core.tables.finding import Finding
from causal_core.tables.table import Table


def chosen(rows: int, most: int) -> np.ndarray:
    """The rows taken, int64 [taken] from 0 and ascending: all, or `most` of them with seed 0."""
    if rows <= most:
        return np.arange(rows)
    return np.sort(np.random.default_rng(0).choice(rows, most, replace=False))


def noted(table: Table, rows: int) -> Table:
    """The table; where it has fewer rows than the `rows` there were, a finding says so first."""
    taken = len(table)
    if taken == rows:
        return table
    note = Finding("sample", None, f"A sample of {taken:,} of {rows:,} rows, seed 0.", rows - taken)
    findings = (note, *table.findings)
    return Table(table.variables, table.codes, name=table.name, findings=findings)
