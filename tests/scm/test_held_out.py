"""Graphs compared on rows set aside: the true one wins, equals tie, and time is kept."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from causal_core.graphs.graph import CausalGraph
from causal_core.scm.held_out import held_out
from causal_core.scm.training import fit
from causal_core.tables.table import Table

CHAIN, BACK = (CausalGraph.parse(text) for text in ("a -> b -> c", "c -> b -> a"))
EMPTY = CausalGraph(("a", "b", "c"))


@pytest.fixture(scope="module")
def table() -> Table:
    rng = np.random.default_rng(0)
    frame = {"a": rng.normal(size=800)}
    for cause, effect in pairwise("abc"):
        frame[effect] = frame[cause] + rng.normal(size=800)
    return Table.from_frame(pd.DataFrame(frame))


def test_the_true_graph_is_told_from_one_that_is_not_and_not_from_its_equal(table: Table) -> None:
    chain, back, empty = held_out(table, [CHAIN, BACK, EMPTY])
    assert chain
    assert back
    assert empty
    assert empty.clear
    # Entropy of normal noise, ½ log 2πe a column, and what a and b say: ½ log 2 and ½ log 3/2.
    truth = -1.5 * np.log(2 * np.pi * np.e)
    assert chain.mean == pytest.approx(truth, abs=0.15)  # 240 rows: sd of the mean 0.08
    # I(a; b) + I(b; c) = ½ log 2 + ½ log 3, the chain's mutual informations.
    gap = 0.5 * np.log(2) + 0.5 * np.log(3)
    assert empty.behind == pytest.approx(gap, abs=5 * empty.error)
    assert min(chain.behind, back.behind) == 0
    assert not chain.clear
    assert not back.clear
    assert chain.rows == 240


def test_it_is_the_likelihood_of_the_whole_model(table: Table) -> None:
    """Equation by equation it is what one fit on the same rows gives."""
    model = fit(table, CHAIN, members=1, max_epochs=0)
    parts = model.log_prob_by_column(table.frame)
    assert set(parts) == {"a", "b", "c"}
    assert np.allclose(sum(parts.values()), model.log_prob(table.frame))


def test_the_same_seed_sets_the_same_rows_aside(table: Table) -> None:
    one, again, other = (held_out(table, [CHAIN], seed)[0] for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_levels_and_holes_are_no_error() -> None:
    rng = np.random.default_rng(1)
    x = rng.integers(0, 3, size=300)
    y = np.where(rng.random(300) < 0.8, x, rng.integers(0, 3, size=300))
    frame = pd.DataFrame({"x": [f"L{i}" for i in x], "y": [f"L{i}" for i in y]})
    frame.loc[::7, "x"] = None
    table = Table.from_frame(frame)
    joined, apart = held_out(table, [CausalGraph.parse("x -> y"), CausalGraph(("x", "y"))])
    assert joined
    assert apart
    assert joined.behind == 0
    assert apart.clear


def test_when_time_is_up_the_rest_is_left(table: Table) -> None:
    assert held_out(table, [CHAIN, BACK], seconds=-1.0) == (None, None)
