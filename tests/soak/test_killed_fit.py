"""`kill -9` in the middle of a real fit: said truthfully, gone on with, and the same to the bit."""

from __future__ import annotations

import os
import signal

import pytest

from causal_core.studies import jobs, roster
from causal_core.studies.jobs import Job, State
from causal_core.studies.store import Store
from tests.faults.test_real_fit import at_least, store, submitted, until

__all__ = ["store", "submitted"]  # fixtures


def kill_worker_of(store: Store, job: Job) -> None:
    (worker,) = [worker for worker in roster.everyone(store) if worker.id == job.worker]
    os.kill(worker.process.pid, signal.SIGKILL)


@pytest.mark.timeout(300)
def test_a_killed_fit_ends_as_if_never_killed(store: Store, submitted: Job) -> None:
    running = until(store, submitted.id, at_least(0.3))
    kill_worker_of(store, running)
    until(store, submitted.id, lambda job: job.state is State.INTERRUPTED)
    assert jobs.resume(store, submitted.id).state is State.QUEUED
    resumed = until(store, submitted.id, at_least(0.01))
    # What was learned is not learned again.
    assert resumed.progress["fraction"] >= running.progress["fraction"]
    killed = until(store, submitted.id, lambda job: job.state is State.DONE)

    again = jobs.submit(store, submitted.study_id, "fit", submitted.spec)
    whole = until(store, again.id, lambda job: job.state is State.DONE)
    assert killed.result is not None
    assert killed.result == whole.result
    assert set(whole.result or {}) == {"model", "association", "report"}
    assert [node["name"] for node in killed.result["report"]] == ["z", "x", "y"]
