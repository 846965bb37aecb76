"""The database behind a store: its form, its address, and what is said when it is wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from causal_core.errors import StudyError
from causal_core.studies import database, rows
from causal_core.studies.store import Store
from tests.studies.postgres import Cluster

MIGRATIONS = Path(database.__file__).parent / "migrations"


def test_two_folders_are_strangers(store: Store, tmp_path: Path) -> None:
    made = store.create("Visits")
    with pytest.raises(StudyError):
        Store.open(tmp_path / "elsewhere").get(made.id)


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def empty_database(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """As `either_database`, with every step still to be made."""
    if request.param == "SQLite":
        yield
        return
    postgres: Cluster = request.getfixturevalue("postgres")
    with postgres.database() as url:
        monkeypatch.setenv("RUNGS_DATABASE_URL", url)
        yield


@pytest.mark.usefixtures("empty_database")
def test_many_openings_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        stores = list(threads.map(lambda _: Store.open(tmp_path / "fresh"), range(8)))
    made = stores[0].create("Visits")
    assert all(store.get(made.id) == made for store in stores)


@pytest.mark.usefixtures("either_database")
def test_the_steps_lead_to_the_tables_that_the_code_reads(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == database.FORM
        assert compare_metadata(context, rows.metadata) == []


def test_the_newest_step_is_the_form_that_the_code_asks_for() -> None:
    steps = ScriptDirectory(MIGRATIONS, version_locations=[MIGRATIONS])
    assert steps.get_current_head() == database.FORM


def test_a_folder_from_before_migrations_keeps_its_studies(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'rungs.sqlite'}")
    rows.metadata.create_all(engine)
    values = {"id": "a", "revision": 3, "name": "old", "undo": [], "choices": {}}
    with engine.begin() as connection:
        connection.execute(sa.insert(rows.studies).values(values | {"created": 1, "updated": 2}))
    engine.dispose()
    assert [(s.name, s.revision) for s in Store.open(tmp_path).list()] == [("old", 3)]


def test_what_a_newer_rungs_kept_is_not_touched(tmp_path: Path) -> None:
    Store.open(tmp_path).engine.dispose()
    with sqlite3.connect(tmp_path / "rungs.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StudyError, match="newer Rungs"):
        Store.open(tmp_path)


@pytest.mark.parametrize("address", ["mysql://root@localhost/x", "no address", "sqlite:///x"])
def test_an_address_of_another_kind_is_refused(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGS_DATABASE_URL", address)
    with pytest.raises(StudyError) as caught:
        Store.open(tmp_path)
    assert "postgresql://" in caught.value.remedy


def test_a_server_that_does_not_answer_is_said_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGS_DATABASE_URL", "postgresql://u:secret@127.0.0.1:1/x")
    with pytest.raises(StudyError, match="does not answer") as caught:
        Store.open(tmp_path)
    assert "secret" not in str(caught.value)
