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
FITS = 2


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("RUNGS_HOME", str(tmp_path / "home"))
    opened = Store.open()
    yield opened
    pool.stop_workers(opened)


def _submitted(store: Store) -> list[Job]:
    rng = np.random.default_rng(3)
    z = rng.normal(size=200)
    frame = pd.DataFrame({"z": z, "x": z + rng.normal(size=200)})
    frame["y"] = np.sin(frame["x"]) + z
    table = store.put_blob(Table.from_frame(frame).to_bytes())
    graph = CausalGraph.parse("dag { z -> x; z -> y; x -> y }").to_json()
    study = [store.create(f"Fit {seed}", table=table, graph=graph) for seed in range(FITS)]
    specs = [{"table": table, "graph": graph, "seed": seed} for seed in range(FITS)]
    return [jobs.submit(store, s.id, "fit", spec) for s, spec in zip(study, specs)]


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
    _until(store, done, 300)
    _log.warning("%d fits done after %.1f s", FITS, time.monotonic() - began)
    results = [jobs.get(store, job.id).result or {} for job in submitted]
    return [(result["model"], result["association"]) for result in results]


@pytest.mark.timeout(900)
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
        lost = [jobs.get(store, job.id).spec.get("lost", 0) for job in submitted]
        assert sum(lost) == 1


def _kill_one(store: Store) -> bool:
    """Kill a worker that has trained for a while; False while there is none."""
    for worker in roster.everyone(store):
        if worker.job and jobs.get(store, worker.job).progress.get("fraction", 0) > 0.1:
            os.kill(worker.process.pid, signal.SIGKILL)
            return True
    return False
