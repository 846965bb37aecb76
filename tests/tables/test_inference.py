"""Which kind a column is, its normal form, and how it turns into another kind."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from causal_core.errors import LimitError, TableError, UnknownColumn
from causal_core.tables.schema import Kind, Variable
from causal_core.tables.table import Table

KINDS = {
    "two numbers": ([0, 1, 1, 0], Kind.BINARY),
    "two fractions": ([0.5, 1.5, 0.5, 1.5], Kind.BINARY),
    "fractions": ([1.5, 2.0, 3.0, 4.0], Kind.CONTINUOUS),
    "counts": ([1, 2, 3, 1], Kind.INTEGER),
    "counts with gaps": ([1.0, 2.0, None, 3.0], Kind.INTEGER),
    "101 whole numbers": (list(range(101)), Kind.CONTINUOUS),
    "100 whole numbers": (list(range(100)), Kind.INTEGER),
    "two words": (["a", "b", "a", None], Kind.BINARY),
    "three words": (["a", "b", "c"], Kind.CATEGORICAL),
    "one word": (["a", "a", "a"], Kind.CATEGORICAL),
    "truth values": ([True, False, True], Kind.BINARY),
    "truth values with gaps": ([True, None, False], Kind.BINARY),
    "always true": ([True, True, True], Kind.BINARY),
    "nothing": ([None, None, None], Kind.CONTINUOUS),
    "dates": (pd.to_datetime(["2020-01-01", "2020-01-02", None]), Kind.CONTINUOUS),
    "two dates": (pd.to_datetime(["2020-01-01", "2020-01-02", "2020-01-01"]), Kind.CONTINUOUS),
    "ordered": (
        pd.Categorical(["lo", "hi", "mid"], ["lo", "mid", "hi"], ordered=True),
        Kind.ORDINAL,
    ),
    "nullable integers": (pd.array([1, None, 3, 4], dtype="Int64"), Kind.INTEGER),
    "nullable truth values": (pd.array([True, None, False], dtype="boolean"), Kind.BINARY),
    "mixed": ([1, "a", 2.5], Kind.CATEGORICAL),
}


@pytest.mark.parametrize("name", KINDS)
def test_inferred_kind(name: str) -> None:
    cells, expected = KINDS[name]
    assert Table.from_frame(pd.DataFrame({"x": cells})).variable("x").kind is expected


def test_normal_form() -> None:
    frame = Table.from_frame(
        pd.DataFrame(
            {
                "c": [1.5, None, 2.5],
                "i": [1, 2, 3],
                "im": [1, None, 3],
                "n": [4, 7, 4],
                "b": [True, False, True],
                "bm": pd.array([True, None, False], dtype="boolean"),
                "t": ["x", None, "y"],
                "o": pd.Categorical(["lo", "hi", "mid"], ["lo", "mid", "hi"], ordered=True),
            }
        ),
        {"im": "integer"},
    ).frame
    kinds = {"c": "f", "i": "i", "im": "f", "n": "i", "b": "b", "bm": "O"}
    assert {name: frame[name].dtype.kind for name in kinds} == kinds
    assert frame["bm"].tolist() == [True, None, False]
    assert isinstance(frame["t"].dtype, pd.CategoricalDtype)
    assert not frame["t"].cat.ordered
    assert frame["o"].cat.ordered
    assert frame["o"].cat.categories.tolist() == ["lo", "mid", "hi"]


def test_the_frame_is_a_copy() -> None:
    table = Table.from_frame(pd.DataFrame({"x": [1.5, 2.5, 3.5]}))
    frame = table.frame
    frame.loc[0, "x"] = 99.0
    assert table["x"].tolist() == [1.5, 2.5, 3.5]
    with pytest.raises(ValueError, match="read-only"):
        table.codes[0, 0] = 99.0


def test_range_and_unit() -> None:
    table = Table.from_frame(pd.DataFrame({"x": [1.5, -2.5, None]}), units={"x": "mg"})
    assert table.variable("x") == Variable("x", Kind.BINARY, (-2.5, 1.5), "mg")
    wide = table.with_kind("x", "continuous").variable("x")
    assert (wide.low, wide.high, wide.unit) == (-2.5, 1.5, "mg")


def test_dates_are_days() -> None:
    frame = pd.DataFrame(
        {"day": pd.to_datetime(["1970-01-02 00", "1969-12-31 00", "1970-01-01 12"])}
    )
    table = Table.from_frame(frame)
    assert table["day"].tolist() == [1.0, -1.0, 0.5]
    assert table.variable("day").unit == "days"
    assert [finding.code for finding in table.findings] == ["dates"]
    zoned = Table.from_frame(pd.DataFrame({"day": frame["day"].dt.tz_localize("Asia/Tokyo")}))
    assert zoned["day"].tolist() == [1 - 9 / 24, -1 - 9 / 24, 0.5 - 9 / 24]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ([1, 1, 1], "constant"),
        ([None, None], "all-missing"),
        ([f"id {i}" for i in range(20)], "identifier"),
        ([2**60, 2**60 + 1, 3], "big-id"),
    ],
)
def test_columns_that_need_a_word(cells: list[object], code: str) -> None:
    table = Table.from_frame(pd.DataFrame({"x": cells}))
    assert [finding.code for finding in table.findings] == [code]
    assert table.findings[0].column == "x"


def test_large_identifiers_keep_every_digit() -> None:
    table = Table.from_frame(pd.DataFrame({"id": [2**53 + 1, 2**53 + 2, 2**53 + 3]}))
    assert table["id"].tolist() == [str(2**53 + 1), str(2**53 + 2), str(2**53 + 3)]


@pytest.mark.parametrize("bad", [math.inf, -math.inf])
def test_infinite_numbers_are_refused(bad: float) -> None:
    with pytest.raises(TableError, match=r"“x”.*row 2.*Leave the cell empty"):
        Table.from_frame(pd.DataFrame({"x": [1.0, bad]}))


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(TableError, match=r"“x”.*Rename"):
        Table.from_frame(pd.DataFrame([[1, 2]], columns=["x", "x"]))


@pytest.mark.parametrize(
    "frame", [pd.DataFrame(), pd.DataFrame({"x": []}), pd.DataFrame(index=[1])]
)
def test_an_empty_frame_is_refused(frame: pd.DataFrame) -> None:
    with pytest.raises(TableError, match="empty"):
        Table.from_frame(frame)


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNGS_ROWS", "2")
    with pytest.raises(LimitError, match="3 rows"):
        Table.from_frame(pd.DataFrame({"x": [1, 2, 3]}))
    monkeypatch.setenv("RUNGS_COLUMNS", "1")
    with pytest.raises(LimitError, match="2 columns"):
        Table.from_frame(pd.DataFrame({"x": [1], "y": [2]}))


def test_unknown_names_and_kinds() -> None:
    frame = pd.DataFrame({"dose": [1, 2, 3]})
    with pytest.raises(UnknownColumn, match="Did you mean “dose”"):
        Table.from_frame(frame, {"dosis": "integer"})
    with pytest.raises(TableError, match="Choose one of: continuous"):
        Table.from_frame(frame, {"dose": "nominal"})
    with pytest.raises(UnknownColumn):
        Table.from_frame(frame)["x"]


class TestWithKind:
    table = Table.from_frame(
        pd.DataFrame(
            {
                "n": [1, 2, 3, None],
                "t": ["2", "10", None, "2"],
                "b": [True, False, True, None],
                "f": [1.5, 2.5, 3.5, 1.5],
                "w": ["lo", "hi", "mid", "lo"],
            }
        )
    )

    def test_numbers_as_levels_and_back(self) -> None:
        levels = self.table.with_kind("n", "ordinal")
        assert levels.variable("n").levels == (1, 2, 3)
        assert levels.with_kind("n", "integer") == self.table

    def test_text_as_numbers(self) -> None:
        numbers = self.table.with_kind("t", "continuous")["t"].tolist()
        assert numbers[:2] == [2.0, 10.0]
        assert math.isnan(numbers[2])

    def test_truth_values_as_numbers(self) -> None:
        assert self.table.with_kind("b", "integer")["b"].tolist()[:3] == [1, 0, 1]

    def test_order_of_levels(self) -> None:
        ordered = self.table.with_kind("w", "ordinal", ["lo", "mid", "hi"])
        assert ordered.variable("w").levels == ("lo", "mid", "hi")
        assert ordered["w"].tolist() == ["lo", "hi", "mid", "lo"]
        assert ordered.codes[:, 4].tolist() == [0, 2, 1, 0]

    def test_levels_given_as_text(self) -> None:
        table = self.table.with_kind("n", "ordinal", ["3", "2", "1"])
        assert table.variable("n").levels == (3, 2, 1)

    def test_levels_never_seen(self) -> None:
        assert self.table.with_kind("n", "ordinal", [0, 1, 2, 3]).variable("n").levels == (
            0,
            1,
            2,
            3,
        )

    @pytest.mark.parametrize(
        ("name", "kind", "levels", "says"),
        [
            ("w", "continuous", None, "“w” holds “hi”"),
            ("f", "integer", None, "1.5"),
            ("w", "binary", None, "3 levels"),
            ("w", "ordinal", ["lo", "hi"], "leaves out"),
            ("w", "ordinal", ["lo", "hi", "mid", "lo"], "twice"),
        ],
    )
    def test_what_cannot_be(
        self, name: str, kind: str, levels: list[object] | None, says: str
    ) -> None:
        with pytest.raises(TableError, match=says) as caught:
            self.table.with_kind(name, kind, levels)  # type: ignore[arg-type]
        assert caught.value.remedy


def test_select_keeps_kinds_and_findings() -> None:
    table = Table.from_frame(
        pd.DataFrame({"a": [1, 1, 1], "b": [1.5, 2.5, 3.5], "c": ["x", "y", "z"]})
    )
    part = table.select(["c", "a"])
    assert part.columns == ("c", "a")
    assert part.variables == (table.variable("c"), table.variable("a"))
    assert [finding.column for finding in part.findings] == ["a"]
    assert np.array_equal(part.codes, table.codes[:, [2, 0]])
