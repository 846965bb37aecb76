"""What a person corrected about the columns, kept when the file is read once more."""

from __future__ import annotations

from dataclasses import replace

from causal_core.errors import TableError
from causal_core.tables.schema import Kind, Variable
from causal_core.tables.table import Table


def with_unit(table: Table, name: str, unit: str) -> Table:
    """`table` with the column `name` measured in `unit`; UnknownColumn if there is none."""
    table.variable(name)
    variables = [replace(v, unit=unit) if v.name == name else v for v in table.variables]
    return Table(variables, table.codes, name=table.name, findings=table.findings)


def carried_over(chosen: Table, read: Table, again: Table) -> Table:
    """`again` with every kind and unit in which `chosen` differs from `read`.

    `read` and `again` are the same file read with other repairs; `chosen` is `read` after a
    person's corrections. A correction that the new cells cannot have is left out.
    """
    before = {variable.name: variable for variable in read.variables}
    for wanted in chosen.variables:
        first = before.get(wanted.name)
        if first is None or wanted.name not in again.columns:
            continue
        if (wanted.kind, wanted.levels) != (first.kind, first.levels):
            again = _as_wanted(again, wanted)
        if wanted.unit != first.unit:
            again = with_unit(again, wanted.name, wanted.unit)
    return again


def _as_wanted(table: Table, wanted: Variable) -> Table:
    """`table` with that kind and order of levels, or what its cells allow of it."""
    levels = wanted.levels if wanted.kind is Kind.ORDINAL else None
    for order in (levels, None):
        try:
            return table.with_kind(wanted.name, wanted.kind, order)
        except TableError:
            continue
    return table
