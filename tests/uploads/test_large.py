"""A Parquet file above the limit of an upload: an even sample, told while it is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from causal_core.errors import LimitError, TableError
from causal_core.tables.readers import read_table
from causal_core.tables.reading.large import read_large

_ROWS = 50_000


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RUNGS_UPLOAD_BYTES", "1000")
    monkeypatch.setenv("RUNGS_SAMPLE_ROWS", "5000")
    path = tmp_path / "visits [1]*.parquet"  # signs that DuckDB would expand
    place = np.arange(_ROWS)
    columns = {"place": place / 2, "sex": pa.array(np.where(place % 2, "m", "f"))}
    pq.write_table(pa.table(columns), path, row_group_size=4096)
    return path


def test_a_large_parquet_file_is_sampled_evenly(large: Path) -> None:
    table = read_table(large)
    assert table.findings[0].message == "A sample of 5,000 of 50,000 rows, seed 0."
    assert (table.name, table.columns) == ("visits [1]*", ("place", "sex"))
    place = table["place"].to_numpy() * 2
    assert (np.diff(place) > 0).all()  # each row once, in the order of the file
    assert table["sex"].tolist() == ["m" if odd else "f" for odd in place % 2]
    # 10 tenths of 500 expected rows, each binomial with a deviation of 21: five of them
    assert (np.abs(np.histogram(place, 10, (0, _ROWS))[0] - 500) < 105).all()
    assert read_table(large).digest == table.digest


def test_all_rows_are_taken_where_they_are_few(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGS_SAMPLE_ROWS", "60000")
    table = read_table(large)
    assert len(table) == _ROWS
    assert table.findings == ()


def test_how_many_rows_are_read_is_told(large: Path) -> None:
    told: list[tuple[int, int]] = []
    read_large(_plain(large), "visits.parquet", (), lambda *rows: told.append(rows))
    assert told == sorted(told)
    assert len(told) >= 2
    assert 0 < told[0][0] < 0.6 * _ROWS
    assert 0.99 * _ROWS < told[-1][0] <= _ROWS
    assert {rows for _, rows in told} == {_ROWS}


def test_who_waits_for_a_table_hears_how_far_it_is(large: Path) -> None:
    told: list[tuple[int, int]] = []
    read_table(large, on_progress=lambda *rows: told.append(rows))
    assert told == sorted(told)
    assert 0.99 * _ROWS < told[-1][0] <= _ROWS


def test_too_many_columns_and_a_damaged_file_are_refused(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("RUNGS_COLUMNS", "1")
        with pytest.raises(LimitError, match="2 columns; at most 1"):
            read_table(large)
    content = bytearray(large.read_bytes())
    content[4:20_000] = bytes(19_996)
    large.write_bytes(content)
    with pytest.raises(TableError, match="damaged"):
        read_table(large)


def test_a_large_file_of_another_kind_is_refused(large: Path) -> None:
    large.write_bytes(b"a,b\n" + b"1,2\n" * 1000)
    with pytest.raises(LimitError, match="larger than"):
        read_table(large)


def _plain(path: Path) -> Path:
    return path.rename(path.with_name("visits.parquet"))
