"""Exported CSV: no cell is a formula, and what is no text stays as it was."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest

from causal_core.tables.export import to_csv
from tests.hostile import NAMES

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


def test_sixty_hostile_names_are_no_formula_and_stay_readable() -> None:
    frame = pd.DataFrame({name: [name, "plain"] for name in NAMES})
    text = io.StringIO(to_csv(frame).decode("utf-8-sig"), newline="")
    header, cells, _ = csv.reader(text)
    for back in (header, cells):
        assert not [cell for cell in back if cell.lstrip().startswith(("=", "+", "-", "@", "＝"))]
        assert not [cell for cell in back if cell.startswith(("\t", "\r", "\n"))]
        assert [cell.removeprefix("'") for cell in back] == [n.removeprefix("'") for n in NAMES]
