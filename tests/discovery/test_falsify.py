"""Shuffled names: true graphs beat them, random graphs do not, and symmetric ones say nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from causal_core.discovery.falsify import falsify
from causal_core.errors import GraphError, TableError
from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.tables.table import Table
from causal_core.views.critic_words import shuffled
from tests.discovery import worlds


def made(seed: int, rows: int = 1000) -> tuple[CausalGraph, Table]:
    rng = np.random.default_rng(seed)
    dag = worlds.graph(8, 2, rng)
    return worlds.named(dag), worlds.table(worlds.lines(dag, rows, rng))


@pytest.mark.parametrize("seed", range(5))
def test_the_true_graph_beats_its_shuffles(seed: int) -> None:
    graph, table = made(seed)
    found = falsify(table, graph, shuffles=100, seconds=30)
    assert found.shuffles == 100
    assert found.informative
    assert found.better_than_chance
    assert found.broken <= 0.2 * found.conditions  # 5 % on average, and tests hang together


def test_graphs_drawn_by_chance_do_as_well_as_their_shuffles() -> None:
    """A graph of its own is one shuffle among many: few should look better than 95 %."""
    _, table = made(0)
    lucky = 0
    for seed in range(20):
        other, _ = made(100 + seed, rows=2)
        found = falsify(table, other, shuffles=50, seconds=30)
        lucky += found.better_than_chance and found.informative
    assert lucky <= 4  # 5 % of 20 is 1; 5 or more would have a chance of 0.3 %


def test_all_shuffles_of_a_small_graph_are_tried() -> None:
    """Of six orders of a chain of three, two claim the same: itself and its reverse."""
    _, table = made(1)
    found = falsify(table, CausalGraph.parse("v0 -> v1 -> v2"))
    assert (found.shuffles, found.same) == (5, 1)


def test_a_graph_whose_shuffles_claim_the_same_cannot_be_falsified() -> None:
    _, table = made(1)
    found = falsify(table, CausalGraph(("v0", "v1", "v2")))
    assert found.same == found.shuffles == 5
    assert not found.informative
    assert "says nothing of this graph" in shuffled(found)


def test_unmeasured_causes_and_constant_columns_are_no_obstacle() -> None:
    graph, table = made(2)
    frame = table.frame.assign(v7=1.0)
    arc = graph.subgraph(graph.nodes[:7]).add(Edge("v0", "v1", "<->")).add("v7")
    found = falsify(Table.from_frame(frame), arc, shuffles=20, seconds=30)
    assert found.shuffles == 20


def test_time_is_kept() -> None:
    graph, table = made(3)
    found = falsify(table, graph, shuffles=10**6, seconds=0.0)
    assert found.shuffles == 0
    assert "too large" in shuffled(found)


def test_too_few_rows_and_open_edges_are_said() -> None:
    frame = pd.DataFrame({"a": [0.5, 1, 2], "b": [3, 4.5, 5], "c": [1.5, 2, 4]})
    with pytest.raises(TableError, match="Only 3 rows"):
        falsify(Table.from_frame(frame), CausalGraph.parse("a -> b -> c"))
    with pytest.raises(GraphError, match="Direct the open edges"):
        falsify(Table.from_frame(frame), CausalGraph(("a", "b"), (Edge("a", "b", "--"),)))
