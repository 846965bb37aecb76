"""How far two graphs are apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from causal_core.errors import GraphError
from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.partial import cpdag
from causal_core.rng import generator

_RANDOM = 200


@dataclass(frozen=True)
class Hamming:
    """Pairs of columns whose edge is another one than the truth's, of all `pairs`."""

    found: int
    empty: int
    random: float
    pairs: int


def hamming(found: CausalGraph, truth: CausalGraph) -> Hamming:
    """The structural Hamming distance (Tsamardinos, Brown & Aliferis 2006) to the truth.

    A pair counts once, whatever is wrong with its edge. Where `found` is a graph of arrows
    only, so is the truth; else both are taken as equivalence classes. `random`: the mean
    over random graphs with as many edges as were found. Raises GraphError where the nodes
    differ.
    """
    if set(found.nodes) != set(truth.nodes):
        raise GraphError("The two graphs have other nodes.", "Compare graphs of the same columns.")
    known = _marks(truth if not found.partial else _class(truth), found.nodes)
    mine = _marks(found, found.nodes)
    size, edges = len(mine), len(found.edges)
    rng = generator(0, "random graphs")
    upper = np.triu_indices(size, 1)
    guesses = []
    for _ in range(_RANDOM):
        order, dag = rng.permutation(size), np.zeros((size, size), dtype=int)
        picked = rng.choice(len(upper[0]), min(edges, len(upper[0])), replace=False)
        dag[order[upper[0][picked]], order[upper[1][picked]]] = 1
        names = found.nodes
        guess = CausalGraph.from_edges(
            [(names[i], names[j]) for i, j in zip(*dag.nonzero(), strict=True)], nodes=names
        )
        guesses.append(_differ(_marks(_class(guess) if found.partial else guess, names), known))
    empty = _differ(np.zeros_like(known), known)
    return Hamming(_differ(mine, known), empty, float(np.mean(guesses)), len(upper[0]))


def _class(graph: CausalGraph) -> CausalGraph:
    """The class of a graph of arrows; one with other edges stands for itself."""
    return cpdag(graph) if all(edge.kind == "->" for edge in graph.edges) else graph


def _marks(graph: CausalGraph, names: tuple[str, ...]) -> np.ndarray:
    """int [p, p]: 1 for an arrow, 2 for an open edge, 3 for a common unmeasured cause."""
    place = {name: i for i, name in enumerate(names)}
    marks = np.zeros((len(names), len(names)), dtype=int)
    for edge in graph.edges:
        i, j = place[edge.source], place[edge.target]
        if edge.kind == "->":
            marks[i, j] = 1
        else:
            marks[i, j] = marks[j, i] = 3 if edge.kind == "<->" else 2
    return marks


def _differ(one: np.ndarray, other: np.ndarray) -> int:
    wrong = one != other
    return int(np.triu(wrong | wrong.T, 1).sum())
