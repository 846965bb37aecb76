"""How often the edges that a search calls strong are there, and what a hundred resamples take.

    .venv/bin/python -m benchmarks.calibration --tables 20

For each kind of table (`benchmarks.discovery_worlds`; 10 columns, networks as they are):
edges that at least `STRONG` of 100 resamples have, how many of them join two columns that
are joined in the truth, and which share of the true edges they are. Then, at 20 columns,
how many resamples are done within `discover`'s ten seconds.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.discovery_worlds import Sample, counts, curves, levels, lines, mixed
from causal_core.discovery.discover import Discovered, discover

RESAMPLES, PATIENT = 100, 600.0
Make = Callable[[np.random.Generator], Sample]


def worlds(size: int, models: Path) -> dict[str, Make]:
    """Tables of so many columns, and of two networks."""
    found: dict[str, Make] = {
        "linear, normal": partial(lines, size, 1000),
        "linear, not normal": partial(lines, size, 1000, normal=False),
        "curves": partial(curves, size, 2000),
        "levels": partial(counts, size, 5000),
        "mixed": partial(mixed, size, 1000),
    }
    for name in ("sachs", "child"):
        found[name] = partial(levels, models / f"{name}.bif.gz", 5000)
    return found


def strong(sample: Sample, found: Discovered) -> tuple[int, int]:
    """How many edges are called strong, and how many of these are true."""
    called = [one.edge for one in (*found.edges, *found.others) if one.strong]
    joined, place = sample.dag | sample.dag.T, {n: i for i, n in enumerate(sample.names)}
    return len(called), sum(bool(joined[place[e.source], place[e.target]]) for e in called)


def calibrated(make: Make, tables: int) -> str:
    """A line of the report."""
    called = right = edges = 0
    for seed in range(tables):
        sample = make(np.random.default_rng(1000 + seed))
        found = discover(sample.table, bootstrap=RESAMPLES, seed=seed, seconds=PATIENT)
        more, true = strong(sample, found)
        called, right, edges = called + more, right + true, edges + int(sample.dag.sum())
    return f"{called} | {right / max(called, 1):.1%} | {right / edges:.0%}"


def timed(make: Make) -> str:
    """A line of the report."""
    sample = make(np.random.default_rng(0))
    begun, computing = time.monotonic(), time.process_time()
    found = discover(sample.table, bootstrap=RESAMPLES, seconds=10.0)
    computing, waited = time.process_time() - computing, time.monotonic() - begun
    return f"{found.resamples} | {computing:.1f} | {waited:.1f}"


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tables", type=int, default=20)
    parser.add_argument("--python", type=Path, default=Path(".venv-discovery-peers/bin/python"))
    asked = parser.parse_args()
    libraries = asked.python.parent.parent.glob("lib/python*/site-packages")
    models = next(libraries) / "pgmpy" / "utils" / "example_models"
    print("| 20 columns | resamples | seconds of computing | seconds |\n|---|---|---|---|")
    for name, make in worlds(20, models).items():
        print(f"| {name} | {timed(make)} |", flush=True)
    print("\n| table | called strong | of these true | of true edges |\n|---|---|---|---|")
    for name, make in worlds(10, models).items():
        print(f"| {name} | {calibrated(make, asked.tables)} |", flush=True)


if __name__ == "__main__":
    main()
