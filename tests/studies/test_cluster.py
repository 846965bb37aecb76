"""Jobs on a cluster that does not answer, or that loses its workers."""

from __future__ import annotations

import shutil
import time

import pytest
import sqlalchemy as sa

from causal_core.studies import claims, cluster, jobs, pool, roster, rows
from causal_core.studies.jobs import Job, State
from causal_core.studies.processes import Process
from causal_core.studies.store import Store
from tests.studies.conftest import Until


@pytest.fixture
def job(store: Store) -> Job:
    return jobs.submit(store, store.create("A study").id, "fit", {"seed": 1})


def _lose(store: Store, job: Job, worker: str) -> None:
    """The job in the hands of a worker that is then gone."""
    roster.register(store, worker, Process.this())
    assert claims.claim(store, worker, job.id) is not None
    roster.strike_off(store, worker)


def test_a_job_waits_while_the_scheduler_does_not_answer(
    store: Store, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 0.3)
    monkeypatch.setenv(cluster.ADDRESS, "tcp://127.0.0.1:9")
    pool.ensure_workers(store)
    assert cluster.silent()
    assert jobs.get(store, job.id).state is State.QUEUED
    assert roster.everyone(store) == ()


def test_servers_wait_for_one_another_only_while_there_is_something_to_do(
    store: Store, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 0.3)
    monkeypatch.setattr(pool, "_ATTEND_SECONDS", 0.02)
    monkeypatch.setenv(cluster.ADDRESS, "tcp://127.0.0.1:10")
    lock, end = store.folder / "workers.lock", time.monotonic() + 20
    pool.watch(store)
    while not cluster.silent():  # then it was looked at least once
        assert time.monotonic() < end
        time.sleep(0.02)
    time.sleep(0.2)
    assert not lock.exists()
    job = jobs.submit(store, store.create("Lost").id)
    _lose(store, job, "worker")
    assert until(job.id, lambda job: job.lost == 1).state is State.QUEUED
    assert lock.exists()
    shutil.rmtree(store.folder)  # whoever watches over it ends with it


def test_a_lost_job_is_queued_again_and_fails_after_three_losses(store: Store, job: Job) -> None:
    for loss in range(1, cluster.MOST_LOST + 1):
        assert jobs.get(store, job.id).state is State.QUEUED
        _lose(store, job, f"worker {loss}")
        assert jobs.get(store, job.id).state is State.INTERRUPTED
        cluster.take_back(store)
    failed = jobs.get(store, job.id)
    assert failed.state is State.FAILED
    assert failed.error is not None


@pytest.mark.usefixtures("either_database")
def test_a_job_resumed_by_hand_may_lose_as_many_workers_again(store: Store, job: Job) -> None:
    for loss in range(cluster.MOST_LOST):
        assert jobs.get(store, job.id).lost == loss
        _lose(store, job, f"worker {loss}")
        cluster.take_back(store)
    again = jobs.resume(store, job.id)
    assert (again.state, again.lost) == (State.QUEUED, 0)
    _lose(store, job, "a worker of the second try")
    cluster.take_back(store)
    again = jobs.get(store, job.id)
    assert (again.state, again.lost) == (State.QUEUED, 1)
    assert again.spec == job.spec


@pytest.mark.usefixtures("either_database")
def test_losses_counted_before_they_had_a_column_count_on(store: Store, job: Job) -> None:
    with store.engine.begin() as connection:
        connection.execute(sa.update(rows.jobs).values(spec={**job.spec, "lost": 2}))
        connection.execute(sa.text("ALTER TABLE jobs DROP COLUMN lost"))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0005'"))
    opened = Store.open(store.folder)
    found = jobs.get(opened, job.id)
    assert (found.lost, found.spec) == (2, job.spec)
    opened.engine.dispose()


def test_a_lost_job_that_was_to_be_cancelled_is_cancelled(store: Store, job: Job) -> None:
    roster.register(store, "worker", Process.this())
    claims.claim(store, "worker", job.id)
    jobs.cancel(store, job.id)
    roster.strike_off(store, "worker")
    cluster.take_back(store)
    assert jobs.get(store, job.id).state is State.CANCELLED


def test_a_job_that_is_held_is_left_where_it_is(store: Store, job: Job) -> None:
    roster.register(store, "worker", Process.this())
    claims.claim(store, "worker", job.id)
    cluster.take_back(store)
    assert jobs.get(store, job.id).state is State.RUNNING
    with store.engine.connect() as connection:
        assert connection.execute(sa.select(rows.jobs.c.worker)).scalar_one() == "worker"


def test_only_the_job_that_is_named_is_taken(store: Store, job: Job) -> None:
    other = jobs.submit(store, store.create("Another").id, "fit", {})
    taken = claims.claim(store, "one", other.id)
    assert taken is not None
    assert taken.job_id == other.id
    assert claims.claim(store, "two", other.id) is None
    assert jobs.get(store, job.id).state is State.QUEUED
