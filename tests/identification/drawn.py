"""Random questions on random graphs, drawn so that all verdicts come up often."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import combinations

from causal_core.graphs.graph import CausalGraph


@dataclass(frozen=True)
class Asked:
    """P(y | do(x), z) in `graph`."""

    graph: CausalGraph
    x: frozenset[str]
    y: frozenset[str]
    z: frozenset[str]


def drawn(seed: int, fewest: int = 3, most: int = 7) -> Asked:
    """A question on a graph of `fewest` to `most` nodes, about one in three with conditions.

    Outcomes are drawn from the later nodes, so that most treatments have an effect.
    """
    rng = random.Random(seed)
    order = rng.sample([f"n{i}" for i in range(most)], rng.randint(fewest, most))
    share, arcs = rng.uniform(0.2, 0.7), rng.uniform(0.05, 0.35)
    pairs = list(combinations(order, 2))
    graph = CausalGraph.from_edges(
        [pair for pair in pairs if rng.random() < share],
        [pair for pair in pairs if rng.random() < arcs],
        nodes=sorted(order),
    )
    last = len(order) // 2
    y = rng.sample(order[last:], rng.choice([1, 1, 1, 2]) if len(order) > 3 else 1)
    rest = [name for name in order if name not in y]
    x = rng.sample(rest, min(rng.choice([1, 1, 1, 2, 3]), len(rest)))
    rest = [name for name in rest if name not in x]
    z = rng.sample(rest, min(rng.choice([0, 0, 1, 2]), len(rest)))
    return Asked(graph, frozenset(x), frozenset(y), frozenset(z))
