"""A disk that fails at the n-th open, write, fsync or replace: the old version or the new one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import torch

from causal_core import durable
from causal_core.errors import StudyError
from causal_core.scm.checkpoint import DurableCheckpoints, newest_whole
from causal_core.studies.blobs import Blobs
from causal_core.studies.store import Store
from tests.faults.disk import each_fault

OLD, NEW = b"old" * 40_000, b"new!" * 50_000


def test_a_file_is_old_or_new(tmp_path: Path) -> None:
    path = tmp_path / "file"

    def check(failed: bool) -> None:
        assert path.read_bytes() in ((OLD, NEW) if failed else (NEW,))
        assert os.listdir(tmp_path) == ["file"]  # nothing half-written stays

    def again() -> None:
        durable.write_durably(path, OLD)

    again()
    assert each_fault(lambda: durable.write_durably(path, NEW), check, again) >= 5


def test_a_blob_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    digest = Blobs(tmp_path / "elsewhere").put(NEW)

    def check(failed: bool) -> None:
        try:
            assert blobs.get(digest) == NEW
        except StudyError:
            assert failed

    def again() -> None:
        assert blobs.put(NEW) == digest
        assert blobs.get(digest) == NEW
        blobs.path(digest).unlink()

    assert each_fault(lambda: blobs.put(NEW), check, again) >= 5


def test_a_checkpoint_is_of_this_epoch_or_the_one_before(tmp_path: Path) -> None:
    path, kept = tmp_path / "newest.ckpt", DurableCheckpoints()

    def check(failed: bool) -> None:
        found = newest_whole(path)
        assert found is not None
        state = kept.load_checkpoint(found)
        assert state["epoch"] in ((2, 3) if failed else (3,))
        assert bool((state["weights"] == state["epoch"]).all())  # of one epoch, not a mixture

    def again() -> None:
        for epoch in (1, 2):
            kept.save_checkpoint(_state(epoch), path)

    again()
    assert each_fault(lambda: kept.save_checkpoint(_state(3), path), check, again) >= 6


def _state(epoch: int) -> dict[str, Any]:
    return {"epoch": epoch, "weights": torch.full((2000,), float(epoch))}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "home")
    yield opened
    opened.engine.dispose()


def test_a_study_names_only_tables_that_are_there(store: Store) -> None:
    study = store.create("Faults", table=store.put_blob(OLD))
    new = Blobs(store.folder.parent / "elsewhere").put(NEW)

    def save() -> None:
        store.update(store.get(study.id), table=store.put_blob(NEW))

    def check(failed: bool) -> None:
        table = store.get(study.id).table
        assert table is not None
        assert store.get_blob(table) == (NEW if table == new else OLD)
        assert failed or table == new

    def again() -> None:
        store.update(store.get(study.id), table=store.put_blob(OLD))
        store.blob_path(new).unlink(missing_ok=True)

    assert each_fault(save, check, again, store.engine) >= 7


def test_a_full_database_keeps_what_it_had_and_is_read(store: Store) -> None:
    study = store.create("Full", choices={"kept": "here"})
    with _no_room(store.engine):
        with pytest.raises(StudyError, match="disk is full"):
            store.update(study, choices={"lost": "y" * 2_000_000})
        assert store.get(study.id) == study
        assert store.list() == (study,)
    assert store.update(study, choices={"new": "y" * 2_000_000}).revision == 2


@contextmanager
def _no_room(engine: sa.Engine) -> Iterator[None]:
    """The database's file can grow no more, as on a full disk."""

    def stop(connection: Any, _record: object, _proxy: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages}")

    sa.event.listen(engine, "checkout", stop)
    yield
    sa.event.remove(engine, "checkout", stop)
    engine.dispose()
