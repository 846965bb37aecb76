"""The table as a value: immutable, named by the hash of its content, with its schema.

It holds one matrix of codes; every frame it gives out is decoded from that, so the
normal form is the same whether a table was uploaded, made by code or read back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from causal_core.errors import LimitError, TableError, UnknownColumn
from causal_core.limits import limit
from causal_core.tables.encoding import decode
from causal_core.tables.finding import Finding
from causal_core.tables.inference import infer
from causal_core.tables.schema import Kind, Level, Variable
from causal_core.tables.stored import pack, schema_json, unpack

__all__ = ["Finding", "Table"]


class Table:
    """Rows and columns with a kind for each column; equal when the content is equal.

    Make one with `Table.from_frame` or `read_table`.

    >>> table = Table.from_frame(pd.DataFrame({"dose": [1.5, 2.0, 2.5], "sex": ["f", "m", "f"]}))
    >>> [str(variable.kind) for variable in table.variables]
    ['continuous', 'binary']
    >>> table.variable("sex").levels
    ('f', 'm')
    """

    def __init__(
        self,
        variables: Iterable[Variable],
        codes: np.ndarray,
        *,
        name: str = "table",
        findings: Iterable[Finding] = (),
    ) -> None:
        """`codes` float64 [rows, variables], NaN missing; the table keeps it read-only."""
        self.variables = tuple(variables)
        self.findings = tuple(findings)
        self.name = name
        self._codes = np.asfortranarray(codes, dtype=np.float64)
        self._codes.flags.writeable = False

    @classmethod
    def from_frame(
        cls,
        df: pd.DataFrame,
        kinds: Mapping[str, str | Kind] | None = None,
        *,
        units: Mapping[str, str] | None = None,
        name: str = "table",
        findings: Collection[Finding] = (),
    ) -> Table:
        """The table in `df`, kinds inferred where `kinds` names none.

        Raises TableError (two columns of one name, infinite numbers, nothing in it, a
        kind the cells cannot have), UnknownColumn (in `kinds` or `units`), LimitError.
        """
        names = _checked_names(df)
        kinds, units = dict(kinds or {}), dict(units or {})
        for wanted in [*kinds, *units]:
            if wanted not in names:
                raise UnknownColumn(wanted, names)
        codes = np.empty(df.shape, order="F")
        variables, noticed = [], list(findings)
        for index, column_name in enumerate(names):
            kind = _kind(kinds[column_name]) if column_name in kinds else None
            unit = units.get(column_name, "")
            column = infer(df.iloc[:, index], column_name, kind, unit=unit)
            codes[:, index] = column.codes
            variables.append(column.variable)
            noticed.extend(column.findings)
        return cls(variables, codes, name=name, findings=noticed)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(variable.name for variable in self.variables)

    @property
    def frame(self) -> pd.DataFrame:
        """The rows in the table's own units and labels; a copy each time."""
        return decode(self._codes, self.variables)

    @property
    def codes(self) -> np.ndarray:
        """The matrix of codes, float64 [rows, columns], NaN missing; read-only."""
        return self._codes

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of schema and cells; name and findings do not enter it."""
        digest = hashlib.sha256(schema_json(self.variables).encode())
        digest.update(json.dumps(self._codes.shape).encode())
        for column in self._codes.T:
            # one NaN and one zero, whatever arithmetic they came from
            digest.update(np.where(np.isnan(column), np.nan, column + 0.0).tobytes())
        return digest.hexdigest()

    def __len__(self) -> int:
        return len(self._codes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"Table({self.name!r}, {len(self)} rows × {len(self.variables)} columns)"

    def __getitem__(self, name: str) -> pd.Series:
        """The column `name` in its own units and labels; UnknownColumn if there is none."""
        index = self._index(name)
        return decode(self._codes[:, [index]], [self.variables[index]])[name]

    def variable(self, name: str) -> Variable:
        """The description of the column `name`; UnknownColumn if there is none."""
        return self.variables[self._index(name)]

    def with_kind(
        self, name: str, kind: str | Kind, levels: Sequence[Level] | None = None
    ) -> Table:
        """The table with the column `name` read as `kind`, its levels in the given order.

        Raises TableError when the cells cannot be of that kind, or `levels` leaves out
        one that occurs.
        """
        index = self._index(name)
        unit = self.variables[index].unit
        column = infer(self[name], name, _kind(kind), levels, unit)
        codes = self._codes.copy(order="F")
        codes[:, index] = column.codes
        variables = list(self.variables)
        variables[index] = column.variable
        return Table(variables, codes, name=self.name, findings=self.findings)

    def select(self, columns: Iterable[str]) -> Table:
        """The table of these columns, in this order; UnknownColumn for one it lacks."""
        indices = [self._index(name) for name in columns]
        names = {self.columns[i] for i in indices}
        return Table(
            [self.variables[i] for i in indices],
            self._codes[:, indices],
            name=self.name,
            findings=[f for f in self.findings if f.column is None or f.column in names],
        )

    def to_bytes(self) -> bytes:
        """The table as Parquet, its schema and findings in the file's metadata."""
        return pack(self.frame, self.variables, self.findings, self.name)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Table:
        """The inverse of `to_bytes`; TableError for anything else."""
        variables, codes, findings, name = unpack(stored)
        return cls(variables, codes, name=name, findings=findings)

    def _index(self, name: str) -> int:
        for index, variable in enumerate(self.variables):
            if variable.name == name:
                return index
        raise UnknownColumn(name, self.columns)


def _kind(kind: str | Kind) -> Kind:
    try:
        return Kind(kind)
    except ValueError:
        known = ", ".join(Kind)
        raise TableError(f"There is no kind “{kind}”.", f"Choose one of: {known}.") from None


def _checked_names(df: pd.DataFrame) -> list[str]:
    names = [str(name) for name in df.columns]
    rows, columns = df.shape
    if not rows or not columns:
        raise TableError("The table is empty.", "Bring at least one row and one column.")
    if rows > limit("rows"):
        raise LimitError(
            f"The table has {rows:,} rows; at most {limit('rows'):,} can be used.",
            "Bring a random sample of the rows.",
        )
    if columns > limit("columns"):
        raise LimitError(
            f"The table has {columns:,} columns; at most {limit('columns'):,} can be used.",
            "Leave out the columns you do not need.",
        )
    for position, name in enumerate(names):
        if name in names[:position]:
            raise TableError(f"Two columns are called “{name}”.", "Rename one of them.")
        if not name.isascii() and name != name.encode("utf-8", "replace").decode():
            raise TableError(f"The name of column {position + 1} is not text.", "Rename it.")
    return names
