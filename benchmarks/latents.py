"""How many definite marks of a PAG are right where unmeasured causes acted, and how fast it is.

    python -m benchmarks.latents --columns 10 --worlds 40

Linear worlds with normal noise and 2.5 edges a column; each unmeasured cause acts on three
columns. A mark is right if the true ancestral graph has it; a mark on an edge that is not
there is wrong.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import pandas as pd

from causal_core.discovery.discover import discover
from causal_core.graphs.ancestral import CIRCLE, ends_of
from causal_core.graphs.graph import CausalGraph
from causal_core.tables.table import Table
from tests.discovery.oracle import mag

_ACTS_ON = 3  # columns


def world(columns: int, hidden: int, rows: int, seed: int) -> tuple[CausalGraph, Table]:
    """The true graph, unmeasured nodes last, and a table of the others."""
    rng = np.random.default_rng(seed)
    size = columns + hidden
    order = rng.permutation(columns)
    dag = np.zeros((size, size), dtype=bool)
    drawn = np.triu(rng.random((columns, columns)) < 2.5 / (columns - 1), 1)
    dag[np.ix_(order, order)] = drawn
    for unseen in range(columns, size):
        dag[unseen, rng.choice(columns, _ACTS_ON, replace=False)] = True
    names = [f"v{j}" for j in range(size)]
    pairs = [(names[i], names[j]) for i, j in np.argwhere(dag)]
    graph = CausalGraph.from_edges(pairs, nodes=names, latent=names[columns:])
    weights = dag * rng.uniform(0.5, 1.5, dag.shape) * rng.choice([-1, 1], dag.shape)
    values = np.zeros((rows, size))
    for name in graph.topological_order:
        j = names.index(name)
        values[:, j] = values @ weights[:, j] + rng.normal(size=rows)
    return graph, Table.from_frame(pd.DataFrame(values[:, :columns], columns=names[:columns]))


def main() -> None:
    """Print the shares and the seconds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--columns", type=int, default=10)
    parser.add_argument("--hidden", type=int, default=2)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--worlds", type=int, default=40)
    asked = parser.parse_args()
    right = definite = 0
    for seed in range(asked.worlds):
        graph, table = world(asked.columns, asked.hidden, asked.rows, seed)
        found, truth = ends_of(discover(table, "latents").graph), mag(graph)
        sure = found > CIRCLE
        right, definite = right + (found[sure] == truth[sure]).sum(), definite + sure.sum()
    print(f"{right} of {definite} definite marks right ({right / definite:.0%})")
    began, busy = time.monotonic(), time.process_time()
    resamples = discover(table, "latents", bootstrap=100, seconds=10.0).resamples
    passed, busy = time.monotonic() - began, time.process_time() - busy
    print(f"{resamples} of 100 resamples in {passed:.1f} s ({busy:.1f} s of computing)")


if __name__ == "__main__":
    main()
