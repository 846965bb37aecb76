"""A disk, and a database on it, that fail at the n-th thing asked of them."""

from __future__ import annotations

import builtins
import errno
import os
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from causal_core import durable
from causal_core.errors import RungsError

FAULTS = [errno.ENOSPC, errno.EIO, errno.EROFS]
_DATABASE = sqlite3.OperationalError("disk I/O error")


class Disk:
    """Counts what is asked of the disk; fails at the call numbered `fails`, or from it on."""

    def __init__(
        self, patch: pytest.MonkeyPatch, fails: int, *, lasting: bool, engine: sa.Engine | None
    ) -> None:
        self.calls, self.fails, self.lasting = 0, fails, lasting
        self.fault = FAULTS[fails % len(FAULTS)]
        self._engine = engine
        patch.setattr(durable, "open", self._opened, raising=False)
        for name in ("open", "fsync", "replace"):
            patch.setattr(os, name, self._asked(getattr(os, name)))
        if engine is not None:
            sa.event.listen(engine, "before_cursor_execute", self._executed)
            sa.event.listen(engine, "commit", self._committed)

    def repaired(self) -> None:
        """The database works again; the rest ends with the patch."""
        if self._engine is not None:
            sa.event.remove(self._engine, "before_cursor_execute", self._executed)
            sa.event.remove(self._engine, "commit", self._committed)

    def caused(self, error: BaseException) -> bool:
        """Whether the error is this disk's, or was raised because of it."""
        cause = error.__cause__ if isinstance(error, RungsError) else error
        if isinstance(cause, sa.exc.OperationalError):
            return cause.orig is _DATABASE
        return isinstance(cause, OSError) and cause.errno == self.fault

    def _fails(self) -> bool:
        self.calls += 1
        return self.calls >= self.fails if self.lasting else self.calls == self.fails

    def _tick(self) -> None:
        if self._fails():
            raise OSError(self.fault, os.strerror(self.fault))

    def _executed(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("SELECT", "PRAGMA")) and self._fails():
            raise sa.exc.OperationalError(statement, None, _DATABASE)

    def _committed(self, _connection: object) -> None:
        if self._fails():
            raise sa.exc.OperationalError("COMMIT", None, _DATABASE)

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


def each_fault(
    save: Callable[[], object],
    check: Callable[[bool], object],
    again: Callable[[], object],
    engine: sa.Engine | None = None,
) -> int:
    """`save` with a fault at every call in turn, passing or lasting; how many calls there are.

    Each time it is `check`ed, told whether the save has failed: first while the disk fails,
    then when it is well again. `again` brings the old version back.
    """
    return max(_each_fault(save, check, again, engine, lasting) for lasting in (False, True))


def _each_fault(
    save: Callable[[], object],
    check: Callable[[bool], object],
    again: Callable[[], object],
    engine: sa.Engine | None,
    lasting: bool,
) -> int:
    n, failed = 0, True
    while failed:
        n += 1
        with pytest.MonkeyPatch.context() as patch:
            disk = Disk(patch, n, lasting=lasting, engine=engine)
            try:
                save()
                failed = False
            except (OSError, RungsError) as error:
                assert disk.caused(error)  # noqa: PT017 - any other is raised as it is
            assert failed == (disk.calls >= n)  # no fault is swallowed
            check(failed)
            disk.repaired()
        check(failed)
        again()
    return n - 1
