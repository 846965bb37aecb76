"""What the server offers to read: what is named, nothing else, and no password anywhere."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from causal_core.errors import TableError
from causal_core.tables.offered import Folder, Offer, offers
from causal_core.tables.readers import read_table

SECRET = "hidden77"


def offered(monkeypatch: pytest.MonkeyPatch, text: str) -> tuple[Offer, ...]:
    monkeypatch.setenv("RUNGS_DATABASES", text)
    return offers()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder of one table, and beside it what must not be reached."""
    inside = tmp_path / "exports"
    inside.mkdir()
    (inside / "visits.csv").write_text("a,b\n1,2\n3,4\n")
    (tmp_path / "secret.csv").write_text("a,b\n5,6\n7,8\n")
    return Folder("Folder “exports”", inside)


def test_nothing_is_offered_unless_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RUNGS_DATABASES", raising=False)
    assert offers() == ()
    assert offered(monkeypatch, " ,\n ") == ()


def test_a_label_names_the_place_and_no_one_who_may_enter(monkeypatch: pytest.MonkeyPatch) -> None:
    found = offered(
        monkeypatch,
        f"postgresql://ann:{SECRET}@db.example:5432/clinic?sslmode=require,\n"
        f"postgresql://ann:{SECRET}%40@db.example/clinic  postgresql:///base?host=/run/{SECRET}\n"
        "sqlite:////data/clinic.db?table=visits duckdb:////data/x%20y.duckdb /srv/exports/",
    )
    assert [one.label for one in found] == [
        "PostgreSQL “clinic” on db.example, 1",
        "PostgreSQL “clinic” on db.example, 2",
        "PostgreSQL “base”",
        "SQLite “clinic.db”",
        "DuckDB “x y.duckdb”",
        "Folder “exports”",
    ]
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    "entry",
    [
        f"postgresql://ann:{SECRET}/@host/base",  # a bare sign of an address in the password
        f"postgresql://ann:x?{SECRET}@host/base",
        f"postgresql://ann:x#{SECRET}@host/base",
        f"postgresql://ann:{SECRET}",
        f"postgresql://ann:7,{SECRET}@host/base",  # the comma ends the entry
        f"postgresql://[{SECRET}/base",
        f"postgresql://ann:{SECRET}@host",
        f"mysql://ann:{SECRET}@host/base",
        f"{SECRET}/exports",
        "/",
    ],
)
def test_an_entry_that_is_not_clear_is_refused_by_its_number(
    monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    with pytest.raises(TableError, match="Entry 2 of RUNGS_DATABASES") as caught:
        offered(monkeypatch, f"/srv/exports {entry}")
    assert SECRET not in str(caught.value)


def test_a_database_that_does_not_answer_keeps_its_password(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (database,) = offered(monkeypatch, f"postgresql://ann:{SECRET}@127.0.0.1:1/clinic")
    for ask in (database.names, lambda: read_table(database.source("visits"))):
        with pytest.raises(TableError, match="could not be read") as caught:
            ask()
        assert SECRET not in f"{caught.value}{caplog.text}"


def test_the_tables_of_a_database_are_listed_and_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path, odd = tmp_path / "clinic.db", 'a&b=?"; DROP TABLE visits --'
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE visits (dose REAL, sick INTEGER)")
        connection.executemany("INSERT INTO visits VALUES (?, ?)", [(i, i % 2) for i in range(40)])
        connection.execute(f'CREATE TABLE "{odd.replace(chr(34), 2 * chr(34))}" AS SELECT 1 AS x')
    whole, alone = offered(monkeypatch, f"sqlite:///{path} sqlite:///{path}?table=visits")
    assert whole.names() == (odd, "visits")
    assert read_table(whole.source(odd)).columns == ("x",)
    assert alone.names() == ("visits",)
    assert alone.source("visits") == whole.source("visits")
    with pytest.raises(TableError, match="not offered"):
        alone.source(odd)


def test_only_the_tables_in_a_folder_are_offered(folder: Folder) -> None:
    (folder.path / "notes.md").write_text("no table")
    (folder.path / ".hidden.csv").write_text("a\n1\n")
    (folder.path / "below.csv").mkdir()
    (folder.path / "out.csv").symlink_to("../secret.csv")
    (folder.path / "ring.csv").symlink_to("ring.csv")
    (folder.path / "again.csv").symlink_to("visits.csv")
    os.mkfifo(folder.path / "pipe.csv")
    assert folder.names() == ("again.csv", "visits.csv")
    assert folder.source("again.csv") == folder.path / "visits.csv"


@pytest.mark.parametrize(
    "name", ["../secret.csv", "out.csv", "below/x.csv", "gone.csv", "..", "", "a\x00.csv", "/{}"]
)
def test_no_name_leads_out_of_the_folder(folder: Folder, tmp_path: Path, name: str) -> None:
    (folder.path / "out.csv").symlink_to("../secret.csv")
    (folder.path / "below").mkdir()
    (folder.path / "below" / "x.csv").write_text("a\n1\n")
    with pytest.raises(TableError, match="has no file"):
        folder.source(name.format(tmp_path / "secret.csv"))


def test_a_folder_behind_a_link_is_the_folder_itself(folder: Folder, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder.path)
    assert Folder("link", link).source("visits.csv") == folder.path / "visits.csv"


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"Folder “exports”: The folder cannot be read"):
        Folder("Folder “exports”", tmp_path / "gone").names()
