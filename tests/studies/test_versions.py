"""Kept versions of a graph: numbered within their study, and gone with it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC

import pytest
import sqlalchemy as sa

from causal_core.errors import StudyError
from causal_core.graphs.graph import CausalGraph
from causal_core.studies import rows, versions
from causal_core.studies.removal import remove, sweep_removed
from causal_core.studies.store import Store

pytestmark = pytest.mark.usefixtures("either_database")
GRAPH = CausalGraph.parse('dag { a [pos="1,2"] b [latent] a -> b }').to_json()


def test_a_version_comes_back_as_it_was_kept(store: Store) -> None:
    study = store.create("letters")
    first = versions.keep(store, study.id, "  before the \n meeting ", GRAPH)
    second = versions.keep(store, study.id, "", GRAPH)
    assert versions.listed(store, study.id) == (second, first)
    assert (first.number, first.name, first.title) == (
        1,
        "before the meeting",
        "1 · before the meeting",
    )
    assert second.title == "Version 2"
    assert first.created.tzinfo is UTC
    assert CausalGraph.from_json(first.graph).to_json() == GRAPH


def test_versions_are_renamed_and_deleted_one_by_one(store: Store) -> None:
    study, other = store.create("letters"), store.create("numbers")
    one = versions.keep(store, study.id, "one", GRAPH)
    two = versions.keep(store, study.id, "two", GRAPH)
    elsewhere = versions.keep(store, other.id, "one", GRAPH)
    assert elsewhere.number == 1
    renamed = versions.rename(store, study.id, one.number, "first")
    versions.delete(store, study.id, two.number)
    versions.delete(store, study.id, two.number)
    assert versions.listed(store, study.id) == (renamed,)
    assert renamed.name == "first"
    assert versions.listed(store, other.id) == (elsewhere,)


def test_what_is_gone_is_said(store: Store) -> None:
    study = store.create("letters")
    with pytest.raises(StudyError, match="version was deleted"):
        versions.rename(store, study.id, 7, "x")
    remove(store, study.id)
    with pytest.raises(StudyError, match="does not exist"):
        versions.keep(store, study.id, "late", GRAPH)


def test_a_study_that_is_gone_for_good_takes_its_versions_along(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, other = store.create("letters"), store.create("numbers")
    versions.keep(store, study.id, "one", GRAPH)
    kept = versions.keep(store, other.id, "one", GRAPH)
    remove(store, study.id)
    monkeypatch.setenv("RUNGS_REMOVED_DAYS", "0")
    sweep_removed(store)
    assert versions.listed(store, study.id) == ()
    assert versions.listed(store, other.id) == (kept,)


def test_a_store_from_before_there_were_versions_is_opened(store: Store) -> None:
    study = store.create("letters")
    with store.engine.begin() as connection:
        connection.execute(sa.schema.DropTable(rows.versions))
        connection.execute(sa.text("DROP TABLE alembic_version"))  # nor was the form kept then
    reopened = Store.open(store.folder)
    assert versions.listed(reopened, study.id) == ()
    assert versions.keep(reopened, study.id, "one", GRAPH).number == 1


@pytest.mark.parametrize("name", ["'; drop table versions; --", "名前 <b>`x`</b>", "a" * 10_000])
def test_any_name_is_kept_literally(store: Store, name: str) -> None:
    study = store.create("letters")
    assert versions.keep(store, study.id, name, GRAPH).name == name[: versions.LONGEST]


def test_two_tabs_never_take_the_same_number(store: Store) -> None:
    study = store.create("letters")
    with ThreadPoolExecutor(8) as threads:
        kept = list(threads.map(lambda n: versions.keep(store, study.id, f"{n}", GRAPH), range(24)))
    assert sorted(one.number for one in kept) == list(range(1, 25))
