"""Laws of tables: encoding is a bijection, storing loses nothing, content names the table."""

from __future__ import annotations

import string

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_core.errors import TableError, UnknownColumn, UnknownLevel
from causal_core.tables.encoding import decode, encode
from causal_core.tables.schema import Kind, Variable
from causal_core.tables.table import Finding, Table

LAWS = settings(max_examples=120)
NAMES = st.text(min_size=1, max_size=12).filter(
    lambda s: s == s.encode("utf-8", "replace").decode()
)
WORDS = st.text(alphabet=string.printable + "äµ\u202e", max_size=6)
COLUMNS = st.sampled_from(["float", "int", "bool", "word", "ordered"])


def column(draw: st.DrawFn, rows: int) -> object:
    """A column of one type with gaps."""
    what = draw(COLUMNS)
    if what == "float":
        return draw(_cells(st.floats(allow_nan=False, allow_infinity=False), rows))
    if what == "int":
        numbers = draw(_cells(st.integers(-(2**53), 2**53), rows))
        return pd.array(numbers, dtype="Int64")
    if what == "bool":
        return pd.array(draw(_cells(st.booleans(), rows)), dtype="boolean")
    words = draw(_cells(WORDS, rows))
    if what == "word":
        return np.array(words, dtype=object)
    return pd.Categorical(words, sorted({w for w in words if w is not None}), ordered=True)


def _cells(cells: st.SearchStrategy[object], rows: int) -> st.SearchStrategy[list[object]]:
    return st.lists(st.one_of(cells, st.none()), min_size=rows, max_size=rows)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Tables of every kind of column, with gaps and hostile names."""
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    rows = draw(st.integers(1, 8))
    return Table.from_frame(pd.DataFrame({name: column(draw, rows) for name in names}))


@LAWS
@given(tables())
def test_encode_inverts_decode(table: Table) -> None:
    codes = encode(table.frame, table.variables)
    assert np.array_equal(codes, table.codes, equal_nan=True)
    pd.testing.assert_frame_equal(decode(codes, table.variables), table.frame)


@LAWS
@given(tables())
def test_storing_loses_nothing(table: Table) -> None:
    back = Table.from_bytes(table.to_bytes())
    pd.testing.assert_frame_equal(back.frame, table.frame)
    assert (back.digest, back.findings, back.name) == (table.digest, table.findings, table.name)
    assert repr(back.variables) == repr(table.variables)


@LAWS
@given(tables())
def test_a_frame_infers_to_itself(table: Table) -> None:
    kinds = {variable.name: variable.kind for variable in table.variables}
    again = Table.from_frame(table.frame, kinds)
    assert np.array_equal(again.codes, table.codes, equal_nan=True)
    for index, (new, old) in enumerate(zip(again.variables, table.variables)):
        if not np.isnan(table.codes[:, index]).all():  # cells tell the levels
            assert repr(new) == repr(old)


@LAWS
@given(tables())
def test_codes_are_what_the_schema_says(table: Table) -> None:
    for index, variable in enumerate(table.variables):
        for row, value in enumerate(table[variable.name].tolist()):
            if not pd.isna(value):
                assert variable.code(value) == table.codes[row, index]


def test_the_digest_names_the_content() -> None:
    frame = pd.DataFrame({"x": [1.5, 2.5, np.nan], "y": ["a", "b", "a"]})
    table = Table.from_frame(frame)
    assert table.digest == Table.from_frame(frame.copy(), name="other").digest
    assert table == Table.from_frame(frame)
    assert hash(table) == hash(Table.from_frame(frame))
    changed = frame.assign(x=[1.5, 2.5, 3.5])
    others = [
        Table.from_frame(changed),
        Table.from_frame(frame.rename(columns={"x": "z"})),
        Table.from_frame(frame, units={"x": "mg"}),
        table.with_kind("y", "ordinal"),
        table.select(["y", "x"]),
    ]
    assert len({table.digest, *(other.digest for other in others)}) == 6


def test_the_digest_is_the_same_in_every_process() -> None:
    frame = pd.DataFrame({"x": [1.5, -0.0, np.nan], "y": ["a", "b", "a"]})
    assert (
        Table.from_frame(frame).digest
        == "03b7d2945b7c421ea842cbd4b7e0e0d7c372ba3f838ec1097bb5f5b2bcb80f29"
    )


def test_findings_and_name_survive_storing() -> None:
    note = Finding("sentinel", "x", "-999 is read as a missing cell.", 3, "sentinel:x")
    table = Table.from_frame(pd.DataFrame({"x": [1.5, 2.5, 3.5]}), name="visits", findings=[note])
    back = Table.from_bytes(table.to_bytes())
    assert back.findings == (note,)
    assert back.name == "visits"


@pytest.mark.parametrize("stored", [b"", b"PAR1", b"nonsense" * 50])
def test_what_is_no_stored_table(stored: bytes) -> None:
    with pytest.raises(TableError, match="cannot be read back"):
        Table.from_bytes(stored)


DOSE = Variable("dose", Kind.CONTINUOUS)
COUNT = Variable("count", Kind.INTEGER)
SEX = Variable("sex", Kind.BINARY, ("f", "m"))
GRADE = Variable("grade", Kind.ORDINAL, (1, 2, 3))


def test_encode_takes_what_people_give() -> None:
    frame = pd.DataFrame(
        {"grade": ["1", "3", None], "dose": ["1.5", "2", None], "sex": ["m", "f", "m"]}
    )
    codes = encode(frame, (DOSE, SEX, GRADE))
    assert np.array_equal(codes, [[1.5, 1, 0], [2, 0, 2], [np.nan, 1, np.nan]], equal_nan=True)


def test_decode_rounds_integers_and_keeps_gaps() -> None:
    frame = decode(np.array([[1.4, 2.6], [np.nan, 3.2]]), (DOSE, COUNT))
    assert frame["count"].tolist() == [3, 3]
    assert frame["count"].dtype == np.int64
    assert decode(np.array([[np.nan], [1.6]]), (COUNT,))["count"].tolist()[1] == 2.0


def test_encode_says_what_is_wrong() -> None:
    with pytest.raises(UnknownLevel, match="“sex” has no level “x”"):
        encode(pd.DataFrame({"sex": ["f", "x"]}), (SEX,))
    with pytest.raises(UnknownColumn, match="no column “sex”"):
        encode(pd.DataFrame({"sexe": ["f"]}), (SEX,))
    with pytest.raises(TableError, match="infinite"):
        encode(pd.DataFrame({"dose": [np.inf]}), (DOSE,))
    with pytest.raises(TableError, match="holds text"):
        encode(pd.DataFrame({"dose": ["much"]}), (DOSE,))
    with pytest.raises(TableError, match="Two columns"):
        encode(pd.DataFrame([[1, 2]], columns=["dose", "dose"]), (DOSE,))


def test_a_million_rows_do_not_take_a_loop_over_cells() -> None:
    import time

    rng = np.random.default_rng(0)
    rows = 300_000
    frame = pd.DataFrame({f"x{i}": rng.normal(size=rows) for i in range(8)})
    frame["n"] = rng.integers(0, 50, rows)
    frame["t"] = rng.choice(["a", "b", "c"], rows)
    started = time.process_time()
    table = Table.from_frame(frame)
    encode(table.frame, table.variables)
    assert time.process_time() - started < 3.0
