"""Bounds of every level at once, and which rows are in which arm."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from causal_core.errors import QuestionError
from causal_core.estimation.level_bounds import level_bounds
from causal_core.estimation.membership import membership
from causal_core.graphs.graph import CausalGraph
from causal_core.tables.table import Table

BOW = CausalGraph.parse("dag { x -> y; x <-> y }")


@pytest.fixture(scope="module")
def table() -> Table:
    rng = np.random.default_rng(0)
    x = rng.choice(["a", "b", "c"], 300, p=[0.5, 0.3, 0.2])
    y = np.where(rng.random(300) < 0.4, "yes", "no")
    z = np.where(rng.random(300) < 0.1, np.nan, rng.normal(size=300))
    return Table.from_frame(pd.DataFrame({"x": x, "y": y, "z": z, "w": rng.normal(size=300)}))


def test_each_level_is_bounded_by_its_own_rows(table: Table) -> None:
    """Manski (1990): P(y, x = v) ≤ P(y | do(v)) ≤ P(y, x = v) + P(x ≠ v)."""
    found = level_bounds(table, BOW, "x", "y", "yes")
    frame = table.frame
    assert [arm.value for arm in found] == ["a", "b", "c"]
    for arm in found:
        mine = frame["x"] == arm.value
        both = (mine & (frame["y"] == "yes")).mean()
        assert arm.low == pytest.approx(both)
        assert arm.high == pytest.approx(both + 1 - mine.mean())


def test_a_number_has_no_levels_to_bound(table: Table) -> None:
    with pytest.raises(QuestionError, match="no levels"):
        level_bounds(table, CausalGraph.parse("dag { w -> y; w <-> y }"), "w", "y", "yes")


def test_membership_speaks_of_the_complete_rows(table: Table) -> None:
    arm = membership(table, "x", "y", ("a", "c"), ["z"])
    kept = table.frame.dropna(subset=["z"])
    assert len(arm) == len(kept)
    assert list(arm == 0) == list(kept["x"] == "a")
    assert list(arm == 1) == list(kept["x"] == "c")
    assert list(arm == -1) == list(kept["x"] == "b")
