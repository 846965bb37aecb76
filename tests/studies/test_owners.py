"""A study is its owner's: to another person it is as one that is not there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
import sqlalchemy as sa

from causal_core.errors import LimitError, StudyError
from causal_core.graphs.graph import CausalGraph
from causal_core.studies import jobs, ownership, rows, scenarios, shares, uploads, versions
from causal_core.studies.bundle import bundle
from causal_core.studies.duplicate import duplicate
from causal_core.studies.jobs import State
from causal_core.studies.removal import bring_back, remove, removed
from causal_core.studies.store import VISITOR, Store
from causal_core.studies.unbundle import unbundle

both = pytest.mark.usefixtures("either_database")  # where a statement is new to them
GRAPH = CausalGraph.parse("dag { a -> b }").to_json()
Asked = TypeVar("Asked")


@both
def test_each_sees_their_own_and_the_operator_sees_all(
    store: Store, ada: Store, ben: Store
) -> None:
    hers, his, nobodys = ada.create("Hers"), ben.create("His"), store.create("Nobody's")
    assert ada.list() == (hers,)
    assert ben.list() == (his,)
    assert store.list() == (nobodys, his, hers)
    assert store.seen_by(VISITOR).list() == ()
    assert ada.update(hers, name="Still hers").name == "Still hers"


@both
def test_anothers_study_is_refused_as_one_that_never_was(ada: Store, ben: Store) -> None:
    hers = ada.create("Hers")
    asked = {
        "get": lambda study: ben.get(study),
        "duplicate": lambda study: duplicate(ben, study),
        "bundle": lambda study: bundle(ben, study),
        "submit": lambda study: jobs.submit(ben, study),
        "keep a graph": lambda study: versions.keep(ben, study, "one", GRAPH),
        "keep a setting": lambda study: scenarios.keep(ben, study, "one", {}),
        "share": lambda study: shares.share(ben, study),
        "bring back": lambda study: bring_back(ben, study),
    }
    for name, ask in asked.items():
        said = []
        for study in (hers.id, "0" * 32):
            with pytest.raises(StudyError) as caught:
                ask(study)
            said.append(str(caught.value))
        assert said[0] == said[1], name
    with pytest.raises(StudyError, match="does not exist any more"):
        ben.update(hers, name="Mine now")
    assert ada.get(hers.id) == hers
    assert versions.listed(ada, hers.id) == ()


@both
def test_another_cannot_remove_or_bring_back_or_stop_its_jobs(ada: Store, ben: Store) -> None:
    hers = ada.create("Hers")
    job = jobs.submit(ada, hers.id, "count")
    remove(ben, hers.id)
    assert ada.get(hers.id) == hers
    assert jobs.get(ada, job.id).state is State.QUEUED
    remove(ada, hers.id)
    assert removed(ben) == ()
    assert removed(ada) == (hers,)
    assert bring_back(ada, hers.id) == hers


def test_a_copy_and_an_opened_file_are_whose_who_made_them(ada: Store, ben: Store) -> None:
    hers = ada.create("Hers", graph=GRAPH)
    copy, his = duplicate(ada, hers.id), unbundle(ben, bundle(ada, hers.id))
    assert ada.list() == (copy, hers)
    assert ben.list() == (his,)


def test_a_link_shows_the_study_to_anyone(store: Store, ada: Store, ben: Store) -> None:
    hers = ada.create("Hers")
    token = shares.share(ada, hers.id).token
    assert shares.shared(ben, token) == shares.shared(store.seen_by(VISITOR), token) == hers


def test_a_visitor_makes_nothing(store: Store) -> None:
    with pytest.raises(StudyError, match="Sign in"):
        store.seen_by(VISITOR).create("Whose?")
    assert store.list() == ()


@both
def test_nobodys_studies_are_taken_over_once(store: Store, ada: Store, ben: Store) -> None:
    old, his = store.create("Old"), ben.create("His")
    assert ownership.unowned(store) == 1
    assert [ownership.claim(ada), ownership.claim(ben)] == [1, 0]
    assert (ada.list(), ben.list()) == ((old,), (his,))


def test_a_person_has_so_many_jobs_over_all_studies(
    store: Store, ada: Store, ben: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGS_JOBS_PER_USER", "2")
    first, second = (jobs.submit(ada, ada.create("x").id, "count") for _ in range(2))
    third = ada.create("third")
    with pytest.raises(LimitError, match="one person is allowed"):
        jobs.submit(ada, third.id)
    assert ada.get(third.id).fit is None
    jobs.submit(ben, ben.create("his").id, "count")
    for _ in range(3):  # without owners there is nobody to count for
        jobs.submit(store, store.create("nobody's").id, "count")
    jobs.cancel(ada, first.id)
    assert jobs.submit(ada, third.id).state is State.QUEUED
    assert jobs.get(ada, second.id).state is State.QUEUED


@both
def test_many_jobs_asked_at_once_stay_within_the_persons_limit(
    ada: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGS_JOBS_PER_USER", "2")
    studies = [ada.create(str(number)).id for number in range(6)]
    assert sum(_taken(studies, lambda study: jobs.submit(ada, study, "count"))) == 2


@both
def test_uploads_are_counted_by_the_hour_and_person(
    store: Store, ada: Store, ben: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGS_UPLOADS_PER_HOUR", "2")
    for one in (ada, ada, ben, store, store, store):
        uploads.admit(one)
    with pytest.raises(LimitError) as caught:
        uploads.admit(ada)
    assert caught.value.remedy == "Bring the next one in 60 minutes."
    with store.engine.begin() as connection:  # as if 59 and a half minutes had gone by
        past = rows.uploads.c.created - 59.5 * 60
        connection.execute(sa.update(rows.uploads).values(created=past))
    with pytest.raises(LimitError, match="in 1 minute"):
        uploads.admit(ada)
    later = time.time() + 60
    monkeypatch.setattr(time, "time", lambda: later)
    uploads.admit(ada)


@both
def test_many_uploads_at_once_stay_within_the_limit(
    ada: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGS_UPLOADS_PER_HOUR", "2")
    assert sum(_taken(range(6), lambda _: uploads.admit(ada))) == 2


@both
def test_a_database_from_before_owners_keeps_its_studies_as_nobodys(store: Store) -> None:
    old = store.create("Old")
    with store.engine.begin() as connection:
        for statement in (
            "DROP TABLE uploads",
            "DROP INDEX ix_studies_owner",
            "ALTER TABLE studies DROP COLUMN owner",
            "UPDATE alembic_version SET version_num = '0004'",
        ):
            connection.execute(sa.text(statement))
    opened = Store.open(store.folder)
    assert opened.list() == (old,)
    assert ownership.unowned(opened) == 1
    opened.engine.dispose()


def _taken(asked: Iterable[Asked], ask: Callable[[Asked], object]) -> list[bool]:
    """Whether each was taken, all asked at once."""

    def one(what: Asked) -> bool:
        try:
            ask(what)
        except LimitError:
            return False
        return True

    with ThreadPoolExecutor(6) as people:
        return list(people.map(one, asked))
