"""Fits in real workers: one that is cancelled, and one that no equation can be fitted to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from causal_core.graphs.graph import CausalGraph
from causal_core.studies import jobs, pool
from causal_core.studies.jobs import Job, State
from causal_core.studies.store import Store
from causal_core.tables.table import Table


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "home")
    yield opened
    pool.stop_workers(opened)


@pytest.fixture
def submitted(store: Store) -> Job:
    """A fit of so many rows that they are not judged in folds, which would take longer."""
    return submit(store, 2600)


def submit(store: Store, rows: int) -> Job:
    """A fit of a bent effect, so that the neural rungs have something to do."""
    rng = np.random.default_rng(3)
    z, unused = rng.normal(size=(2, rows))
    x = z + rng.normal(size=rows)
    y = np.sin(x * z) + z + 0.3 * rng.normal(size=rows)
    table = Table.from_frame(pd.DataFrame({"z": z, "x": x, "y": y, "unused": unused}))
    graph = CausalGraph.parse("dag { z -> x; z -> y; x -> y }")
    spec = {"table": store.put_blob(table.to_bytes()), "graph": graph.to_json(), "seed": 0}
    return jobs.submit(store, store.create("Killed").id, "fit", spec)


def until(store: Store, job_id: str, condition: Callable[[Job], bool]) -> Job:
    end = time.monotonic() + 200
    while not condition(job := jobs.get(store, job_id)):
        pool.ensure_workers(store)
        assert time.monotonic() < end, job
        assert job.state is not State.FAILED, job.error
        time.sleep(0.02)
    return job


def at_least(fraction: float) -> Callable[[Job], bool]:
    return lambda job: (
        job.state is State.RUNNING
        and job.progress.get("fraction", 0) >= fraction
        and job.progress.get("stage") != "start"
    )


@pytest.mark.timeout(120)
def test_a_real_fit_is_cancelled_within_three_seconds(store: Store, submitted: Job) -> None:
    until(store, submitted.id, at_least(0.05))
    asked = time.monotonic()
    jobs.cancel(store, submitted.id)
    until(store, submitted.id, lambda job: job.state is State.CANCELLED)
    assert time.monotonic() - asked < 3


@pytest.mark.timeout(120)
def test_what_cannot_be_fitted_fails_with_its_column_named(store: Store) -> None:
    table = Table.from_frame(pd.DataFrame({"flat": [1.0] * 50, "x": np.arange(50.0) + 0.5}))
    graph = CausalGraph.parse("dag { flat -> x }")
    spec = {"table": store.put_blob(table.to_bytes()), "graph": graph.to_json(), "seed": 0}
    job = jobs.submit(store, store.create("Flat").id, "fit", spec)
    end = time.monotonic() + 60
    while (job := jobs.get(store, job.id)).state.active:
        pool.ensure_workers(store)
        assert time.monotonic() < end
        time.sleep(0.05)
    assert job.state is State.FAILED
    assert job.error is not None
    assert "flat" in job.error[0]
    assert job.error[1]
