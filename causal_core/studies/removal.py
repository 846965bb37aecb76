"""Removing a study, and bringing it back: what is removed is kept for a while."""

from __future__ import annotations

import time

import sqlalchemy as sa

from causal_core.errors import StudyError
from causal_core.limits import limit
from causal_core.studies import logs, rows
from causal_core.studies.logs import Event
from causal_core.studies.store import Store, Study, study_of

_DAY = 86_400.0  # seconds
_T = rows.studies.c


def remove(store: Store, study_id: str) -> None:
    """Put the study out of sight; its queued jobs are cancelled, its running ones stop."""
    now, jobs = time.time(), rows.jobs
    mine = jobs.c.study_id == study_id
    queued, running = (
        sa.update(jobs).where(mine, jobs.c.state == s) for s in ("queued", "running")
    )
    with store.writing() as connection:
        there = sa.update(rows.studies).where(store.is_open(study_id))
        done = connection.execute(there.values(removed=now)).rowcount
        if done:
            connection.execute(queued.values(state="cancelled", ended=now))
            connection.execute(running.where(jobs.c.cancel_at.is_(None)).values(cancel_at=now))
    if done:
        logs.record(store.folder, Event.STUDY_REMOVED, study=study_id)


def bring_back(store: Store, study_id: str) -> Study:
    """The study as it was when it was removed; StudyError when it is gone for good."""
    back = sa.update(rows.studies).where(_T.id == study_id, store.mine()).values(removed=None)
    with store.writing() as connection:
        row = connection.execute(back.returning(rows.studies)).one_or_none()
    if row is None:
        raise StudyError("This study is gone for good.", "Open another one on Start.")
    return study_of(row)


def removed(store: Store) -> tuple[Study, ...]:
    """The studies that can be brought back, the one removed last first."""
    query = sa.select(rows.studies).where(_T.removed.is_not(None), store.mine())
    query = query.order_by(_T.removed.desc())
    with store.engine.connect() as connection:
        return tuple(study_of(row) for row in connection.execute(query))


def sweep_removed(store: Store) -> None:
    """Forget, with all that they own, the studies removed longer ago than the limit."""
    _forget(store, _T.removed < time.time() - limit("removed_days") * _DAY)


def forget(store: Store, study_id: str) -> None:
    """Forget the removed study with all that it owns; one that is not removed is left alone."""
    _forget(store, sa.and_(_T.id == study_id, _T.removed.is_not(None), store.mine()))


def _forget(store: Store, which: sa.ColumnElement[bool]) -> None:
    # The studies first: one that is brought back meanwhile keeps all that it owns.
    studies = sa.delete(rows.studies).where(which).returning(_T.id)
    with store.writing() as connection:
        gone = connection.execute(studies).scalars().all()
        for owned in (rows.versions, rows.scenarios, rows.shares, rows.jobs):
            connection.execute(sa.delete(owned).where(owned.c.study_id.in_(gone)))
