"""Which columns to leave out so that the others can be searched."""

from __future__ import annotations

import numpy as np
import pandas as pd

from causal_core.discovery.discover import discover
from causal_core.discovery.usable import unusable
from causal_core.tables.table import Table


def test_without_them_the_search_runs() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=200)
    frame = pd.DataFrame({"x": x, "y": x + rng.normal(size=200), "flat": 1.0})
    frame["who"] = [f"n{i}" for i in range(200)]
    frame["rare"] = np.where(np.arange(200) < 12, rng.normal(size=200), np.nan)
    table = Table.from_frame(frame, kinds={"who": "categorical"})
    found = unusable(table)
    assert set(found) == {"flat", "who", "rare"}
    assert "“rare” has 188 holes in 200 rows" in found["rare"]
    left = table.select([name for name in table.columns if name not in found])
    assert discover(left).graph.edges
    assert not unusable(left)


def test_a_table_with_too_few_rows_is_not_the_columns_fault() -> None:
    table = Table.from_frame(pd.DataFrame({"x": [1.5, 2.5, 4.0], "y": [1.0, 3.5, 2.0]}))
    assert not unusable(table)
