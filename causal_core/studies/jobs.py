"""Work that outlives the page that asked for it: submit, look, cancel, go on.

A job's state is read, not remembered: what the row calls running counts as
interrupted as soon as the worker that holds it is dead or has fallen silent.
"""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from causal_core.errors import LimitError, StudyError
from causal_core.limits import limit
from causal_core.studies import logs, room, rows
from causal_core.studies.logs import Event
from causal_core.studies.roster import holds
from causal_core.studies.store import Store


class State(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"

    @property
    def active(self) -> bool:
        """Whether something will still happen by itself."""
        return self in (State.QUEUED, State.RUNNING)


@dataclass(frozen=True)
class Job:
    """One piece of work as it stands now.

    `progress`: stage, fraction (0..1), eta (seconds or None), curve (a list of
    [stage, epoch, train, held_out]), sketch (digests of a first result, or empty).
    `error`: (what, remedy) of a failed job. `ahead`: how many queued jobs come first.
    `stopping`: a cancel was asked for and not yet obeyed.
    `worker`: who holds it or held it last. `lost`: how many were lost with it.
    """

    id: str
    study_id: str
    kind: str
    state: State
    spec: Mapping[str, Any]
    progress: Mapping[str, Any]
    result: Mapping[str, Any] | None
    error: tuple[str, str] | None
    created: datetime
    started: datetime | None
    ended: datetime | None
    ahead: int = 0
    stopping: bool = False
    worker: str | None = None
    lost: int = 0

    @property
    def models(self) -> Mapping[str, Any]:
        """Digests of the models that can be looked at: the result's, the sketch's, or none."""
        return self.result or self.progress.get("sketch", {})


def submit(
    store: Store, study_id: str, kind: str = "fit", spec: Mapping[str, Any] | None = None
) -> Job:
    """Queue a job of the study; a fit becomes the study's newest.

    Raises StudyError if the study is gone, LimitError if too many of its jobs, or of
    its owner's, wait or run, or if there is no room for what it would make.
    """
    room.check(store)
    job = _entered(store, study_id, kind, spec or {}, state="queued")
    logs.record(store.folder, Event.JOB_SUBMITTED, study=study_id, job=job.id, kind=kind)
    return job


def adopt(
    store: Store, study_id: str, kind: str, spec: Mapping[str, Any], result: Mapping[str, Any]
) -> Job:
    """Enter a job that was done elsewhere, as `submit` does one that is still to be done."""
    return _entered(
        store, study_id, kind, spec, state="done", result=dict(result), ended=time.time()
    )


def _entered(store: Store, study_id: str, kind: str, spec: Mapping[str, Any], **more: Any) -> Job:
    store.get(study_id)
    job_id = uuid.uuid4().hex
    values = {"id": job_id, "study_id": study_id, "kind": kind, "spec": dict(spec), "progress": {}}
    with store.writing() as connection:
        connection.execute(sa.insert(rows.jobs).values(**values, created=time.time(), **more))
        if kind == "fit":
            # No new revision: a fit changes nothing that a person could be editing.
            study = sa.update(rows.studies).where(rows.studies.c.id == study_id)
            connection.execute(study.values(fit=job_id))
        if more["state"] == "queued":
            _check_room(connection, study_id)
    return get(store, job_id)


def get(store: Store, job_id: str) -> Job:
    """The job as it truly is at this moment; StudyError when there is none."""
    with store.reading() as connection:
        row = connection.execute(sa.select(rows.jobs).where(rows.jobs.c.id == job_id)).one_or_none()
        if row is None:
            raise StudyError("This fit does not exist any more.", "Start a new one.")
        return _job(connection, row)


def newest(
    store: Store, study_id: str, state: State | None = None, kind: str = "fit"
) -> Job | None:
    """The study's newest job whose row says `state` (any, if None), as its last finished fit."""
    t = rows.jobs
    query = sa.select(t).where(t.c.study_id == study_id, t.c.kind == kind)
    if state is not None:
        query = query.where(t.c.state == state.value)
    with store.engine.connect() as connection:
        row = connection.execute(query.order_by(t.c.number.desc()).limit(1)).one_or_none()
        return None if row is None else _job(connection, row)


def states(store: Store) -> Counter[State]:
    """How many jobs of all studies are in each state at this moment."""
    t = rows.jobs
    idle = sa.select(t.c.state, sa.func.count()).where(t.c.state != "running").group_by(t.c.state)
    held = sa.select(t.c.id, t.c.worker).where(t.c.state == "running")
    with store.engine.connect() as connection:
        found = Counter({State(state): number for state, number in connection.execute(idle)})
        for job_id, worker in connection.execute(held).all():
            found[_truly(connection, State.RUNNING, worker, job_id)] += 1
    return found


def cancel(store: Store, job_id: str) -> Job:
    """Ask the job to stop: at once when no living worker holds it, else within 3 seconds."""
    job = get(store, job_id)
    if job.state is State.RUNNING and not job.stopping:
        _change(store, job, ("running",), cancel_at=time.time())
    elif job.state in (State.QUEUED, State.INTERRUPTED):
        _change(store, job, ("queued", "running"), state="cancelled", ended=time.time())
    return get(store, job_id)


def resume(store: Store, job_id: str) -> Job:
    """Queue a stopped job again; it goes on from its last checkpoint.

    Nothing happens to a job that is queued, running or done. LimitError as for `submit`.
    """
    job = get(store, job_id)
    if job.state in (State.INTERRUPTED, State.CANCELLED, State.FAILED):
        again = {"state": "queued", "worker": None, "lost": 0, "cancel_at": None, "ended": None}
        stopped = ("running", "cancelled", "failed")
        _change(store, job, stopped, **again, error=None, progress={})
    return get(store, job_id)


def _change(store: Store, job: Job, states: tuple[str, ...], **values: Any) -> None:
    """Write `values`, unless someone has taken the job or moved it on since it was read."""
    t = rows.jobs
    statement = sa.update(t).where(
        t.c.id == job.id, t.c.state.in_(states), t.c.worker.is_not_distinct_from(job.worker)
    )
    with store.writing() as connection:
        connection.execute(statement.values(**values))
        if values.get("state") == "queued":
            _check_room(connection, job.study_id)


def _check_room(connection: sa.Connection, study_id: str) -> None:
    """LimitError, which undoes what was just written, if study or owner has too many now."""
    t, most = rows.studies.c, limit("jobs_per_study")
    # Locked in one order, the owner's studies make two that queue at once count in turn.
    owner = sa.select(t.owner).where(t.id == study_id).scalar_subquery()
    query = sa.select(t.id).where((t.id == study_id) | (t.owner == owner))
    siblings = connection.execute(query.order_by(t.id).with_for_update()).scalars().all()
    if _active(connection, [study_id]) > most:
        raise LimitError(
            f"{most} of this study's jobs already wait or run, which is all that is allowed.",
            "Wait until one has ended, or cancel one.",
        )
    _check_owner(connection, study_id, siblings)


def _check_owner(connection: sa.Connection, study_id: str, siblings: Sequence[str]) -> None:
    t, most = rows.studies.c, limit("jobs_per_user")
    owned = sa.select(t.owner.is_not(None)).where(t.id == study_id)
    if connection.execute(owned).scalar() and _active(connection, siblings) > most:
        raise LimitError(
            f"{most} of your jobs already wait or run, which is all that one person is allowed.",
            "Another can be queued as soon as one has ended or is cancelled.",
        )


def _active(connection: sa.Connection, studies: Sequence[str]) -> int:
    """How many jobs of the studies wait or truly run."""
    t = rows.jobs
    query = sa.select(t).where(t.c.study_id.in_(studies), t.c.state.in_(("queued", "running")))
    return sum(_job(connection, row).state.active for row in connection.execute(query).all())


def _job(connection: sa.Connection, row: Any) -> Job:
    state = _truly(connection, State(row.state), row.worker, row.id)
    return Job(
        id=row.id,
        study_id=row.study_id,
        kind=row.kind,
        state=state,
        spec=row.spec,
        progress=row.progress,
        result=row.result,
        error=(row.error[0], row.error[1]) if row.error else None,
        created=datetime.fromtimestamp(row.created, UTC),
        started=_moment(row.started),
        ended=_moment(row.ended),
        ahead=_ahead(connection, row) if state is State.QUEUED else 0,
        stopping=state is State.RUNNING and row.cancel_at is not None,
        worker=row.worker,
        lost=row.lost,
    )


def _truly(connection: sa.Connection, said: State, worker: str | None, job_id: str) -> State:
    """The state that the row calls `said`: running only while a living worker holds the job."""
    lost = said is State.RUNNING and not holds(connection, worker, job_id)
    return State.INTERRUPTED if lost else said


def _ahead(connection: sa.Connection, row: Any) -> int:
    t = rows.jobs
    query = sa.select(sa.func.count()).where(t.c.state == "queued", t.c.number < row.number)
    return int(connection.execute(query).scalar_one())


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
