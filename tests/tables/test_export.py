"""Exported CSV: no cell is a formula, and what is no text stays as it was."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from causal_core.tables.export import to_csv

FORMULAS = ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1+1"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_and_no_name_is_a_formula(formula: str) -> None:
    frame = pd.DataFrame({formula: pd.Categorical([formula, "plain"])})
    back = pd.read_csv(io.BytesIO(to_csv(frame)), dtype=str, keep_default_na=False)
    assert back.columns[0].startswith("'")
    assert back.iloc[0, 0].startswith("'")
    assert back.iloc[1, 0] == "plain"


def test_numbers_and_gaps_stay() -> None:
    frame = pd.DataFrame({"x": [-1.5, np.nan, 3.0], "n": [-1, 2, 3], "b": [True, None, False]})
    text = to_csv(frame).decode("utf-8-sig")
    assert text.split("\r\n") == ["x,n,b", "-1.5,-1,True", ",2,", "3.0,3,False", ""]


def test_text_is_quoted_where_it_must_be() -> None:
    frame = pd.DataFrame({"t": ["a,b", 'say "hi"', "Köln"]})
    back = pd.read_csv(io.BytesIO(to_csv(frame)))
    assert back["t"].tolist() == ["a,b", 'say "hi"', "Köln"]
