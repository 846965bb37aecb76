"""Corrections of columns survive a second reading of the file."""

from __future__ import annotations

import pandas as pd

from causal_core.tables.corrections import carried_over, with_unit
from causal_core.tables.schema import Kind
from causal_core.tables.table import Table

FRAME = pd.DataFrame({"stage": ["low", "high", "mid"] * 4, "age": [30, 41, 52] * 4})


def test_kind_order_and_unit_are_carried_over() -> None:
    read = Table.from_frame(FRAME)
    chosen = with_unit(read.with_kind("stage", "ordinal", ["low", "mid", "high"]), "age", "years")
    again = carried_over(chosen, read, Table.from_frame(FRAME.iloc[:9]))
    assert again.variable("stage").kind is Kind.ORDINAL
    assert again.variable("stage").levels == ("low", "mid", "high")
    assert again.variable("age").unit == "years"
    assert len(again) == 9


def test_what_the_reader_inferred_is_not_a_correction() -> None:
    read = Table.from_frame(FRAME)
    other = Table.from_frame(FRAME.assign(age=["a", "b", "c"] * 4))
    assert carried_over(read, read, other) == other


def test_a_correction_the_new_cells_cannot_have_is_left_out() -> None:
    read = Table.from_frame(FRAME)
    chosen = read.with_kind("age", "continuous")
    other = Table.from_frame(FRAME.assign(age=["a", "b", "c"] * 4))
    assert carried_over(chosen, read, other) == other
    assert carried_over(chosen, read, other.select(["stage"])).columns == ("stage",)
