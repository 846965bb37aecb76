"""What is removed is out of sight, can be brought back, and goes for good in the end."""

from __future__ import annotations

import pytest

from causal_core.errors import StudyError
from causal_core.graphs.graph import CausalGraph
from causal_core.studies import jobs, versions
from causal_core.studies.duplicate import duplicate
from causal_core.studies.jobs import State
from causal_core.studies.removal import bring_back, remove, removed, sweep_removed
from causal_core.studies.store import Store

pytestmark = pytest.mark.usefixtures("either_database")
GRAPH = CausalGraph.parse("dag { a -> b }").to_json()


def test_a_removed_study_is_brought_back_as_it_was(store: Store) -> None:
    made, other = store.create("Visits", choices={"cause": "x"}), store.create("Other")
    kept = versions.keep(store, made.id, "one", GRAPH)
    remove(store, made.id)
    assert store.list() == (other,)
    assert removed(store) == (made,)
    assert bring_back(store, made.id) == made == store.get(made.id)
    assert removed(store) == ()
    assert versions.listed(store, made.id) == (kept,)


def test_removing_twice_is_no_mistake(store: Store) -> None:
    made = store.create("Visits")
    remove(store, made.id)
    remove(store, made.id)
    assert removed(store) == (made,)


def test_what_was_queued_is_cancelled_and_can_go_on(store: Store) -> None:
    made = store.create("Visits")
    job = jobs.submit(store, made.id)
    remove(store, made.id)
    assert jobs.get(store, job.id).state is State.CANCELLED
    bring_back(store, made.id)
    assert jobs.resume(store, job.id).state is State.QUEUED


def test_only_what_was_removed_long_ago_goes_for_good(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, other = store.create("Visits"), store.create("Other")
    job = jobs.submit(store, made.id)
    remove(store, made.id)
    sweep_removed(store)
    assert [study.id for study in removed(store)] == [made.id]
    monkeypatch.setenv("RUNGS_REMOVED_DAYS", "0")
    sweep_removed(store)
    assert removed(store) == ()
    assert store.list() == (other,)
    for gone in (lambda: bring_back(store, made.id), lambda: jobs.get(store, job.id)):
        with pytest.raises(StudyError):
            gone()


def test_a_copy_has_all_and_goes_its_own_way(store: Store) -> None:
    made = store.create("V" * 80, graph=GRAPH, choices={"cause": "x"}, undo=("na",))
    versions.keep(store, made.id, "one", GRAPH)
    versions.keep(store, made.id, "two", GRAPH)
    fit = jobs.adopt(store, made.id, "fit", {"graph": GRAPH}, {"model": "0" * 64})
    copy = duplicate(store, made.id)
    assert len(copy.name) <= 80
    assert copy.name.endswith("(copy)")
    assert (copy.graph, dict(copy.choices), copy.undo) == (GRAPH, {"cause": "x"}, ("na",))
    assert [v.title for v in versions.listed(store, copy.id)] == ["2 · two", "1 · one"]
    adopted = jobs.newest(store, copy.id, State.DONE)
    assert adopted is not None
    assert (adopted.spec, adopted.result) == (fit.spec, fit.result)
    store.update(copy, name="Mine")
    remove(store, made.id)
    assert store.get(copy.id).name == "Mine"
