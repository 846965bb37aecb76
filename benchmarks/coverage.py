"""How often the 90 % band of an effect holds the truth, over many simulated tables.

.venv/bin/python -m benchmarks.coverage --rows 500 --tables 100
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from causal_core.graphs.graph import CausalGraph
from causal_core.queries.engine import answer
from causal_core.queries.questions import Effect
from causal_core.scm.training import fit
from causal_core.tables.table import Table

GRAPH = CausalGraph.parse("dag { z -> x; z -> y; x -> y }")
ASKED = Effect("x", "y", (-0.5, 0.5))


def table(rows: int, seed: int, bent: bool) -> Table:
    """A confounded table whose effect is known."""
    rng = np.random.default_rng([seed, rows])
    z = rng.normal(size=rows)
    x = 0.8 * z + rng.normal(size=rows)
    y = (np.tanh(2 * x) if bent else x) + z + rng.normal(size=rows)
    return Table.from_frame(pd.DataFrame({"z": z, "x": x, "y": y}))


def main() -> None:
    """Print how many bands hold the truth, for a straight world and a bent one."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=500)
    parser.add_argument("--tables", type=int, default=100)
    asked = parser.parse_args()
    for bent in (False, True):
        truth = 2 * np.tanh(1.0) if bent else 1.0
        bands = []
        for seed in range(asked.tables):
            found = answer(fit(table(asked.rows, seed, bent), GRAPH, seed=seed), ASKED)
            bands.append((*found.interval, found.value))
        low, high, value = np.array(bands).T
        held = int(((low <= truth) & (truth <= high)).sum())
        error = np.sqrt(np.mean((value - truth) ** 2))
        print(
            f"{'bent' if bent else 'straight'}: {held} of {asked.tables} bands hold {truth:.3f}; "
            f"width {np.mean(high - low):.3f}, error {error:.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
