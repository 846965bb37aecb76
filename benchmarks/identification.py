"""How long a question to a large graph takes: verdict, derivation and simplified formula.

    .venv/bin/python -m benchmarks.identification --graphs 200

Random graphs of 30 nodes, 45 arrows and 10 arcs. One to three treatments are drawn from the
ancestors of one or two late outcomes; every third question has two conditions. Prints the
median and the worst time, and how many questions got which answer.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from itertools import combinations
from statistics import median

from causal_core.graphs.graph import CausalGraph
from causal_core.identification.identify import identify

NODES, ARROWS, ARCS = 30, 45, 10


def question(seed: int) -> tuple[CausalGraph, list[str], list[str], list[str]]:
    """A random graph with treatments, outcomes and conditions."""
    rng = random.Random(seed)
    order = [f"v{i}" for i in range(NODES)]
    rng.shuffle(order)
    pairs = list(combinations(order, 2))
    graph = CausalGraph.from_edges(rng.sample(pairs, ARROWS), rng.sample(pairs, ARCS), order)
    caused = [name for name in order if graph.parents(name)]
    outcome = caused[-1:] if rng.random() < 0.5 else rng.sample(caused[-6:], 2)
    causes = sorted(graph.ancestors(outcome) - set(outcome))
    treatment = rng.sample(causes, min(len(causes), rng.choice([1, 1, 2, 3])))
    rest = [name for name in order if name not in (*treatment, *outcome)]
    return graph, treatment, outcome, rng.sample(rest, 2) if seed % 3 == 0 else []


def main() -> None:
    """Ask and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--graphs", type=int, default=200)
    seconds, answers = [], Counter[str]()
    for seed in range(parser.parse_args().graphs):
        asked = question(seed)
        start = time.perf_counter()
        found = identify(*asked)
        seconds.append(time.perf_counter() - start)
        answers[found.way] += 1
    print(f"median {median(seconds):.3f} s, worst {max(seconds):.3f} s of {len(seconds)}")
    print(", ".join(f"{way}: {count}" for way, count in answers.most_common()))


if __name__ == "__main__":
    main()
