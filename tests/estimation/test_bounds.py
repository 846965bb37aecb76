"""Bounds: the published ones, and what must hold of any."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_core.errors import GraphError, QuestionError
from causal_core.estimation.balke_pearl import Types
from causal_core.estimation.bounds import Bounds, BoundsMethod, bounds
from causal_core.graphs.graph import CausalGraph
from causal_core.tables.table import Table

IV = CausalGraph.parse("dag { z -> x; x -> y; x <-> y }")
BOW = CausalGraph.parse("dag { x -> y; x <-> y }")
# Lipid Research Clinics trial, counts of (assigned, took, cholesterol fell): Balke & Pearl 1997
LIPID = {
    (0, 0, 0): 158, (0, 0, 1): 14, (1, 0, 0): 52, (1, 0, 1): 12, (1, 1, 0): 23, (1, 1, 1): 78,
}  # fmt: skip


def counted(counts: dict[tuple[int, ...], int], names: str = "zxy") -> Table:
    rows = [cell for cell, count in counts.items() for _ in range(count)]
    return Table.from_frame(pd.DataFrame(rows, columns=list(names)))


class TestCholestyramine:
    """Balke & Pearl (1997), section 4: the average effect lies between 0.392 and 0.780."""

    def test_the_published_probabilities(self) -> None:
        observed = np.array([[[0.919, 0.081], [0, 0]], [[0.315, 0.073], [0.139, 0.473]]])
        types, scores = Types.of(2, 2, 2), np.array([0.0, 1.0])
        low, high, misfit = types.ends(
            observed[None], types.mean(1, scores) - types.mean(0, scores)
        )
        assert (low[0], high[0]) == pytest.approx((0.392, 0.780), abs=1e-9)
        assert misfit[0] == 0

    def test_from_the_rows(self) -> None:
        found = bounds(counted(LIPID), IV, "x", "y")
        assert (found.low, found.high) == pytest.approx((0.392, 0.780), abs=0.001)
        assert found.method is BoundsMethod.BALKE_PEARL
        assert found.instrument == "z"
        assert found.interval[0] < found.low < found.high < found.interval[1]
        assert found.sentence == (
            "With “z” as the instrument, the effect of “x” = 1 instead of 0 on the chance of “y” "
            "= 1 lies between 0.391 and 0.779: it raises it."
        )
        low, high = found.arms[1].low - found.arms[0].high, found.arms[1].high - found.arms[0].low
        assert low <= found.low + 1e-9
        assert found.high <= high + 1e-9

    def test_the_natural_bounds_are_wider(self) -> None:
        wide, sharp = (bounds(counted(LIPID), graph, "x", "y") for graph in (BOW, IV))
        assert wide.method is BoundsMethod.NATURAL
        assert wide.high - wide.low == pytest.approx(1.0)
        assert wide.low <= sharp.low <= sharp.high <= wide.high


@st.composite
def worlds(draw: st.DrawFn) -> tuple[tuple[int, int, int], np.ndarray]:
    """Numbers of levels and shares of every type of unit: a world with an instrument."""
    levels = (draw(st.integers(2, 3)), draw(st.integers(2, 3)), draw(st.integers(2, 3)))
    weights = st.floats(0, 1, allow_subnormal=False)
    count = Types.count(*levels)
    if count > 250:
        levels, count = (2, 2, 3), Types.count(2, 2, 3)
    raw = np.array(draw(st.lists(weights, min_size=count, max_size=count))) ** 4 + 1e-9
    return levels, raw / raw.sum()


@settings(max_examples=40)
@given(worlds())
def test_bounds_hold_the_truth(world: tuple[tuple[int, int, int], np.ndarray]) -> None:
    levels, shares = world
    types = Types.of(*levels)
    observed = (types.cells @ shares).reshape(levels)
    scores = np.arange(levels[2], dtype=float)
    effect = types.mean(1, scores) - types.mean(0, scores)
    low, high, misfit = types.ends(observed[None], effect)
    assert misfit[0] == 0
    assert low[0] - 1e-6 <= effect @ shares <= high[0] + 1e-6  # the solver's tolerance
    # Manski's bounds at each level of the instrument hold them, too.
    top = scores[-1]
    for seen in observed:
        arms = [seen[a] @ scores for a in (0, 1)]
        rest = [top * (1 - seen[a].sum()) for a in (0, 1)]
        assert low[0] >= arms[1] - arms[0] - rest[0] - 1e-6
        assert high[0] <= arms[1] + rest[1] - arms[0] + 1e-6


@settings(max_examples=40)
@given(st.lists(st.integers(1, 40), min_size=4, max_size=4))
def test_without_an_instrument_a_binary_treatment_leaves_a_width_of_one(counts: list[int]) -> None:
    cells = dict(zip(itertools.product((0, 1), repeat=2), counts, strict=True))
    found = bounds(counted(cells, "xy"), BOW, "x", "y")
    assert found.high - found.low == pytest.approx(1)
    assert found.low <= 0 <= found.high


def test_a_numeric_outcome_is_bounded_by_its_range() -> None:
    frame = pd.DataFrame({"x": ["a", "a", "b", "b"], "y": [1.5, 2.0, 3.0, 4.5]})
    table = Table.from_frame(frame, kinds={"y": "continuous"}, units={"y": "kg"})
    found = bounds(table, BOW, "x", "y", ("a", "b"))
    # By hand: E[y | do(b)] in [(7.5 + 2 · 1.5) / 4, (7.5 + 2 · 4.5) / 4], and for a likewise.
    assert [tuple(arm) for arm in found.arms] == [("a", 1.625, 3.125), ("b", 2.625, 4.125)]
    assert (found.low, found.high) == pytest.approx((-0.5, 2.5))
    assert found.unit == "kg"
    assert "between 1.50 kg and 4.50 kg, the range that was seen" in found.notes[0]
    given_span = bounds(table, BOW, "x", "y", ("a", "b"), span=(0.0, 10.0))
    assert given_span.high - given_span.low == pytest.approx(10.0)
    with pytest.raises(QuestionError, match="outside"):
        bounds(table, BOW, "x", "y", ("a", "b"), span=(2.0, 10.0))


def test_rows_can_contradict_an_instrument() -> None:
    """With z = 0 nobody took x and all had y; with z = 1 nobody took x and none had y."""
    table = counted({(0, 0, 1): 200, (1, 0, 0): 200, (1, 1, 0): 5})
    found = bounds(table, IV, "x", "y")
    assert found.method is BoundsMethod.NATURAL
    assert any("contradict “z” as an instrument" in note for note in found.notes)


def test_too_many_values_leave_the_instrument_out() -> None:
    rng = np.random.default_rng(0)
    z = rng.integers(0, 20, 400).astype(str)
    frame = pd.DataFrame({"z": z, "x": rng.integers(0, 2, 400), "y": rng.integers(0, 2, 400)})
    found = bounds(Table.from_frame(frame), IV, "x", "y")
    assert found.method is BoundsMethod.NATURAL
    assert any("too many values" in note for note in found.notes)


@pytest.mark.parametrize("text", [
    "dag { z -> x; z -> y; x -> y; x <-> y }",  # acts on y by itself
    "dag { z -> x; x -> y; x <-> y; z <-> y }",  # shares a cause with y
    "dag { x -> z; x -> y; x <-> y }",  # an effect of x
    "dag { x -> z; x -> y }",  # an effect of x, which straight lines could use
    "dag { z -> x; x -> y; x <-> y; y -> s; s [selected] }",  # rows chosen by the outcome
])  # fmt: skip
def test_what_is_no_instrument_is_not_used(text: str) -> None:
    assert bounds(counted(LIPID), CausalGraph.parse(text), "x", "y").instrument is None


def test_what_the_graph_or_the_rows_lack_is_refused() -> None:
    with pytest.raises(GraphError, match="no node “y”"):
        bounds(counted(LIPID), CausalGraph.parse("dag { z -> x }"), "x", "y")
    frame = pd.DataFrame({"x": pd.Categorical(["a", "a"], ["a", "b"]), "y": [0, 1]})
    with pytest.raises(QuestionError, match="No row has “x” = b"):
        bounds(Table.from_frame(frame), BOW, "x", "y", ("a", "b"))


def test_a_continuous_treatment_is_refused() -> None:
    frame = pd.DataFrame({"x": np.linspace(0, 1, 50), "y": [0, 1] * 25})
    with pytest.raises(QuestionError, match="“x” is continuous"):
        bounds(Table.from_frame(frame), BOW, "x", "y")


def test_the_interval_covers_the_bounds_about_as_often_as_it_says() -> None:
    """Tables drawn from the trial's own shares: both ends in 90 % of them, give or take."""
    rng = np.random.default_rng(5)
    cells, counts = list(LIPID), np.array(list(LIPID.values()))
    found: list[Bounds] = []
    for _ in range(10):
        drawn = rng.multinomial(counts.sum(), counts / counts.sum())
        table = counted(dict(zip(cells, drawn.tolist(), strict=True)))
        found.append(bounds(table, IV, "x", "y"))
    held = [f.interval[0] <= 0.3913 and f.interval[1] >= 0.7793 for f in found]
    assert np.mean(held) > 0.5  # 0.9 less four standard errors of a share of ten
