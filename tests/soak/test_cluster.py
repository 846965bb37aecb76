"""Fits on a Dask cluster: equal to those of local workers, also when a worker is killed."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from distributed import LocalCluster

from causal_core.graphs.graph import CausalGraph
from causal_core.studies import cluster, jobs, pool, roster
from causal_core.studies.jobs import Job, State
from causal_core.studies.store import Store
from causal_core.tables.table import Table

_log = logging.getLogger(__name__)
FITS = 20


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("RUNGS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RUNGS_WORKERS", "2")
    opened = Store.open()
    yield opened
    pool.stop_workers(opened)


def _submitted(store: Store) -> list[Job]:
    """A bootstrap: the same fit on `FITS` resamples of one table."""
    rng = np.random.default_rng(3)
    z = rng.normal(size=200)
    frame = pd.DataFrame({"z": z, "x": z + rng.normal(size=200)})
    frame["y"] = np.sin(frame["x"]) + z
    graph = CausalGraph.parse("dag { z -> x; z -> y; x -> y }").to_json()
    return [
        _fit(store, frame.sample(frac=1.0, replace=True, random_state=n), graph)
        for n in range(FITS)
    ]


def _fit(store: Store, frame: pd.DataFrame, graph: str) -> Job:
    table = store.put_blob(Table.from_frame(frame.reset_index(drop=True)).to_bytes())
    study = store.create("Resample", table=table, graph=graph)
    return jobs.submit(store, study.id, "fit", {"table": table, "graph": graph, "seed": 0})


def _until(store: Store, condition: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        pool.ensure_workers(store)
        time.sleep(0.5)


def _results(store: Store, submitted: list[Job]) -> list[tuple[str, str]]:
    """The digests of the models once all are done, in the order of submission."""

    def done() -> bool:
        now = [jobs.get(store, job.id) for job in submitted]
        assert not any(job.state is State.FAILED for job in now), now
        return all(job.state is State.DONE for job in now)

    began = time.monotonic()
    _until(store, done, 900)
    _log.warning("%d fits done after %.1f s", FITS, time.monotonic() - began)
    results = [jobs.get(store, job.id).result or {} for job in submitted]
    return [(result["model"], result["association"]) for result in results]


@pytest.mark.timeout(3000)
def test_a_cluster_fits_what_local_workers_fit_also_when_one_is_killed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = _results(store, _submitted(store))
    pool.stop_workers(store)
    with LocalCluster(
        n_workers=3, threads_per_worker=1, memory_limit=0, dashboard_address=None
    ) as running:
        monkeypatch.setenv(cluster.ADDRESS, running.scheduler_address)
        assert _results(store, _submitted(store)) == local
        submitted = _submitted(store)
        _until(store, partial(_kill_one, store), 60)
        assert _results(store, submitted) == local
        lost = [jobs.get(store, job.id).lost for job in submitted]
        assert sum(lost) == 1


def _kill_one(store: Store) -> bool:
    """Kill a worker that has trained for a while; False while there is none."""
    for worker in roster.everyone(store):
        if worker.job and jobs.get(store, worker.job).progress.get("fraction", 0) > 0.1:
            os.kill(worker.process.pid, signal.SIGKILL)
            return True
    return False
