"""How long the questions about adjustment take on random graphs.

    .venv/bin/python -m benchmarks.adjustment --graphs 50

Of each size, with twice as many arrows as nodes and a tenth of the nodes unmeasured: what is
held now judged, one minimal set, the most precise set, and the first minimal sets within a
budget of 0.3 seconds, as a page asks for them together; then front doors and instruments.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable

import numpy as np

from causal_core.graphs.graph import CausalGraph
from causal_core.identification.adjustment import backdoor_set, frontdoor_set
from causal_core.identification.instruments import instruments
from causal_core.identification.judgement import judge
from causal_core.identification.minimal import minimal_adjustment_sets
from causal_core.identification.optimal import optimal_set

SIZES = (30, 60, 200)
BUDGET = 0.3


def world(nodes: int, seed: int) -> tuple[CausalGraph, str, str, frozenset[str]]:
    """A graph, a cause with a path to an outcome, and some variables that are held."""
    rng = random.Random(seed)
    names = [f"n{i}" for i in range(nodes)]
    pairs = set[tuple[int, int]]()
    while len(pairs) < 2 * nodes:
        one, other = sorted(rng.sample(range(nodes), 2))
        pairs.add((one, other))
    arrows = [(names[one], names[other]) for one, other in sorted(pairs)]
    graph = CausalGraph.from_edges(arrows, nodes=names)
    asked = [(x, y) for x in names for y in graph.descendants(x) if x != y]
    cause, outcome = rng.choice(sorted(asked))
    free = [name for name in names if name not in (cause, outcome)]
    latent = rng.sample(free, nodes // 10)
    held = rng.sample([name for name in free if name not in latent], 3)
    hidden = CausalGraph.from_edges(arrows, nodes=names, latent=latent)
    return hidden, cause, outcome, frozenset(held)


def steps(
    graph: CausalGraph, x: str, y: str, held: frozenset[str]
) -> dict[str, Callable[[], object]]:
    """What is timed, by name."""
    return {
        "judge": lambda: judge(graph, x, y, held, seconds=BUDGET),
        "one minimal set": lambda: backdoor_set(graph, x, y),
        "most precise set": lambda: optimal_set(graph, x, y),
        "minimal sets": lambda: minimal_adjustment_sets(graph, x, y, seconds=BUDGET),
        "one front-door set": lambda: frontdoor_set(graph, x, y),
        "instruments": lambda: instruments(graph, x, y),
    }


QUERY = ("judge", "one minimal set", "most precise set", "minimal sets")


def measured(nodes: int, graphs: int) -> dict[str, list[float]]:
    """Seconds of every step on every graph; the graph's own making is in `query`."""
    taken: dict[str, list[float]] = {}
    for seed in range(graphs):
        made, x, y, held = world(nodes, seed)
        start = time.perf_counter()
        graph = CausalGraph(made.nodes, made.edges, made.latent)
        query = time.perf_counter() - start
        for name, step in steps(graph, x, y, held).items():
            start = time.perf_counter()
            step()
            seconds = time.perf_counter() - start
            taken.setdefault(name, []).append(seconds)
            query += seconds * (name in QUERY)
        taken.setdefault("query", []).append(query)
    return taken


def main() -> None:
    """Print a table of the median and the worst, in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--graphs", type=int, default=50)
    graphs = parser.parse_args().graphs
    print("| nodes | what | median, ms | worst, ms |\n|---|---|---|---|")
    for nodes in SIZES:
        for name, seconds in measured(nodes, graphs).items():
            print(
                f"| {nodes} | {name} | {1e3 * np.median(seconds):.1f} | {1e3 * max(seconds):.1f} |"
            )


if __name__ == "__main__":
    main()
