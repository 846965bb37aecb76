"""The server killed in the middle of ten fits, ten times: no study is lost, no state a lie."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from causal_core.graphs.graph import CausalGraph
from causal_core.studies import jobs, roster
from causal_core.studies.jobs import Job, State
from causal_core.studies.store import Store
from causal_core.tables.table import Table
from tests.browser.conftest import serving

_log = logging.getLogger(__name__)
ROUNDS, FITS, TRUTH_SECONDS = 10, 10, 10.0


def _submitted(store: Store) -> list[Job]:
    """Ten fits, each of a study of its own."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=150)
    frame = pd.DataFrame({"x": x, "y": np.sin(x) + rng.normal(size=150)})
    table = store.put_blob(Table.from_frame(frame).to_bytes())
    graph = CausalGraph.parse("dag { x -> y }").to_json()
    spec = {"table": table, "graph": graph, "seed": 0}
    studies = [store.create(f"Fit {number}", table=table, graph=graph) for number in range(FITS)]
    return [jobs.submit(store, study.id, "fit", spec) for study in studies]


def _kill_workers(store: Store) -> None:
    for worker in roster.everyone(store):
        if worker.process.alive():
            os.kill(worker.process.pid, signal.SIGKILL)


def _truthful(store: Store, submitted: list[Job]) -> bool:
    """Every study opens, and what is called running is held by a living worker."""
    held = {worker.job for worker in roster.everyone(store) if worker.process.alive()}
    now = [jobs.get(store, job.id) for job in submitted]
    for job in now:
        store.get_blob(store.get(job.study_id).table or "")
    return all(job.state is not State.RUNNING or job.id in held for job in now)


@pytest.mark.timeout(1800)
def test_a_killed_server_loses_no_study_and_tells_no_lie(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "home")
    for number in range(ROUNDS):
        with serving(store.folder, RUNGS_WORKERS="2") as killed:
            submitted = _submitted(store)
            _until(partial(_begun, store, submitted), 60)
            time.sleep(0.3 * number)
            killed.process.send_signal(signal.SIGKILL)
            if number % 2:
                _kill_workers(store)
            _go_on_with(store, submitted)
    assert len(store.list()) == ROUNDS * FITS


def _go_on_with(store: Store, submitted: list[Job]) -> None:
    """A new server: soon all is true, and what was interrupted ends well when gone on with."""
    with serving(store.folder, RUNGS_WORKERS="2"):
        _until(lambda: _truthful(store, submitted), TRUTH_SECONDS)
        _log.info("after the kill: %s", dict(_states(store, submitted)))
        for job in submitted:
            if jobs.get(store, job.id).state is State.INTERRUPTED:
                jobs.resume(store, job.id)
        _until(lambda: _states(store, submitted)[State.DONE] == FITS, 400)


def _begun(store: Store, submitted: list[Job]) -> bool:
    return _states(store, submitted)[State.RUNNING] > 0


def _states(store: Store, submitted: list[Job]) -> Counter[State]:
    return Counter(jobs.get(store, job.id).state for job in submitted)


def _until(condition: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
