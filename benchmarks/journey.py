"""The journey in seconds: fitting, drawing under an intervention, and the full picture.

    make bench            (or: python -m benchmarks.journey --rows 1000 10000 --columns 4 8)

Prints a Markdown table with the machine named. Worlds are synthetic: every column has up
to three causes among the columns before it, half of them through a bend, one in four is
binary. One thread, as in the workers.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from causal_core.graphs.graph import CausalGraph
from causal_core.tables.table import Table

REPEATS = 5


def world(rows: int, columns: int, seed: int = 0) -> tuple[Table, CausalGraph]:
    """A random world and its graph; x0 is a cause of the last column."""
    rng = np.random.default_rng([seed, rows, columns])
    names = [f"x{i}" for i in range(columns)]
    values: list[np.ndarray] = []
    edges: list[tuple[str, str]] = []
    for i, name in enumerate(names):
        causes = sorted(rng.choice(i, min(i, 3), replace=False)) if i else []
        total = rng.normal(size=rows)
        for j in causes:
            edges.append((names[j], name))
            total = total + (np.tanh(2 * values[j]) if rng.random() < 0.5 else values[j])
        binary = i % 4 == 3
        values.append((total > 0).astype(float) if binary else total / total.std())
    if (names[0], names[-1]) not in edges:
        edges.append((names[0], names[-1]))
        values[-1] = values[-1] + 0.5 * values[0] * (columns % 4 != 0)
    return Table.from_frame(pd.DataFrame(dict(zip(names, values, strict=True)))), (
        CausalGraph.from_edges(edges, nodes=names)
    )


def median_seconds(action: Callable[[], object]) -> float:
    """Median seconds of an action."""
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds))


def measure(rows: int, columns: int) -> dict[str, str]:
    """One line of the table."""
    from causal_core.association.training import fit_association
    from causal_core.queries.questions import Sweep
    from causal_core.queries.sweep import sweep
    from causal_core.scm.training import fit
    from causal_core.views.hero import payload

    table, graph = world(rows, columns)
    start = time.perf_counter()
    model = fit(table, graph)
    fitted = time.perf_counter()
    seen = fit_association(table)
    associated = time.perf_counter()
    question = Sweep("x0", f"x{columns - 1}", row=0)
    model.sample(10, do={"x0": 0.0})
    drawing = median_seconds(lambda: model.sample(10_000, do={"x0": 0.5}))
    showing = median_seconds(lambda: payload(sweep(model, seen, question, table)))
    return {
        "rows": f"{rows:,}",
        "columns": str(columns),
        "equations, s": f"{fitted - start:.1f}",
        "correlational net, s": f"{associated - fitted:.1f}",
        "10,000 draws under do, ms": f"{1000 * drawing:.0f}",
        "release to picture, ms": f"{1000 * showing:.0f}",
    }


def main() -> None:
    """Measure every size asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--columns", type=int, nargs="+", default=[4, 8, 16])
    asked = parser.parse_args()
    import pytorch_lightning  # noqa: F401  its import is the worker's, not the fit's
    import torch

    torch.set_num_threads(1)
    print(f"{_processor()}, {os.cpu_count()} cores, one thread, torch {torch.__version__}\n")
    first = True
    for columns in asked.columns:
        for rows in asked.rows:
            line = measure(rows, columns)
            if first:
                print("| " + " | ".join(line) + " |\n|" + "---:|" * len(line))
                first = False
            print("| " + " | ".join(line.values()) + " |", flush=True)


def _processor() -> str:
    with open("/proc/cpuinfo") as file:
        names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.processor()


if __name__ == "__main__":
    main()
