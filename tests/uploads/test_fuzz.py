"""Whatever the bytes are, they become a table or a sentence, never a traceback."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from causal_core.errors import RungsError
from causal_core.tables.reading.parse import parse
from causal_core.tables.table import Table
from tests.uploads.binary_cases import BOOK, FRAME, parquet
from tests.uploads.text_cases import PLAIN

QUIET = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
CELLS = st.one_of(
    st.text(max_size=8),
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(
        [
            "",
            "NA",
            "-999",
            "1,5",
            "1.234,5",
            "$5",
            "5%",
            "007",
            "inf",
            "=1",
            '"',
            "total",
            "a;b",
            "2024-01-31",
            "31.12.2024",
            "1 234",
            "(5)",
            "true",
            "\n",
            "-",
            "٣",
            "²",
            "１２",
            "1_000",
        ]
    ),
)


def survives(data: bytes) -> None:
    """`data` is a table that can be stored, or an error with a remedy."""
    try:
        table = parse(data, "x.csv")
    except RungsError as refusal:
        table = refusal
    if isinstance(table, RungsError):
        assert table.what
        assert table.remedy
    else:
        assert Table.from_bytes(table.to_bytes()) == table


@QUIET
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    survives(data)


@QUIET
@given(st.text(alphabet='ab1,;.\t"\n\r -$%NA\x00é', max_size=120))
def test_any_text(text: str) -> None:
    survives(text.encode())


@QUIET
@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=8),
    st.sampled_from(",;\t|"),
)
def test_any_cells(rows: list[list[str]], delimiter: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    survives(out.getvalue().encode("utf-8", "replace"))


@QUIET
@given(
    st.sampled_from([PLAIN, BOOK, parquet(FRAME)]),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_a_damaged_file(data: bytes, changes: list[tuple[int, int]]) -> None:
    damaged = bytearray(data)
    for place, byte in changes:
        damaged[place % len(damaged)] = byte
    survives(bytes(damaged))


@QUIET
@given(
    st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 3)), min_size=4, max_size=30),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_numbers_come_back_exactly(numbers: list[float], delimiter: str) -> None:
    frame = pd.DataFrame({"x": numbers, "k": list(range(len(numbers)))})
    table = parse(
        frame.to_csv(index=False, sep=delimiter).encode(), "x.csv", {"sentinel:x", "sentinel:k"}
    )
    assert np.array_equal(table["x"].to_numpy(dtype=float), np.array(numbers))
