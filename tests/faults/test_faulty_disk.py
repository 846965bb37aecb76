"""A disk that fails at the n-th open, write, fsync or replace: the old version or the new one."""

from __future__ import annotations

import builtins
import errno
import os
from collections.abc import Callable, Iterator
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

OLD, NEW = b"old" * 40_000, b"new!" * 50_000
FAULTS = [errno.ENOSPC, errno.EIO, errno.EROFS]


class _Disk:
    """Counts what is asked of the disk and fails, once, at the call numbered `fails`."""

    def __init__(self, patch: pytest.MonkeyPatch, fails: int, fault: int) -> None:
        self.calls, self.fails, self.fault = 0, fails, fault
        patch.setattr(durable, "open", self._opened, raising=False)
        for name in ("open", "fsync", "replace"):
            patch.setattr(os, name, self._asked(getattr(os, name)))

    def _tick(self) -> None:
        self.calls += 1
        if self.calls == self.fails:
            raise OSError(self.fault, os.strerror(self.fault))

    def _asked(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*arguments: Any, **more: Any) -> Any:
            self._tick()
            return real(*arguments, **more)

        return asked

    def _opened(self, *arguments: Any, **more: Any) -> Any:
        self._tick()
        file = builtins.open(*arguments, **more)  # noqa: SIM115 - `_File` closes it
        real = file.write

        def write(content: bytes) -> int:
            try:
                self._tick()
            except OSError:
                real(content[: len(content) // 2])  # a full disk takes the first half
                raise
            return int(real(content))

        return _File(file, write)


class _File:
    """A file whose writing may fail; all else is the real one's."""

    def __init__(self, file: Any, write: Callable[[bytes], int]) -> None:
        self._file, self.write = file, write

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *about: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _each_fault(save: Callable[[], object], check: Callable[[bool], object]) -> int:
    """`save` with a fault at every call in turn, `check`ed each time; how many calls there are."""
    n, failed = 0, True
    while failed:
        n += 1
        fault = FAULTS[n % len(FAULTS)]
        with pytest.MonkeyPatch.context() as patch:
            disk = _Disk(patch, n, fault)
            try:
                save()
                failed = False
            except (OSError, StudyError) as error:
                cause = error if isinstance(error, OSError) else error.__cause__
                assert isinstance(cause, OSError)
                assert cause.errno == fault
        assert failed == (disk.calls >= n)  # no fault is swallowed
        check(failed)
    return n - 1


def test_a_file_is_old_or_new(tmp_path: Path) -> None:
    path = tmp_path / "file"
    durable.write_durably(path, OLD)

    def check(failed: bool) -> None:
        content = path.read_bytes()
        assert content in ((OLD, NEW) if failed else (NEW,))
        assert os.listdir(tmp_path) == ["file"]  # nothing half-written stays
        durable.write_durably(path, OLD)

    assert _each_fault(lambda: durable.write_durably(path, NEW), check) >= 5


def test_a_blob_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    digest = Blobs(tmp_path / "elsewhere").put(NEW)

    def check(failed: bool) -> None:
        try:
            assert blobs.get(digest) == NEW
        except StudyError:
            assert failed
        assert blobs.put(NEW) == digest
        assert blobs.get(digest) == NEW
        blobs.path(digest).unlink()

    assert _each_fault(lambda: blobs.put(NEW), check) >= 5


def test_a_checkpoint_is_of_this_epoch_or_the_one_before(tmp_path: Path) -> None:
    path, kept = tmp_path / "newest.ckpt", DurableCheckpoints()
    for epoch in (1, 2):
        kept.save_checkpoint(_state(epoch), path)

    def check(failed: bool) -> None:
        found = newest_whole(path)
        assert found is not None
        state = kept.load_checkpoint(found)
        assert state["epoch"] in ((2, 3) if failed else (3,))
        assert bool((state["weights"] == state["epoch"]).all())  # of one epoch, not a mixture
        for epoch in (1, 2):
            kept.save_checkpoint(_state(epoch), path)

    assert _each_fault(lambda: kept.save_checkpoint(_state(3), path), check) >= 6


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
        store.update(store.get(study.id), table=store.put_blob(OLD))
        store.blob_path(new).unlink(missing_ok=True)

    assert _each_fault(save, check) >= 5


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
