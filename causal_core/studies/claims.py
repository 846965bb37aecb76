"""The worker's side of a job: take it, say how far it is, hand in what came of it.

Every write is fenced by the worker's own id, so that a worker that was given up for
lost can no longer change a job that went on elsewhere.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from causal_core.studies import rows
from causal_core.studies.store import Store


@dataclass(frozen=True)
class Claim:
    """A job in the hands of one worker; `sketch` was drawn while it waited, if it has anything."""

    job_id: str
    study_id: str
    kind: str
    spec: Mapping[str, Any]
    worker: str
    sketch: Mapping[str, str] = field(default_factory=dict)


def claim(store: Store, worker: str, job_id: str | None = None) -> Claim | None:
    """Take the first job of the queue, or only `job_id`; None when it is not there.

    No job is taken twice.
    """
    t = rows.jobs
    first = sa.select(t.c.number).where(t.c.state == "queued").order_by(t.c.number).limit(1)
    if job_id is not None:
        first = first.where(t.c.id == job_id)
    first = first.with_for_update(skip_locked=True)  # PostgreSQL: the next one if it is being taken
    take = (
        sa.update(t)
        .where(t.c.number == first.scalar_subquery(), t.c.state == "queued")
        .values(state="running", worker=worker, started=time.time(), cancel_at=None)
        .returning(t.c.id, t.c.study_id, t.c.kind, t.c.spec, t.c.progress)
    )
    with store.engine.begin() as connection:
        row = connection.execute(take).one_or_none()
        _hold(connection, worker, row.id if row else None)
    if row is None:
        return None
    sketch = row.progress.get("sketch", {})
    return Claim(row.id, row.study_id, row.kind, row.spec, worker, sketch)


def waiting(store: Store) -> bool:
    """Whether the queue holds a job."""
    query = sa.select(rows.jobs.c.id).where(rows.jobs.c.state == "queued").limit(1)
    with store.engine.connect() as connection:
        return connection.execute(query).one_or_none() is not None


def waiting_fits(store: Store) -> list[str]:
    """The ids of the fits in the queue, the first first."""
    t = rows.jobs
    query = sa.select(t.c.id).where(t.c.state == "queued", t.c.kind == "fit").order_by(t.c.number)
    with store.engine.connect() as connection:
        return list(connection.execute(query).scalars())


def offer(store: Store, job_id: str, sketch: Mapping[str, str]) -> None:
    """Let a job that still waits show `sketch` already."""
    t = rows.jobs
    waits = sa.update(t).where(t.c.id == job_id, t.c.state == "queued")
    with store.engine.begin() as connection:
        connection.execute(waits.values(progress={"sketch": dict(sketch)}))


def report(store: Store, mine: Claim, progress: Mapping[str, Any]) -> None:
    """Write how far the job is."""
    with store.engine.begin() as connection:
        connection.execute(_fenced(mine).values(progress=dict(progress)))


def stop_asked(store: Store, mine: Claim) -> str | None:
    """Why the work should end: "cancel" asked for, job "lost" to others, or None."""
    t = rows.jobs
    query = sa.select(t.c.cancel_at).where(
        t.c.id == mine.job_id, t.c.worker == mine.worker, t.c.state == "running"
    )
    with store.engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        return "lost"
    return None if row.cancel_at is None else "cancel"


def finish(
    store: Store,
    mine: Claim,
    state: str,
    *,
    result: Mapping[str, Any] | None = None,
    error: tuple[str, str] | None = None,
) -> None:
    """Hand in the job as `state` and let go of it."""
    values = {"state": state, "ended": time.time(), "cancel_at": None}
    values |= {"result": dict(result) if result else None, "error": list(error) if error else None}
    with store.engine.begin() as connection:
        connection.execute(_fenced(mine).values(values))
        _hold(connection, mine.worker, None)


def resumable(store: Store) -> frozenset[str]:
    """The ids of jobs that are under way, or that are their study's newest and not done."""
    t, studies = rows.jobs, rows.studies
    newest = sa.select(studies.c.fit).where(studies.c.fit.is_not(None))
    wanted = t.c.state.in_(("queued", "running")) | (t.c.id.in_(newest) & (t.c.state != "done"))
    with store.engine.connect() as connection:
        return frozenset(connection.execute(sa.select(t.c.id).where(wanted)).scalars())


def _fenced(mine: Claim) -> sa.Update:
    t = rows.jobs
    return sa.update(t).where(
        t.c.id == mine.job_id, t.c.worker == mine.worker, t.c.state == "running"
    )


def _hold(connection: sa.Connection, worker: str, job_id: str | None) -> None:
    t = rows.workers
    connection.execute(sa.update(t).where(t.c.id == worker).values(job=job_id))
