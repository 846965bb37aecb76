"""A table read from a database by its address: three kinds, only for reading, no password shown."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa

from causal_core.errors import TableError
from causal_core.tables.readers import read_table
from causal_core.tables.reading.database import read_database
from tests.studies.postgres import Cluster

_ODD = 'vi"sits; DROP TABLE x --'


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    path = tmp_path / "clinic.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE visits (dose REAL, sex TEXT)")
        rows = [(i / 2, "fm"[i % 2]) for i in range(40)]
        connection.executemany("INSERT INTO visits VALUES (?, ?)", rows)
    return path


def _add_odd(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute('CREATE TABLE "vi""sits; DROP TABLE x --" AS SELECT * FROM visits')


def test_the_only_table_needs_no_name(clinic: Path) -> None:
    before = clinic.read_bytes()
    table = read_table(f"sqlite:///{clinic}")
    assert (table.name, table.columns, len(table)) == ("visits", ("dose", "sex"), 40)
    assert table["dose"].tolist() == [i / 2 for i in range(40)]
    assert table.findings == ()
    assert clinic.read_bytes() == before


def test_several_tables_are_named(clinic: Path) -> None:
    _add_odd(clinic)
    with pytest.raises(TableError, match=r"several tables: .*DROP.*“visits”"):
        read_database(f"sqlite:///{clinic}")
    with pytest.raises(TableError, match="no table of that name"):
        read_database(f"sqlite:///{clinic}?table=patients")


def test_a_hostile_name_is_only_a_name(clinic: Path) -> None:
    _add_odd(clinic)
    odd = read_database(f"sqlite:///{clinic}?table=vi%22sits%3B+DROP+TABLE+x+--")
    assert odd["sex"].tolist() == read_database(f"sqlite:///{clinic}?table=visits")["sex"].tolist()
    assert odd.name == _ODD


def test_duckdb_gives_the_same_table(clinic: Path, tmp_path: Path) -> None:
    expected = read_database(f"sqlite:///{clinic}")
    path = tmp_path / "clinic.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE visits (dose DOUBLE, sex VARCHAR)")
        rows = [(i / 2, "fm"[i % 2]) for i in range(40)]
        connection.executemany("INSERT INTO visits VALUES (?, ?)", rows)
    assert read_database(f"duckdb:///{path}?table=visits").digest == expected.digest


def test_more_rows_than_allowed_are_sampled(clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNGS_ROWS", "30")
    first, second = (read_database(f"sqlite:///{clinic}") for _ in range(2))
    assert first.digest == second.digest
    assert len(first) == 30
    assert first.findings[0].message == "A sample of 30 of 40 rows, seed 0."


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ann:hidden77@127.0.0.1:1/base?table=visits",
        "postgresql://ann:hid/den77@host:x/base",
        "postgresql://ann:x@127.0.0.1:1/base?password=hidden77",
        "mysql://ann:hidden77@host/base",
        "sqlite:////nowhere/hidden77.db",
    ],
)
def test_no_error_shows_a_password(address: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(TableError) as caught:
        read_table(address)
    shown = f"{caught.value}{caught.value.what}{caught.value.remedy}{caplog.text}"
    assert "den77" not in shown


@pytest.mark.parametrize("path", ["/nowhere/clinic.db", "/nowhere/%00.db", "/" + "x" * 300])
def test_a_path_without_a_file_is_said(path: str) -> None:
    with pytest.raises(TableError, match="no database file"):
        read_database(f"sqlite:///{path}")


def test_postgresql_gives_the_same_table(clinic: Path, postgres: Cluster) -> None:
    with postgres.database() as url:
        engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE visits (dose float8, sex text)"))
            add = sa.text("INSERT INTO visits VALUES (:dose, :sex)")
            rows = [{"dose": i / 2, "sex": "fm"[i % 2]} for i in range(40)]
            connection.execute(add, rows)
        engine.dispose()
        table = read_database(f"{url}&table=visits")
    assert table.digest == read_database(f"sqlite:///{clinic}").digest
