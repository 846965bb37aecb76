"""A database that does not take a change: what is said is what hinders it, and nothing is lost."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from psycopg.errors import DiskFull

from causal_core.errors import StudyError
from causal_core.studies.blobs import Blobs
from causal_core.studies.store import Store
from causal_core.studies.unsaved import unsaved


@contextmanager
def _written_by_another(store: Store) -> Iterator[None]:
    """Someone else's transaction, which the store waits for no longer than a moment."""

    def hurry(connection: Any, _record: object, _proxy: object) -> None:
        connection.execute("PRAGMA busy_timeout=50")

    sa.event.listen(store.engine, "checkout", hurry)
    other = sqlite3.connect(store.folder / "rungs.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.close()


def test_a_database_that_another_writes_to_is_called_busy(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    study = store.create("Patient")
    with _written_by_another(store), pytest.raises(StudyError, match="busy") as caught:
        store.update(study, name="Hasty")
    assert "Try again" in caught.value.remedy
    assert store.update(study, name="Later").revision == 2
    store.engine.dispose()


def test_a_server_that_refuses_is_said_not_to_answer(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    engine = sa.create_engine(f"postgresql+psycopg://ada:secret@127.0.0.1:{port}/rungs")
    with pytest.raises(StudyError, match="does not answer") as caught:
        Store(tmp_path, engine, Blobs(tmp_path)).create("Unheard")
    assert "secret" not in str(caught.value)


def test_a_full_disk_of_a_database_server_is_called_full() -> None:
    error = sa.exc.OperationalError("UPDATE studies", {}, DiskFull("could not extend file"))
    assert "disk is full" in unsaved(error).what
