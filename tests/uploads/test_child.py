"""`read_table` itself: the child process, its limits, and what it accepts as a source."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pytest

from causal_core.errors import LimitError, TableError
from causal_core.tables.readers import read_table
from tests.uploads.binary_cases import Hostile, pickle, xlsx, zeros
from tests.uploads.text_cases import PLAIN


def test_path_bytes_and_file_give_the_same_table(tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_bytes(PLAIN)
    tables = [
        read_table(path),
        read_table(str(path)),
        read_table(PLAIN),
        read_table(path.open("rb")),
    ]
    assert len({table.digest for table in tables}) == 1
    assert tables[0].name == "visits"
    assert read_table(io.BytesIO(PLAIN), "study.csv").name == "study"


def test_undo_reaches_the_child() -> None:
    data = b"v,k\n12,p\n-999,q\n15,p\n"
    assert read_table(data)["v"].isna().sum() == 1
    assert read_table(data, undo=["sentinel:v"])["v"].tolist() == [12, -999, 15]


def test_errors_come_back_with_their_class() -> None:
    with pytest.raises(TableError, match="Line 3"):
        read_table(b"a,b\n1,2\n3,4,5\n6,7\n")


def test_a_workbook_is_read() -> None:
    assert read_table(xlsx([["a", "b"], [1, 2], [3, 5], [4, 7]])).columns == ("a", "b")


def test_a_pickle_is_never_run() -> None:
    with pytest.raises(TableError, match="pickle"):
        read_table(pickle.dumps(Hostile()))


def test_an_upload_over_the_limit_is_not_even_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNGS_UPLOAD_BYTES", "10")
    with pytest.raises(LimitError, match="larger than"):
        read_table(PLAIN)
    with pytest.raises(LimitError, match="larger than"):
        read_table(io.BytesIO(PLAIN))


def test_a_bomb_is_stopped_while_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNGS_UNPACKED_BYTES", str(50 * 2**20))
    with pytest.raises(LimitError, match="Unpacked"):
        read_table(zeros(200 * 2**20))


def test_a_child_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNGS_READ_SECONDS", "0")
    started = time.monotonic()
    with pytest.raises(LimitError, match="seconds"):
        read_table(PLAIN)
    assert time.monotonic() - started < 10


def test_a_child_that_takes_too_much_memory_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNGS_READ_MEMORY", str(700 * 2**20))
    wide = b"a,b\n" + b"1.5,some text that is long enough to matter\n2.5,x\n" * 3_000_000
    monkeypatch.setenv("RUNGS_ROWS", "10000000")
    with pytest.raises(LimitError, match="memory"):
        read_table(wide)


@pytest.mark.parametrize("source", ["nowhere.csv", "a\x00b", "/", ""])
def test_a_path_that_is_no_file(source: str) -> None:
    with pytest.raises(TableError, match="no file"):
        read_table(source)


def test_a_file_opened_as_text_is_refused() -> None:
    with pytest.raises(TableError, match="binary mode"):
        read_table(io.StringIO("a,b\n1,2\n"))  # type: ignore[arg-type]


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    read_table(PLAIN)
    with pytest.raises(TableError):
        read_table(b"\x89PNG\r\n\x1a\n")
    assert os.listdir(tmp_path) == []


def test_the_child_works_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(read_table(PLAIN)) == 3
