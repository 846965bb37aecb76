"""How often the 95 % interval of an estimate holds the truth, over 200 tables of one world.

Of 200 intervals that cover with 95 %, 180 to 198 do so with a chance of 99.8 %.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from causal_core.estimation.estimate import opinion
from causal_core.graphs.graph import CausalGraph
from causal_core.tables.table import Table
from tests.estimation.worlds import CONFOUNDED, NAPKIN, curved, napkin

TABLES, ROWS = 200, 1000
FORK = CausalGraph.parse("dag { z -> {x y}; x -> y }")
FRONT = CausalGraph.parse("dag { x -> m -> y; x <-> y }")
World = Callable[[int], tuple[Table, float]]


def numeric(seed: int) -> tuple[Table, float]:
    """A slope of 0.7 amid curved confounding."""
    rng = np.random.default_rng(seed)
    z = rng.normal(size=ROWS)
    x = np.sin(2 * z) + rng.normal(size=ROWS)
    y = 0.7 * x + z**2 + np.sin(2 * z) + rng.normal(size=ROWS) * (1 + 0.5 * np.abs(x))
    return Table.from_frame(pd.DataFrame({"x": x, "y": y, "z": z})), 0.7


def mediated(seed: int) -> tuple[Table, float]:
    """A continuous mediator on which the outcome bends."""
    rng = np.random.default_rng(seed)
    u = rng.normal(size=ROWS)
    x = (rng.random(ROWS) < 1 / (1 + np.exp(-u))).astype(int)
    m = x + rng.normal(size=ROWS)
    y = m + 0.3 * m**2 + u + rng.normal(size=ROWS)
    return Table.from_frame(pd.DataFrame({"x": x, "m": m, "y": y})), 1.3


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("graph", "values", "world"),
    [
        pytest.param(CONFOUNDED, (0, 1), lambda seed: curved(ROWS, seed), id="continuous"),
        pytest.param(CONFOUNDED, (0, 1), lambda seed: curved(ROWS, seed, True), id="binary"),
        pytest.param(FORK, (0, 1), numeric, id="partially linear"),
        pytest.param(FRONT, (0, 1), mediated, id="front door"),
        pytest.param(NAPKIN, (0, 1), lambda seed: (napkin(2000, seed), 0.4), id="napkin"),
    ],
)
def test_intervals_cover(graph: CausalGraph, values: tuple[float, float], world: World) -> None:
    covered = 0
    for seed in range(TABLES):
        table, truth = world(seed)
        low, high = opinion(table, graph, "x", "y", values, seed=seed).interval(0.95)
        covered += low <= truth <= high
    assert 180 <= covered <= 198
