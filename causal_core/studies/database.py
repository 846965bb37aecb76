"""The database behind a store: a SQLite file in its folder, or any that an address names.

Its form is brought up to date when it is opened, under a lock, so that several servers
may start at once.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from causal_core.errors import StudyError
from causal_core.studies.locks import locked

FORM = "0006"  # the newest form that this code knows (`migrations`)
URL = "RUNGS_DATABASE_URL"  # the environment variable that holds the address
_LOCK = 0x52756E6773  # of PostgreSQL's advisory locks: “Rungs”


def open_database(folder: Path, address: str) -> sa.Engine:
    """The engine of the database at `address`, else of the SQLite file in `folder`.

    It is in its newest form then. Raises StudyError for an address of another kind of
    database, and for one that a newer Rungs has changed.
    """
    engine = _engine(folder, address)
    try:
        if _form(engine) != FORM:
            with _alone(engine, folder) as connection:
                _upgrade(connection)
    except sa.exc.OperationalError as error:
        if engine.dialect.name == "sqlite":
            raise
        raise StudyError(
            f"The database that {URL} names does not answer.",
            "Start it, or mend its address, user or password.",
        ) from error
    return engine


def _engine(folder: Path, address: str) -> sa.Engine:
    if not address:
        file = _file(folder / "rungs.sqlite")
        engine = sa.create_engine(file, connect_args={"timeout": 30.0})
        sa.event.listen(engine, "connect", _prepare)
        return engine
    try:
        url = sa.make_url(address)
    except sa.exc.ArgumentError:
        raise _wrong_address() from None
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise _wrong_address()
    # pre_ping: a connection that the server has closed meanwhile is replaced unseen.
    return sa.create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)


def _file(path: Path) -> sa.URL:
    """How SQLite opens the file: where no one can write, so that it looks for no log beside it."""
    log = path.with_name(f"{path.name}-wal")  # left behind by a kill, it holds what was said last
    if os.access(path.parent, os.W_OK, effective_ids=True) or not path.exists() or log.exists():
        return sa.URL.create("sqlite", database=str(path))
    fixed = {"immutable": "1", "uri": "true"}
    return sa.URL.create("sqlite", database=path.as_uri(), query=fixed)


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    # FULL: in write-ahead mode a commit is then on disk before it is reported.
    for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _form(engine: sa.Engine) -> str | None:
    """The form that the database is in, without loading Alembic; None before the first."""
    try:
        with engine.connect() as connection:
            found = connection.execute(sa.text("SELECT version_num FROM alembic_version"))
            return str(found.scalar_one())
    except (sa.exc.OperationalError, sa.exc.ProgrammingError, sa.exc.NoResultFound):
        return None


@contextmanager
def _alone(engine: sa.Engine, folder: Path) -> Iterator[sa.Connection]:
    """A transaction beside which no other server changes the database's form."""
    with locked(folder / "schema.lock"), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        yield connection


def _upgrade(connection: sa.Connection) -> None:
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from alembic.util.exc import CommandError

    place = Path(__file__).parent / "migrations"
    steps = ScriptDirectory(place, version_locations=[place])
    context = MigrationContext.configure(
        connection, opts={"fn": lambda form, _: steps._upgrade_revs("head", form)}
    )
    try:
        with Operations.context(context):
            context.run_migrations()
    except CommandError as error:
        raise StudyError(
            "The studies were kept by a newer Rungs than this one.",
            "Install the newest Rungs, or use another data folder.",
        ) from error


def _wrong_address() -> StudyError:
    return StudyError(
        f"{URL} names no database that Rungs can use.",
        "Write it as postgresql://user:password@host/name, or unset it for a SQLite file.",
    )
