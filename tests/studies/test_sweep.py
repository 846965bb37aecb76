"""Checkpoints stay as long as someone can go on from them, and no longer."""

from __future__ import annotations

import pytest

from causal_core.studies import jobs
from causal_core.studies.removal import remove, sweep_removed
from causal_core.studies.run import checkpoints, sweep_checkpoints
from causal_core.studies.store import Store


def test_only_what_can_go_on_is_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    study = store.create("Visits").id
    replaced = jobs.submit(store, study)
    jobs.cancel(store, replaced.id)
    cancelled = jobs.submit(store, study)
    jobs.cancel(store, cancelled.id)
    gone = jobs.submit(store, store.create("Gone").id)
    for job in (replaced, cancelled, gone):
        checkpoints(store, job.id).mkdir(parents=True)
        (checkpoints(store, job.id) / "ladder.ckpt").write_bytes(b"x")
    remove(store, gone.study_id)
    monkeypatch.setenv("RUNGS_REMOVED_DAYS", "0")
    sweep_removed(store)
    sweep_checkpoints(store)
    assert [f.name for f in (store.folder / "checkpoints").iterdir()] == [cancelled.id]


def test_a_new_store_has_nothing_to_sweep(store: Store) -> None:
    sweep_checkpoints(store)
