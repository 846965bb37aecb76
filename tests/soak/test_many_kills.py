"""`kill -9` again and again, at moments nobody chose: the model is the same to the bit."""

from __future__ import annotations

import random
import time

import pytest

from causal_core.studies import jobs
from causal_core.studies.jobs import Job, State
from causal_core.studies.store import Store
from tests.faults.test_killed_fit import kill_worker_of, store, submitted, until

__all__ = ["store", "submitted"]  # fixtures
KILLS = 25


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("temporary", ["/tmp", "/dev/shm"], ids=["same disk", "other disk"])
def test_fits_killed_at_random_moments_end_as_if_never_killed(
    store: Store, submitted: Job, temporary: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", temporary)  # the workers' own, where a careless save would go
    whole = until(store, submitted.id, lambda job: job.state is State.DONE)
    moments, killed = random.Random(0), 0
    while killed < KILLS:
        job = jobs.submit(store, submitted.study_id, "fit", submitted.spec)
        while (job := until(store, job.id, _going_or_done)).state is not State.DONE:
            time.sleep(moments.uniform(0.0, 3.0))
            job = jobs.get(store, job.id)
            if job.state is State.RUNNING:
                kill_worker_of(store, job)
                killed += 1
                job = until(store, job.id, lambda job: job.state is not State.RUNNING)
                if job.state is State.INTERRUPTED:
                    jobs.resume(store, job.id)
        assert job.result == whole.result


def _going_or_done(job: Job) -> bool:
    return job.state in (State.RUNNING, State.DONE)
