"""Simulated tables whose graph is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.partial import to_graph
from causal_core.tables.table import Table


def graph(size: int, degree: float, rng: np.random.Generator) -> np.ndarray:
    """A random graph of arrows, bool [size, size], with `degree` edges a node on average."""
    order = rng.permutation(size)
    drawn = np.triu(rng.random((size, size)) < degree / (size - 1), 1)
    dag = np.zeros_like(drawn)
    dag[np.ix_(order, order)] = drawn
    return dag


def _order(dag: np.ndarray) -> list[int]:
    named = to_graph([str(i) for i in range(len(dag))], dag, np.zeros_like(dag))
    return [int(name) for name in named.topological_order]


def lines(dag: np.ndarray, rows: int, rng: np.random.Generator, normal: bool = True) -> np.ndarray:
    """Standardised columns of a linear model."""
    weights = dag * rng.uniform(0.5, 2.0, dag.shape) * rng.choice([-1, 1], dag.shape)
    found = np.zeros((rows, len(dag)))
    for j in _order(dag):
        noise = rng.normal(size=rows) if normal else rng.uniform(-1.7, 1.7, size=rows)
        found[:, j] = found @ weights[:, j] + noise
    return np.asarray((found - found.mean(0)) / found.std(0))


def curves(dag: np.ndarray, rows: int, rng: np.random.Generator) -> np.ndarray:
    """Standardised columns, each a sum of waves of its causes."""
    found = np.zeros((rows, len(dag)))
    for j in _order(dag):
        bent = [
            np.sin(rng.uniform(1, 2) * found[:, i] + rng.uniform(0, 6))
            for i in dag[:, j].nonzero()[0]
        ]
        found[:, j] = 2 * sum(bent, np.zeros(rows)) + rng.normal(size=rows) * (0.5 if bent else 1)
        found[:, j] /= found[:, j].std()
    return np.asarray(found - found.mean(0))


def counts(dag: np.ndarray, rows: int, rng: np.random.Generator, levels: int = 3) -> np.ndarray:
    """Codes of a discrete network with sharp tables."""
    found = np.zeros((rows, len(dag)), dtype=int)
    for j in _order(dag):
        causes = dag[:, j].nonzero()[0]
        cell = np.zeros(rows, dtype=int)
        for i in causes:
            cell = cell * levels + found[:, i]
        table = rng.dirichlet(np.full(levels, 0.5), levels ** len(causes))
        found[:, j] = (table[cell].cumsum(1) < rng.random((rows, 1))).sum(1).clip(0, levels - 1)
    return found


def table(columns: np.ndarray) -> Table:
    """Columns called v0, v1, …; whole numbers become labels."""
    frame = pd.DataFrame(columns, columns=names(columns.shape[1]))
    if np.issubdtype(columns.dtype, np.integer):
        frame = frame.map("L{}".format)
    return Table.from_frame(frame)


def names(size: int) -> list[str]:
    return [f"v{i}" for i in range(size)]


def named(dag: np.ndarray) -> CausalGraph:
    return to_graph(names(len(dag)), dag, np.zeros_like(dag))
