"""Why something could not be saved: a full disk, a database at work, or one that is not there."""

from __future__ import annotations

import sqlite3

import sqlalchemy as sa

from causal_core.errors import StudyError

_LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_DISK_FULL = "53100"  # PostgreSQL's code
_SAFE = "What was saved before is safe."


def unsaved(error: OSError | sa.exc.OperationalError) -> StudyError:
    """What to tell of an error of the disk, or of the database, that hindered a write."""
    cause = error.orig if isinstance(error, sa.exc.OperationalError) else error
    if getattr(cause, "sqlite_errorcode", 0) & 0xFF in _LOCKED:  # SQLite's own errors have one
        return StudyError(
            "This could not be saved: the database was busy with other work all the while.",
            f"{_SAFE} Try again; if it stays so, end what else has the database open.",
        )
    full = getattr(cause, "sqlstate", None) == _DISK_FULL
    if full or isinstance(cause, sqlite3.Error | OSError):
        return StudyError(
            "This could not be saved: the disk is full, or it cannot be written.",
            f"{_SAFE} Make room in the data folder, or where the database lies, and try again.",
        )
    return StudyError(
        "This could not be saved: the database does not answer.",
        f"{_SAFE} Try again when its server runs and can be reached.",
    )
