"""A table of a million rows: from Parquet to fitted equations, in time and memory.

.venv/bin/python -m benchmarks.large --rows 1000000 --columns 20
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from causal_core.graphs.graph import CausalGraph
from causal_core.scm.training import fit
from causal_core.tables.readers import read_table

_PARENTS = 3


def world(rows: int, columns: int) -> tuple[pd.DataFrame, list[tuple[str, str]]]:
    """Columns that bend with up to three earlier ones, and the edges between them."""
    rng, frame, edges = np.random.default_rng(0), pd.DataFrame(), list[tuple[str, str]]()
    for i in range(columns):
        value = rng.normal(size=rows)
        for parent in rng.choice(i, min(i, _PARENTS), replace=False):
            value += np.tanh(frame[f"v{parent}"].to_numpy())
            edges.append((f"v{parent}", f"v{i}"))
        frame[f"v{i}"] = value
    return frame, edges


def _peak() -> float:
    """The most memory this process has held so far, in GiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def main() -> None:
    """Print seconds and memory of reading and of fitting."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, default=20)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.parquet"
        frame, edges = world(asked.rows, asked.columns)
        frame.to_parquet(path)
        del frame
        print(f"made: peak {_peak():.2f} GiB", flush=True)
        start = time.perf_counter()
        table = read_table(path)
        print(f"read: {time.perf_counter() - start:.1f} s, peak {_peak():.2f} GiB", flush=True)
    start = time.perf_counter()
    graph = CausalGraph.from_edges(edges, nodes=table.columns)
    model = fit(table, graph)
    print(f"fitted: {time.perf_counter() - start:.1f} s, peak {_peak():.2f} GiB", flush=True)
    print(sorted({node.rung for node in model.report}))


if __name__ == "__main__":
    main()
