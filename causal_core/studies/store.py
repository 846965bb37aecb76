"""Studies kept safely: one row each, changed only by who has read the newest revision.

What is large (tables, models) is a blob written before the row that names it, so a
row never points to something that is not there.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from causal_core.errors import ConflictError, StudyError
from causal_core.studies import blobs, database, logs, rows
from causal_core.studies.blobs import Blobs
from causal_core.studies.logs import Event
from causal_core.studies.unsaved import unsaved

VISITOR = ""  # as an owner: who has not signed in where one must, and so owns nothing
_OPEN: ContextVar[sa.Connection | None] = ContextVar("the transaction that is open", default=None)
_CHANGEABLE = frozenset({"name", "example", "source", "undo", "table", "graph", "fit", "choices"})


@dataclass(frozen=True)
class Study:
    """One exploration: which table, which graph, which fit, and what was last looked at.

    `source` and `table` are digests of blobs (the bytes uploaded; `Table.to_bytes()`),
    `graph` is `CausalGraph.to_json()`, `fit` the id of the newest fit's job, `choices`
    what the Explore page shows.
    """

    id: str
    name: str
    revision: int
    example: str | None
    source: str | None
    undo: tuple[str, ...]
    table: str | None
    graph: str | None
    fit: str | None
    choices: Mapping[str, Any]
    created: datetime
    updated: datetime


class Store:
    """The studies of one data folder; safe for many threads and processes at once.

    With an `owner` it knows this person's studies only, and what it makes is theirs; with
    None it knows all, and what it makes is nobody's.
    """

    def __init__(
        self, folder: Path, engine: sa.Engine, kept: Blobs, owner: str | None = None
    ) -> None:
        self.folder = folder
        self.engine = engine
        self.owner = owner
        self._blobs = kept

    @classmethod
    def open(cls, folder: Path | None = None, *, alone: bool = False) -> Store:
        """The store in `folder`, else in $RUNGS_HOME, else in ./.rungs; made when missing.

        What $RUNGS_DATABASE_URL and $RUNGS_BLOBS_URL name takes the place of its database
        and blobs, unless it is to be `alone`.
        """
        folder = Path(folder or os.environ.get("RUNGS_HOME") or ".rungs").resolve()
        rows_at, blobs_at = (
            "" if alone else os.environ.get(name, "") for name in (database.URL, blobs.URL)
        )
        try:
            folder.mkdir(parents=True, exist_ok=True)
            engine = database.open_database(folder, rows_at)
            return cls(folder, engine, blobs.open_blobs(folder / blobs.FOLDER, blobs_at))
        except (OSError, sa.exc.DatabaseError) as error:
            raise StudyError(
                f"The data folder {folder} cannot be used.",
                "Make it writable, or set RUNGS_HOME to a folder that is.",
            ) from error

    def seen_by(self, owner: str | None) -> Store:
        """The same store as this person sees it: another's study is as one that is not there."""
        return Store(self.folder, self.engine, self._blobs, owner)

    def mine(self) -> sa.ColumnElement[bool]:
        """The condition on a study's row that whom the store is seen by may see it."""
        return sa.true() if self.owner is None else rows.studies.c.owner == self.owner

    def is_open(self, study_id: str) -> sa.ColumnElement[bool]:
        """The condition on a study's row that it is this one, may be seen and was not removed."""
        return sa.and_(rows.studies.c.id == study_id, self._seen())

    def create(self, name: str, **fields: Any) -> Study:
        """A new study at revision 1; `fields` are those that `update` takes.

        StudyError for a visitor.
        """
        if self.owner == VISITOR:
            raise StudyError("Nobody is signed in, so no study can be made.", "Sign in first.")
        now = time.time()
        values = {"undo": [], "choices": {}, **_checked({"name": name, **fields})}
        values |= {
            "id": uuid.uuid4().hex,
            "revision": 1,
            "created": now,
            "updated": now,
            "owner": self.owner,
        }
        study = study_of(self._written(sa.insert(rows.studies).values(values)))
        logs.record(self.folder, Event.STUDY_CREATED, study=study.id)
        return study

    def get(self, study_id: str) -> Study:
        """The study as it is now; StudyError when there is none."""
        query = sa.select(rows.studies).where(self.is_open(study_id))
        with self.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise _gone()
        return study_of(row)

    def update(self, study: Study, **changes: Any) -> Study:
        """`study` with `changes`, at the next revision.

        Only the named fields are written. Raises ConflictError when someone else has
        changed the study since `study` was read, StudyError when it is gone.
        """
        t = rows.studies
        statement = (
            sa.update(t)
            .where(self.is_open(study.id), t.c.revision == study.revision)
            .values(**_checked(changes), revision=study.revision + 1, updated=time.time())
        )
        row = self._written(statement)
        if row is None:
            self.get(study.id)
            raise ConflictError(
                f"“{study.name}” was changed in another tab or by someone else.",
                "This page now shows the newest state: make your change again.",
            )
        return study_of(row)

    def list(self, named: str = "", most: int | None = None) -> tuple[Study, ...]:
        """The studies that may be seen, the one changed last first: at most so many of them.

        With `named`, those whose name holds it, in small letters or capitals.
        """
        query = sa.select(rows.studies).where(self._seen())
        if named:
            query = query.where(rows.studies.c.name.icontains(named, autoescape=True))
        query = query.order_by(rows.studies.c.updated.desc()).limit(most)
        with self.engine.connect() as connection:
            return tuple(study_of(row) for row in connection.execute(query))

    def count(self) -> int:
        """How many studies may be seen."""
        query = sa.select(sa.func.count()).select_from(rows.studies).where(self._seen())
        with self.engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def put_blob(self, content: bytes) -> str:
        """Keep `content` durably; returns its SHA-256 in hex, which names it from now on.

        Raises StudyError where the disk takes no more.
        """
        try:
            return self._blobs.put(content)
        except OSError as error:
            raise unsaved(error) from error

    def get_blob(self, digest: str) -> bytes:
        """The bytes named `digest`; StudyError when they are gone or damaged."""
        return self._blobs.get(digest)

    def blob_path(self, digest: str) -> Path:
        """The file that holds the bytes named `digest`; never write to it."""
        return self._blobs.path(digest)

    def blob_size(self, digest: str) -> int:
        """How many bytes are named `digest`; 0 where they are gone."""
        return self._blobs.size(digest)

    def try_blobs(self) -> None:
        """Raise what hinders the writing of blobs, an OSError or an object store's own error."""
        self._blobs.try_writing()

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction, or the one around it: what is in it is written whole or not at all.

        Raises StudyError where the disk takes no more.
        """
        if (around := self._around()) is not None:
            yield around
            return
        try:
            with self.engine.begin() as connection:
                token = _OPEN.set(connection)
                try:
                    yield connection
                finally:
                    _OPEN.reset(token)
        except sa.exc.OperationalError as error:
            raise unsaved(error) from error

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection that sees what `writing` around it has written so far."""
        if (around := self._around()) is not None:
            yield around
            return
        with self.engine.connect() as connection:
            yield connection

    def _around(self) -> sa.Connection | None:
        around = _OPEN.get()
        return around if around is not None and around.engine is self.engine else None

    def _seen(self) -> sa.ColumnElement[bool]:
        """The condition on a study's row that it may be seen and was not removed."""
        return sa.and_(rows.studies.c.removed.is_(None), self.mine())

    def _written(self, statement: sa.Insert | sa.Update) -> sa.Row[Any] | None:
        with self.writing() as connection:
            return connection.execute(statement.returning(rows.studies)).one_or_none()


def _checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(changes) - _CHANGEABLE
    if unknown:
        raise TypeError(f"a study has no changeable field {sorted(unknown)}")
    values = dict(changes)
    if "name" in values:
        values["name"] = str(values["name"]).replace("\x00", "")  # PostgreSQL keeps none
    if "undo" in values:
        values["undo"] = list(values["undo"])
    if "choices" in values:
        values["choices"] = dict(values["choices"])
    return values


def study_of(row: Any) -> Study:
    """The study that a row of the database tells of; whose it is stays in the database."""
    fields = dict(row._mapping)
    del fields["removed"], fields["owner"]
    fields["undo"] = tuple(fields["undo"])
    for moment in ("created", "updated"):
        fields[moment] = datetime.fromtimestamp(fields[moment], UTC)
    return Study(**fields)


def _gone() -> StudyError:
    return StudyError(
        "This study does not exist any more.", "Open another one, or start anew, on Start."
    )
