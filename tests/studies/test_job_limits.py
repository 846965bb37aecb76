"""What one study may ask of the workers: so many jobs at a time, and so much memory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from causal_core.errors import LimitError
from causal_core.studies import jobs
from causal_core.studies.jobs import State
from causal_core.studies.store import Store
from tests.studies.conftest import Start, Until


def test_a_job_that_takes_too_much_memory_fails_with_the_limit_named(
    store: Store, start_worker: Start, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGS_FIT_MEMORY", str(350 * 2**20))  # without torch a worker has 100 MiB
    study = store.create("Large").id
    job = jobs.submit(store, study, "swell")
    large = start_worker()
    error = until(job.id, lambda job: job.state is State.FAILED).error
    assert error == (
        "This needed more than the 0.3 GiB of memory allowed.",
        "Use fewer rows or columns, or raise RUNGS_FIT_MEMORY.",
    )
    assert large.wait(timeout=5) == 1  # and with the process goes what it held
    next_one = jobs.submit(store, study, "count", {"seconds": 0.001})
    start_worker()
    until(next_one.id, lambda job: job.state is State.DONE)


@pytest.mark.usefixtures("either_database")
def test_a_study_has_so_many_jobs_at_a_time(store: Store) -> None:
    study, other = store.create("Busy").id, store.create("Other").id
    waiting = [jobs.submit(store, study, "count") for _ in range(3)]
    with pytest.raises(LimitError, match="cancel one"):
        jobs.submit(store, study)
    assert store.get(study).fit is None  # the refused fit has left nothing behind
    jobs.submit(store, other, "count")
    jobs.cancel(store, waiting[0].id)
    jobs.submit(store, study, "count")
    with pytest.raises(LimitError):
        jobs.resume(store, waiting[0].id)
    assert jobs.get(store, waiting[0].id).state is State.CANCELLED


@pytest.mark.usefixtures("either_database")
def test_many_who_ask_at_once_get_no_more_together(store: Store) -> None:
    study = store.create("Busy").id

    def ask(_: int) -> bool:
        try:
            jobs.submit(store, study, "count")
        except LimitError:
            return False
        return True

    with ThreadPoolExecutor(8) as people:
        assert sum(people.map(ask, range(8))) == 3


def test_a_job_whose_worker_died_takes_no_ones_place(
    store: Store, start_worker: Start, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGS_JOBS_PER_STUDY", "1")
    study = store.create("Unlucky").id
    job = jobs.submit(store, study, "stubborn")
    worker = start_worker()
    until(job.id, lambda job: job.state is State.RUNNING)
    worker.kill()
    until(job.id, lambda job: job.state is State.INTERRUPTED)
    assert jobs.submit(store, study, "count").state is State.QUEUED
