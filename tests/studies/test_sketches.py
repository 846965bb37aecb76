"""A fit that waits for others can be explored: its first sketch is drawn meanwhile."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from causal_core.graphs.graph import CausalGraph
from causal_core.scm.model import StructuralCausalModel
from causal_core.studies import claims, jobs, sketches
from causal_core.studies.jobs import Job, State
from causal_core.studies.run import Run
from causal_core.studies.store import Store
from causal_core.tables.table import Table


@pytest.fixture
def waiting(store: Store) -> Job:
    """A fit of two columns in the queue."""
    x, noise = np.random.default_rng(0).normal(size=(2, 100))
    table = Table.from_frame(pd.DataFrame({"x": x, "y": 2 * x + noise}))
    graph = CausalGraph.parse("dag { x -> y }")
    spec = {"table": store.put_blob(table.to_bytes()), "graph": graph.to_json(), "seed": 0}
    return jobs.submit(store, store.create("Visits").id, "fit", spec)


def sketched(store: Store, job: Job) -> StructuralCausalModel:
    """The equations of the job's sketch."""
    return StructuralCausalModel.load(store.blob_path(jobs.get(store, job.id).models["model"]))


def test_a_waiting_fit_shows_its_sketch(store: Store, waiting: Job) -> None:
    sketches.draw(store, waiting.id)
    assert jobs.get(store, waiting.id).state is State.QUEUED
    changed = sketched(store, waiting).sample(2000, {"x": 1.0})["y"].mean()
    assert changed == pytest.approx(2.0, abs=0.4)  # two standard errors of 100 rows and draws


def test_the_worker_that_takes_it_goes_on_showing_it(store: Store, waiting: Job) -> None:
    sketches.draw(store, waiting.id)
    shown = jobs.get(store, waiting.id).models
    mine = claims.claim(store, "worker")
    assert mine is not None
    run = Run(store, mine)
    run._report("start", 0.0)
    run.tick()
    assert jobs.get(store, waiting.id).models == shown


def test_a_fit_that_was_taken_meanwhile_is_left_alone(store: Store, waiting: Job) -> None:
    claims.claim(store, "worker")
    sketches.draw(store, waiting.id)
    assert not jobs.get(store, waiting.id).models


def test_a_large_table_waits_its_turn(
    store: Store, waiting: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sketches, "_MOST_CELLS", 199)
    sketches.draw(store, waiting.id)
    assert not jobs.get(store, waiting.id).models


def test_one_that_cannot_be_drawn_does_not_hinder_the_others(store: Store, waiting: Job) -> None:
    lost = jobs.submit(store, store.create("Lost").id, "fit", {**waiting.spec, "table": "0" * 64})
    last = jobs.submit(store, store.create("Last").id, "fit", waiting.spec)
    tried: set[str] = set()
    with pytest.raises(OSError):
        sketches.draw_all(store, tried)
    assert sketched(store, waiting).by_name.keys() == {"x", "y"}
    sketches.draw_all(store, tried)
    assert sketched(store, last).by_name.keys() == {"x", "y"}
    assert not jobs.get(store, lost.id).models


def test_a_fit_that_is_resumed_and_waits_again_is_drawn_again(store: Store, waiting: Job) -> None:
    tried: set[str] = set()
    sketches.draw_all(store, tried)
    jobs.cancel(store, waiting.id)
    sketches.draw_all(store, tried)
    jobs.resume(store, waiting.id)
    assert not jobs.get(store, waiting.id).models
    sketches.draw_all(store, tried)
    assert sketched(store, waiting).by_name.keys() == {"x", "y"}
