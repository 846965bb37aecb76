"""Independence asked of a graph instead of rows, and the ancestral graph it stands for."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np

from causal_core.graphs.ancestral import CIRCLE, HEAD, NONE, TAIL, arrows, from_ends
from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.separation import connected


class Oracle:
    """What tests of endless rows from `graph` would say of its measured nodes."""

    def __init__(self, graph: CausalGraph) -> None:
        self.graph, self.names = graph, graph.observed
        self._known: dict[tuple[int, ...], frozenset[str]] = {}

    @property
    def size(self) -> int:
        return len(self.names)

    def p_values(self, one: np.ndarray, other: np.ndarray, given: np.ndarray) -> np.ndarray:
        asked = zip(one.tolist(), other.tolist(), given.tolist(), strict=True)
        return np.array([float(self.apart(x, y, z)) for x, y, z in asked])

    def apart(self, x: int, y: int, given: list[int] | tuple[int, ...]) -> bool:
        key = (x, *sorted(given))
        if key not in self._known:
            known = [self.names[z] for z in given]
            self._known[key] = connected(self.graph, [self.names[x]], known)
        return self.names[y] not in self._known[key]

    def model(self) -> frozenset[tuple[int, ...]]:
        """Every independence of the graph."""
        return frozenset(
            (x, y, *given)
            for x, y in combinations(range(self.size), 2)
            for size in range(self.size - 1)
            for given in combinations([z for z in range(self.size) if z not in (x, y)], size)
            if self.apart(x, y, given)
        )


def mag(graph: CausalGraph) -> np.ndarray:
    """The ends of the maximal ancestral graph over the measured nodes.

    Two are joined where their ancestors do not separate them (Richardson & Spirtes 2002,
    theorem 4.2).
    """
    names = graph.observed
    ends = np.zeros((len(names), len(names)), dtype=np.int8)
    above = {name: graph.ancestors(name) for name in names}
    for (i, one), (j, other) in combinations(enumerate(names), 2):
        given = ((above[one] | above[other]) & set(names)) - {one, other}
        if other in connected(graph, [one], given):
            ends[i, j] = TAIL if other in above[one] else HEAD
            ends[j, i] = TAIL if one in above[other] else HEAD
    return ends


def shared_ends(graph: CausalGraph) -> np.ndarray:
    """The ends that all ancestral graphs with the independencies of `graph` share.

    By trying every one that has the same edges.
    """
    ends = mag(graph)
    names, pairs = graph.observed, np.argwhere(np.triu(ends))
    model = Oracle(from_ends(names, ends)).model()
    shared = ends.copy()
    for marks in product(((TAIL, HEAD), (HEAD, TAIL), (HEAD, HEAD)), repeat=len(pairs)):
        other = np.zeros_like(ends)
        for (i, j), (at_i, at_j) in zip(pairs, marks, strict=True):
            other[j, i], other[i, j] = at_i, at_j
        if ancestral(other) and Oracle(from_ends(names, other)).model() == model:
            shared[shared != other] = CIRCLE
    shared[ends == NONE] = NONE
    return shared


def ancestral(ends: np.ndarray) -> bool:
    """Whether no arrows form a circle and no `<->` joins a node to its ancestor."""
    leads = arrows(ends)
    for _ in ends:
        leads = leads | (leads.astype(int) @ leads > 0)
    common = (ends == HEAD) & (ends.T == HEAD)
    return not (leads.diagonal().any() or (leads & common).any())
