"""How often the critic raises a false alarm, and whether it names the edge that is missing.

    .venv/bin/python -m benchmarks.critic --rows 2000 --tables 100

On the true graph of each world an alarm is false. Then one strong arrow after the other is
taken out: the first mend must put it back. Where its direction can be told from the rows
(an arrow of the class), the direction must be right too.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from benchmarks.critic_worlds import WORLDS, KnownWorld
from causal_core.discovery.critic import Verdict, criticise
from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.tables.table import Table
from tests.discovery import worlds

_STRONG = 0.15  # partial correlation, or Cramér's V, in a table of the world's own


def strong(world: KnownWorld, rows: int) -> list[Edge]:
    """Arrows between columns that carry something, as one table of its own shows."""
    found = criticise(world.table(10_000, rows), world.graph)
    return [
        arrow.edge
        for arrow in found.arrows
        if arrow.verdict is Verdict.HOLDS and abs(arrow.tested.effect) >= _STRONG
    ]


def named_first(table: Table, world: KnownWorld, edge: Edge) -> tuple[bool, bool]:
    """Whether the first mend joins the pair, and whether in the right direction."""
    found = criticise(table, world.graph.remove(edge)).mends
    if not found:
        return False, False
    first = found[0].edge
    pair = {first.source, first.target} == {edge.source, edge.target} and not found[0].turned
    return pair, pair and first == edge


def seconds(size: int, rows: int) -> float:
    """Processor seconds for one criticism of a random graph of lines."""
    rng = np.random.default_rng(0)
    dag = worlds.graph(size, 3, rng)
    table, graph = worlds.table(worlds.lines(dag, rows, rng)), worlds.named(dag)
    criticise(table, CausalGraph(graph.nodes))  # what is imported late is imported now
    start = time.process_time()
    criticise(table, graph)
    return time.process_time() - start


def main() -> None:
    """Print one line for each world."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--tables", type=int, default=100)
    asked = parser.parse_args()
    print(f"20 columns, 5,000 rows: {seconds(20, 5000):.2f} s")
    for world in WORLDS:
        quiet, pairs, ways, arrows = 0, 0, 0, strong(world, asked.rows)
        for seed in range(asked.tables):
            table = world.table(seed, asked.rows)
            quiet += not criticise(table, world.graph).contradicted
            pair, way = named_first(table, world, arrows[seed % len(arrows)])
            pairs, ways = pairs + pair, ways + way
        print(
            f"{world.name}: {quiet} of {asked.tables} tables raise no alarm; the missing arrow is "
            f"named first in {pairs}, in its own direction in {ways} ({len(arrows)} strong arrows)",
            flush=True,
        )


if __name__ == "__main__":
    main()
