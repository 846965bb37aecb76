"""What a store holds and what works on it, in numbers: no name, no cell, no address."""

from __future__ import annotations

import os
import platform
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from causal_core import __version__
from causal_core.studies import database, room, roster, rows
from causal_core.studies.jobs import State, states
from causal_core.studies.store import Store

_PACKAGES = ("streamlit", "torch", "pytorch-lightning", "pandas", "numpy", "sqlalchemy")


def status(store: Store) -> dict[str, Any]:
    """Sizes in bytes, studies, jobs by state, workers and versions, ready for JSON."""
    counted = states(store)
    return {
        "folder_bytes": _size(store.folder),
        "studies_bytes": room.kept(store),
        "database": {"kind": store.engine.dialect.name, "form": database.FORM},
        "rows": _rows(store),
        "studies": _studies(store),
        "jobs": {state: counted[state] for state in State},
        "workers": _workers(store),
        "versions": {
            "rungs": __version__,
            "python": platform.python_version(),
            **{p: version(p) for p in _PACKAGES},
        },
    }


def _size(folder: Path) -> dict[str, int]:
    """The bytes of each part of the data folder, and of all of it."""
    parts: Counter[str] = Counter()
    for place, _, names in os.walk(folder):
        part = Path(place).relative_to(folder).parts[:1] or ("database",)
        parts[part[0]] += sum(_bytes(Path(place) / name) for name in names)
    return {**parts, "all": parts.total()}


def _bytes(path: Path) -> int:
    try:
        return path.lstat().st_size
    except FileNotFoundError:  # a temporary file that has found its place meanwhile
        return 0


def _rows(store: Store) -> dict[str, int]:
    """How many rows each table of the database has."""
    with store.engine.connect() as connection:
        return {
            table.name: connection.execute(
                sa.select(sa.func.count()).select_from(table)
            ).scalar_one()
            for table in rows.metadata.sorted_tables
        }


def _studies(store: Store) -> dict[str, int]:
    t = rows.studies
    query = sa.select(sa.func.count(), sa.func.count(t.c.removed)).select_from(t)
    with store.engine.connect() as connection:
        every, removed = connection.execute(query).one()
    return {"open": every - removed, "removed": removed}


def _workers(store: Store) -> dict[str, int]:
    living = [worker for worker in roster.everyone(store) if worker.alive()]
    return {"alive": len(living), "busy": sum(worker.job is not None for worker in living)}
