"""What causal-learn's FCI finds on random graphs, for the tests to hold ours to.

Run where causal-learn 0.1.4.8 is installed, from the repository's root:

    python -m benchmarks.causal_learn_pags > tests/discovery/causal_learn_pags.json

It is asked with an oracle of m-separation instead of rows. Graphs on which it draws edges
with two tails are left out: those say that rows were selected, and none were.
"""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout
from typing import Any

import causallearn.search.ConstraintBased.FCI as peer
import numpy as np
from causallearn.utils.cit import CIT_Base

from causal_core.graphs.ancestral import CIRCLE, HEAD, NONE, TAIL, from_ends
from tests.discovery.oracle import Oracle
from tests.graphs.random_graphs import random_admg

GRAPHS = 60
MARKS = {0: NONE, 2: CIRCLE, 1: HEAD, -1: TAIL}


class Asked(CIT_Base):  # type: ignore[misc]
    """The oracle as causal-learn calls a test."""

    method = "oracle"

    def __init__(self, oracle: Oracle) -> None:
        self.oracle = oracle

    def __call__(self, x: int, y: int, given: Any = ()) -> float:
        return float(self.oracle.apart(int(x), int(y), [int(z) for z in given or ()]))


def main() -> None:
    """Print the list of {"seed", "graph", "pag"}."""
    told = []
    seed = 0
    while len(told) < GRAPHS:
        seed += 1
        graph = random_admg(seed, most=8)
        if len(graph.nodes) < 5:
            continue
        oracle = Oracle(graph)
        peer.CIT = lambda *_, **__: Asked(oracle)  # noqa: B023
        rows = np.random.default_rng(0).normal(size=(50, len(graph.nodes)))
        with redirect_stdout(sys.stderr):  # it prints the edges it directs
            found = peer.fci(rows, alpha=0.5, show_progress=False)[0].graph
        ends = np.vectorize(MARKS.get)(found).T.astype(np.int8)
        if not ((ends == TAIL) & (ends.T != HEAD)).any():
            pag = from_ends(graph.nodes, ends).to_dagitty()
            told.append({"seed": seed, "graph": graph.to_dagitty(), "pag": pag})
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
