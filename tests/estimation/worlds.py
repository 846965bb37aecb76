"""Tables drawn from worlds whose effects are known."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from causal_core.graphs.graph import CausalGraph
from causal_core.tables.table import Table

CONFOUNDED = CausalGraph.parse("dag { z1 -> {x y}; z2 -> {x y}; z3 -> y; x -> y }")
NAPKIN = CausalGraph.parse("dag { w -> z -> x -> y; w <-> x; w <-> y }")
EFFECT = 1.5  # of x on y, and on average, in `curved`
NAPKIN_MEANS = (0.3, 0.7)  # of y under do(x = 0) and do(x = 1)


def chance(index: np.ndarray) -> np.ndarray:
    """Logistic chances of an index."""
    return np.asarray(1 / (1 + np.exp(-index)))


def curved(rows: int, seed: int, binary: bool = False) -> tuple[Table, float]:
    """Treatment and outcome bend with what confounds them; the effect differs between rows.

    The table and the effect of x = 1 against x = 0 on the mean of y, in this world's
    population: `EFFECT`, or for a binary outcome the mean over many rows.
    """
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(rows, 3))
    x = rng.random(rows) < chance(0.8 * np.sin(2 * z[:, 0]) + 0.6 * z[:, 1])
    if binary:
        y = rng.random(rows) < chance(_binary_index(z, x.astype(float)))
        truth = _binary_truth()
    else:
        y = 2 * np.sin(2 * z[:, 0]) + z[:, 1] ** 2 + z[:, 2] + rng.normal(size=rows)
        y, truth = y + x * (EFFECT + 0.5 * z[:, 1]), EFFECT
    columns = {"x": x.astype(int), "y": y.astype(float), **dict(zip(("z1", "z2", "z3"), z.T))}
    return Table.from_frame(pd.DataFrame(columns)), truth


@cache
def _binary_truth() -> float:
    many = np.random.default_rng(0).normal(size=(1_000_000, 3))
    before, after = (chance(_binary_index(many, np.full(len(many), v))).mean() for v in (0.0, 1.0))
    return float(after - before)


def _binary_index(z: np.ndarray, x: np.ndarray) -> np.ndarray:
    return np.asarray(np.sin(2 * z[:, 0]) + 0.7 * z[:, 1] + x * (0.8 - 0.3 * z[:, 1]))


def napkin(rows: int, seed: int) -> Table:
    """Binary data of the napkin graph, unmeasured causes left out."""
    rng = np.random.default_rng(seed)
    one, other = rng.random(rows) < 0.5, rng.random(rows) < 0.5

    def drawn(chances: np.ndarray) -> np.ndarray:
        return (rng.random(rows) < chances).astype(int)

    w = drawn(0.2 + 0.3 * one + 0.4 * other)
    z = drawn(0.2 + 0.6 * w)
    x = drawn(0.15 + 0.4 * z + 0.35 * one)
    y = drawn(0.1 + 0.4 * x + 0.4 * other)
    return Table.from_frame(pd.DataFrame({"w": w, "z": z, "x": x, "y": y}))
