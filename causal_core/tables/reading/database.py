"""One table of a database, named by an address: SQLite, PostgreSQL or a DuckDB file.

Everything is opened for reading only, and a table is taken by its name alone: there are
no queries. No error names the address, which may hold a password.
"""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from causal_core.errors import TableError
from causal_core.limits import limit
from causal_core.tables.reading.parse import parse
from causal_core.tables.reading.place import found
from causal_core.tables.reading.sample import chosen, noted
from causal_core.tables.table import Table

_BATCH = 10_000
_SETTINGS = {"table", "host", "sslmode"}  # what may follow “?”; the last two are PostgreSQL's


@dataclass(frozen=True)
class _Source:
    """An open database: its tables, and how a statement is run (names, then batches of rows)."""

    tables: Sequence[str]
    run: Callable[[sa.Select[Any]], tuple[list[str], Iterator[Sequence[Sequence[Any]]]]]


def table_names(address: str) -> list[str]:
    """The tables of the database at `address`, from A to Z; TableError."""
    with _opened(_url(address)) as source:
        return list(source.tables)


def read_database(
    address: str,
    name: str | None = None,
    undo: Collection[str] = (),
    tell: Callable[[int, int], None] | None = None,
) -> Table:
    """The table that `address` names, as `sqlite:////data/clinic.db?table=visits`.

    `postgresql://user:password@host/base?table=…` and `duckdb:////data/file.duckdb?table=…`
    work alike; `table` may be left out where there is only one. Of more than `limit("rows")`
    rows an even sample is taken with seed 0, and a finding says so. `tell` is given how many
    rows are read, and of how many. Raises TableError.
    """
    url = _url(address)
    with _opened(url) as source:
        wanted = _chosen(source.tables, url.query.get("table"))
        rows, packed = _packed(source, sa.table(wanted), tell)
    return noted(parse(packed, f"{name or wanted}.parquet", undo), rows)


def _url(address: str) -> sa.URL:
    """The parts of an address; TableError, which does not repeat it, for any other."""
    try:
        url = sa.make_url(address)
    except (sa.exc.ArgumentError, ValueError):
        raise TableError(
            "The address of the database cannot be read.",
            "Write signs such as @ : / in a password as %40 %3A %2F.",
        ) from None
    if url.drivername not in _OPENERS:
        raise TableError(
            "Tables are read from no such address.",
            "Give sqlite:///, postgresql:// or duckdb:///, or bring a file.",
        )
    if not url.query.keys() <= _SETTINGS or not isinstance(url.query.get("table", ""), str):
        raise TableError("The address has an unknown setting.", "End it with ?table=NAME.")
    return url


@contextmanager
def _opened(url: sa.URL) -> Iterator[_Source]:
    """The open database; what it does not allow, here or in the block, is a TableError."""
    try:
        with _OPENERS[url.drivername](url) as source:
            yield source
    except (sa.exc.SQLAlchemyError, sqlite3.Error, duckdb.Error):
        raise TableError(
            "The database could not be read.",
            "Check the address, that the database runs, and that you may read it.",
        ) from None


def _chosen(tables: Sequence[str], wanted: object) -> str:
    names = ", ".join(f"“{table}”" for table in tables)
    if not tables:
        raise TableError("The database holds no table.", "Check the address.")
    if wanted is None and len(tables) > 1:
        raise TableError(f"The database holds several tables: {names}.", "Add ?table=NAME.")
    if wanted is not None and wanted not in tables:
        raise TableError("The database has no table of that name.", f"It has {names}.")
    return tables[0] if wanted is None else str(wanted)


def _packed(
    source: _Source, table: sa.TableClause, tell: Callable[[int, int], None] | None
) -> tuple[int, bytes]:
    """How many rows there are, and those taken as Parquet."""
    _, counted = source.run(sa.select(sa.func.count()).select_from(table))
    rows = int(next(counted)[0][0])
    if not rows:
        raise TableError("The table holds no rows.", "Choose a table with at least one row.")
    wanted = np.zeros(rows, dtype=bool)
    wanted[chosen(rows, limit("rows"))] = True
    names, batches = source.run(sa.select(sa.literal_column("*")).select_from(table))
    kept = list(_kept(batches, wanted, tell))
    arrays = [_array(list(cells)) for cells in zip(*kept, strict=True)]
    out = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, names=names), out)
    return rows, out.getvalue()


def _kept(
    batches: Iterator[Sequence[Any]],
    wanted: np.ndarray,
    tell: Callable[[int, int], None] | None,
) -> Iterator[Any]:
    start = 0
    for batch in batches:
        # a row that another program adds meanwhile lies beyond `wanted` and is left out
        marks = wanted[start : start + len(batch)]
        yield from (row for row, mark in zip(batch, marks, strict=False) if mark)
        start += len(batch)
        if tell is not None:
            tell(min(start, len(wanted)), len(wanted))


def _array(cells: list[Any]) -> pa.Array:
    """One column; SQLite lets cells of several types share one, which is then text."""
    try:
        return pa.array(cells)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        return pa.array([None if cell is None else str(cell) for cell in cells], pa.string())


def _batches(fetch: Callable[[int], Sequence[Any]]) -> Iterator[Sequence[Any]]:
    while batch := fetch(_BATCH):
        yield batch


@contextmanager
def _connected(engine: sa.Engine) -> Iterator[_Source]:
    with engine.connect() as connection:

        def run(statement: sa.Select[Any]) -> tuple[list[str], Iterator[Sequence[Any]]]:
            result = connection.execute(statement)
            return list(result.keys()), _batches(result.fetchmany)

        yield _Source(sorted(sa.inspect(connection).get_table_names()), run)


@contextmanager
def _sqlite(url: sa.URL) -> Iterator[_Source]:
    address = f"{_file(url).as_uri()}?mode=ro"
    engine = sa.create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True))
    with _connected(engine) as source:
        yield source


@contextmanager
def _postgresql(url: sa.URL) -> Iterator[_Source]:
    plain = url.set(drivername="postgresql+psycopg").difference_update_query(["table"])
    engine = sa.create_engine(plain, isolation_level="REPEATABLE READ").execution_options(
        postgresql_readonly=True, stream_results=True
    )
    with _connected(engine) as source:
        yield source


@contextmanager
def _duckdb(url: sa.URL) -> Iterator[_Source]:
    with duckdb.connect(
        str(_file(url)),
        read_only=True,
        config={"enable_external_access": False},  # the file makes DuckDB open no other
    ) as connection:
        listed = connection.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal")
        tables = sorted(name for (name,) in listed.fetchall())

        def run(statement: sa.Select[Any]) -> tuple[list[str], Iterator[Sequence[Any]]]:
            # DuckDB quotes names as PostgreSQL does
            result = connection.execute(str(statement.compile(dialect=postgresql.dialect())))
            return [about[0] for about in result.description], _batches(result.fetchmany)

        yield _Source(tables, run)


def _file(url: sa.URL) -> Path:
    return found(url.database or "", "There is no database file at the address.")


_OPENERS = {"sqlite": _sqlite, "postgresql": _postgresql, "duckdb": _duckdb}
