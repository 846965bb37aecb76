"""A column at a glance says what is in it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from causal_core.tables.table import Table
from causal_core.views.columns import glances


def test_bars_are_shares_and_content_is_in_words() -> None:
    frame = pd.DataFrame(
        {
            "dose": [0.5, 1.5, 2.5, np.nan] * 25,
            "sex": ["f", "m", "m", None] * 25,
            "visits": [0, 1, 2, 9] * 25,
        }
    )
    dose, sex, visits = glances(Table.from_frame(frame, units={"dose": "mg"}))
    assert (dose.missing, dose.missing_share) == (25, 0.25)
    assert dose.content == "0.50 to 2.50 mg, half below 1.50"
    assert sex.content == "m 67 %, f 33 %"
    assert sex.bars == pytest.approx((1 / 3, 2 / 3))
    assert visits.content == "0 to 9, half below 2"
    for glance in (dose, sex, visits):
        assert sum(glance.bars) == pytest.approx(1)


def test_one_odd_cell_does_not_hide_the_rest() -> None:
    values = np.append(np.random.default_rng(0).normal(size=1000), 1e9)
    (glance,) = glances(Table.from_frame(pd.DataFrame({"x": values})))
    assert sum(bar > 0.01 for bar in glance.bars) > 8


def test_many_levels_are_cut_short_and_an_empty_column_is_said() -> None:
    letters = list("aaabbbccddefg")
    many, empty = glances(
        Table.from_frame(pd.DataFrame({"letter": letters, "none": [None] * len(letters)}))
    )
    assert many.content.endswith("and 3 more")
    assert empty.content == "no value at all"
    assert empty.bars == ()
