"""A job's life with real worker processes: done, cancelled, killed, gone on, failed."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time

import pytest

from causal_core.errors import StudyError
from causal_core.studies import jobs, pool
from causal_core.studies.jobs import Job, State
from causal_core.studies.removal import remove
from causal_core.studies.store import Store
from tests.studies.conftest import Start, Until


@pytest.fixture
def study(store: Store) -> str:
    return store.create("Visits").id


def under_way(job: Job) -> bool:
    return job.state is State.RUNNING and job.progress.get("fraction", 0) > 0


def fall_silent(process: subprocess.Popen[bytes], store: Store) -> None:
    """Stop the process where it holds no lock, with which it would keep everyone from writing."""
    file = sqlite3.connect(str(store.engine.url.database), timeout=0.1, isolation_level=None)
    while True:
        process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED)
        try:
            file.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            process.send_signal(signal.SIGCONT)
            time.sleep(0.01)
        else:
            file.close()
            return


@pytest.mark.usefixtures("either_database")
def test_a_job_waits_runs_and_hands_in_its_result(
    store: Store, study: str, start_worker: Start, until: Until
) -> None:
    job = jobs.submit(store, study, "count", {"seconds": 0.05})
    assert (job.state, job.ahead) == (State.QUEUED, 0)
    start_worker()
    running = until(job.id, lambda job: job.progress.get("fraction", 0) >= 0.5)
    assert running.progress["stage"] == "count"
    assert 0 < running.progress["eta"] < 5
    assert running.progress["curve"][0] == ["count", 1, 1.0, 2.0]
    done = until(job.id, lambda job: job.state is State.DONE)
    assert done.result == {"first": 0, "steps": 20}
    assert done.error is None
    assert done.ended is not None
    until(job.id, lambda _: not list((store.folder / "checkpoints").iterdir()))


def test_a_fit_becomes_the_studys_newest_without_disturbing_an_editor(store: Store) -> None:
    study = store.create("Visits")
    job = jobs.submit(store, study.id)
    assert store.get(study.id).fit == job.id
    assert store.update(study, name="Still mine").fit == job.id


def test_the_queue_is_first_come_first_served(
    store: Store, study: str, start_worker: Start, until: Until
) -> None:
    queue = [jobs.submit(store, study, "count", {"seconds": 0.005}) for _ in range(3)]
    assert [jobs.get(store, job.id).ahead for job in queue] == [0, 1, 2]
    start_worker()
    ended = [until(job.id, lambda job: job.state is State.DONE).ended for job in queue]
    assert ended == sorted(ended, key=lambda moment: moment.timestamp() if moment else 0)


@pytest.mark.usefixtures("either_database")
def test_no_job_is_taken_by_two_workers(
    store: Store, study: str, start_worker: Start, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGS_JOBS_PER_STUDY", "6")
    queue = [jobs.submit(store, study, "count", {"seconds": 0.01}) for _ in range(6)]
    for _ in range(3):
        start_worker()
    done = [until(job.id, lambda job: job.state is State.DONE) for job in queue]
    assert [job.result["first"] for job in done if job.result] == [0] * 6


def test_a_queued_job_is_cancelled_at_once_and_can_go_on(
    store: Store, study: str, start_worker: Start, until: Until
) -> None:
    job = jobs.submit(store, study, "count", {"seconds": 0.005})
    assert jobs.cancel(store, job.id).state is State.CANCELLED
    assert jobs.resume(store, job.id).state is State.QUEUED
    start_worker()
    until(job.id, lambda job: job.state is State.DONE)


@pytest.mark.parametrize("kind", ["count", "stubborn"])
def test_a_running_job_is_cancelled_within_three_seconds(
    store: Store, study: str, start_worker: Start, until: Until, kind: str
) -> None:
    job = jobs.submit(store, study, kind, {"seconds": 0.1})
    start_worker()
    until(job.id, under_way)
    asked = time.monotonic()
    assert jobs.cancel(store, job.id).stopping
    until(job.id, lambda job: job.state is State.CANCELLED)
    assert time.monotonic() - asked < 3


def test_a_worker_that_stands_still_is_ended_from_outside(
    store: Store, study: str, start_worker: Start, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGS_WORKERS", "0")
    job = jobs.submit(store, study, "count", {"seconds": 0.1})
    process = start_worker()
    until(job.id, under_way)
    fall_silent(process, store)
    asked = time.monotonic()
    jobs.cancel(store, job.id)

    def ended(job: Job) -> bool:
        pool.ensure_workers(store)
        return job.state is State.CANCELLED

    until(job.id, ended)
    assert time.monotonic() - asked < 3
    assert process.wait(timeout=5) == -signal.SIGKILL


@pytest.mark.usefixtures("either_database")
def test_a_killed_workers_job_reads_interrupted_and_goes_on_where_it_was(
    store: Store, study: str, start_worker: Start, until: Until
) -> None:
    job = jobs.submit(store, study, "count", {"seconds": 0.1})
    process = start_worker()
    until(job.id, lambda job: job.progress.get("fraction", 0) > 0.2)
    process.kill()  # and not waited for: a zombie is no worker
    killed = time.monotonic()
    until(job.id, lambda job: job.state is State.INTERRUPTED)
    assert time.monotonic() - killed < 2
    assert jobs.resume(store, job.id).state is State.QUEUED
    start_worker()
    done = until(job.id, lambda job: job.state is State.DONE)
    assert done.result is not None
    assert done.result["first"] >= 4


def test_a_silent_worker_counts_as_lost_and_can_no_longer_interfere(
    store: Store,
    study: str,
    start_worker: Start,
    until: Until,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RUNGS_HEARTBEAT_SECONDS", "2")
    job = jobs.submit(store, study, "count", {"seconds": 0.1})
    silent = start_worker()
    until(job.id, under_way)
    fall_silent(silent, store)
    until(job.id, lambda job: job.state is State.INTERRUPTED)
    jobs.resume(store, job.id)
    silent.send_signal(signal.SIGCONT)
    start_worker()
    assert until(job.id, lambda job: job.state is State.DONE).result is not None


def test_an_interrupted_job_can_be_given_up(
    store: Store, study: str, start_worker: Start, until: Until
) -> None:
    job = jobs.submit(store, study, "count", {"seconds": 0.1})
    process = start_worker()
    until(job.id, under_way)
    process.kill()
    until(job.id, lambda job: job.state is State.INTERRUPTED)
    assert jobs.cancel(store, job.id).state is State.CANCELLED


def test_an_error_for_people_reaches_them_with_its_remedy(
    store: Store, study: str, start_worker: Start, until: Until
) -> None:
    job = jobs.submit(store, study, "refuse")
    start_worker()
    failed = until(job.id, lambda job: job.state is State.FAILED)
    assert failed.error == ("No equation fits “x”.", "Leave it out.")


def test_an_unexpected_error_leaves_its_details_in_the_log_only(
    store: Store, study: str, start_worker: Start, until: Until
) -> None:
    job = jobs.submit(store, study, "stumble")
    start_worker()
    error = until(job.id, lambda job: job.state is State.FAILED).error
    log = (store.folder / "logs" / "errors.log").read_text()
    assert error is not None
    assert "secret" not in " ".join(error)
    fault = error[0].split("error ")[1][:8]
    assert fault in log
    assert "secret detail" in log


def test_a_job_that_takes_too_long_fails_with_the_limit_named(
    store: Store,
    study: str,
    start_worker: Start,
    until: Until,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RUNGS_FIT_SECONDS", "1")
    job = jobs.submit(store, study, "count", {"seconds": 0.2})
    start_worker()
    error = until(job.id, lambda job: job.state is State.FAILED).error
    assert error is not None
    assert "RUNGS_FIT_SECONDS" in error[1]


def test_removing_a_study_stops_its_running_job(
    store: Store, study: str, start_worker: Start, until: Until
) -> None:
    job = jobs.submit(store, study, "count", {"seconds": 0.2})
    start_worker()
    until(job.id, under_way)
    remove(store, study)
    other = jobs.submit(store, store.create("Other").id, "count", {"seconds": 0.005})
    until(other.id, lambda job: job.state is State.DONE)
    assert jobs.get(store, job.id).state is State.CANCELLED


def test_a_finished_job_is_left_alone(
    store: Store, study: str, start_worker: Start, until: Until
) -> None:
    job = jobs.submit(store, study, "count", {"seconds": 0.001})
    start_worker()
    done = until(job.id, lambda job: job.state is State.DONE)
    assert jobs.cancel(store, job.id) == jobs.resume(store, job.id) == done
    assert jobs.newest(store, study, State.DONE, "count") == done


def test_no_job_without_its_study(store: Store) -> None:
    with pytest.raises(StudyError):
        jobs.submit(store, "nowhere")


def test_two_stores_do_not_see_each_others_jobs(
    store: Store, study: str, start_worker: Start, until: Until, tmp_path: os.PathLike[str]
) -> None:
    other = Store.open(store.folder.parent / "other")
    theirs = jobs.submit(other, other.create("Theirs").id, "count", {"seconds": 0.001})
    mine = jobs.submit(store, study, "count", {"seconds": 0.001})
    start_worker()
    until(mine.id, lambda job: job.state is State.DONE)
    assert jobs.get(other, theirs.id).state is State.QUEUED
