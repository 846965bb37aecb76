"""What a graph claims of the rows: independencies, one for each pair that it leaves apart.

Two measured nodes that no edge joins are independent given some set of others, if any set of
measured nodes separates them. Every minimal separator of a pair lies among the pair's
ancestors, and there it is a vertex cut of the augmented graph, in which a district and its
parents are all joined (van der Zander, Liśkiewicz & Textor 2019, *Separators and adjustment
sets in causal graphs*, section 3). Latent nodes are projected away first; nodes marked
`selected` decided which rows there are, so they are held already.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, islice

import numpy as np

from causal_core.errors import GraphError
from causal_core.graphs import order
from causal_core.graphs.graph import CausalGraph

MOST_SEPARATORS = 1000  # listed for one pair: there can be exponentially many

Neighbours = dict[str, frozenset[str]]


@dataclass(frozen=True)
class Independence:
    """`one` and `other` are independent given `given`.

    >>> str(Independence("x", "y", ("z",)))
    'x ⊥ y | z'
    """

    one: str
    other: str
    given: tuple[str, ...] = ()

    def __str__(self) -> str:
        held = f" | {', '.join(self.given)}" if self.given else ""
        return f"{self.one} ⊥ {self.other}{held}"


@dataclass(frozen=True)
class Implied:
    """The independencies of a graph; its open edges must be directed first (GraphError).

    >>> [str(claim) for claim in Implied(CausalGraph.parse("x -> m -> y")).basis]
    ['x ⊥ y | m']
    """

    graph: CausalGraph

    def __post_init__(self) -> None:
        if self.graph.partial:
            raise GraphError(
                "An edge without a direction claims nothing yet.",
                "Direct the open edges, then look again.",
            )

    @cached_property
    def projected(self) -> CausalGraph:
        """The same claims without latent nodes; what selected the rows is kept."""
        return replace(self.graph, latent=self.graph.latent - self.graph.selected).project()

    @cached_property
    def basis(self) -> tuple[Independence, ...]:
        """One independence for each pair that can be separated, its set as small as any."""
        return tuple(
            Independence(one, other, self._sorted(_smallest(moral, one, other)))
            for one, other, moral in self._pairs()
        )

    @cached_property
    def minimal(self) -> tuple[Independence, ...]:
        """Every independence whose set cannot lose a node, at most `MOST_SEPARATORS` a pair.

        As DAGitty lists them (type "missing.edge"); it counts the pairs, as `basis` does.
        """
        return tuple(
            Independence(one, other, self._sorted(found))
            for one, other, moral in self._pairs()
            for found in islice(_separators(moral, one, other), MOST_SEPARATORS)
        )

    def _pairs(self) -> Iterator[tuple[str, str, Neighbours]]:
        """The pairs that can be separated, each with its augmented graph."""
        graph = self.projected
        joined = {frozenset((edge.source, edge.target)) for edge in graph.edges}
        free = [name for name in graph.nodes if name not in graph.selected]
        for one, other in combinations(free, 2):
            if frozenset((one, other)) not in joined:
                moral = _augmented(graph, one, other)
                if other not in moral[one]:
                    yield one, other, moral

    def _sorted(self, names: frozenset[str]) -> tuple[str, ...]:
        return tuple(name for name in self.projected.nodes if name in names)


def local_markov(graph: CausalGraph) -> tuple[Independence, ...]:
    """Each node against each non-descendant that is no parent, given its parents.

    The pairwise form of the local Markov condition of a graph of arrows (Pearl 1988);
    GraphError for other edges.
    """
    if any(edge.kind != "->" for edge in graph.edges):
        raise GraphError("Only a graph of arrows has parents alone.", "Project or direct it first.")
    found = []
    for node in graph.nodes:
        parents = graph.parents(node)
        given = tuple(name for name in graph.nodes if name in parents)
        apart = set(graph.nodes) - graph.descendants(node) - parents
        found += [Independence(node, name, given) for name in graph.nodes if name in apart]
    return tuple(found)


def _augmented(graph: CausalGraph, one: str, other: str) -> Neighbours:
    """The undirected graph over the pair's ancestors in which cuts are separators."""
    held = graph.selected
    above = graph.ancestors({one, other} | held)
    siblings = {name: graph.siblings(name) & above for name in above}
    near: dict[str, set[str]] = {name: set() for name in graph.nodes if name in above - held}
    for name in above:
        district = order.reach((name,), siblings)
        clique = district.union(*(graph.parents(member) for member in district)) - held
        for member in clique:
            near[member] |= clique
    return {name: frozenset(around - {name}) for name, around in near.items()}


def _separators(near: Neighbours, one: str, other: str) -> Iterator[frozenset[str]]:
    """All minimal cuts, each found from one that lies nearer to `one`.

    Berry, Bordat & Cogis (1999), *Generating all the minimal separators of a graph*: what is
    cut off grows by one node of the cut at a time; polynomial time for each cut.
    """
    first = _closed(near, frozenset((one,)), other)
    todo, seen = [first], {first}
    for cut in todo:
        yield cut
        side = _component(near, one, cut)
        for name in sorted(cut):
            if other not in near[name]:
                following = _closed(near, side | {name}, other)
                if following not in seen:
                    seen.add(following)
                    todo.append(following)


def _closed(near: Neighbours, side: frozenset[str], other: str) -> frozenset[str]:
    """The minimal cut nearest to `side` that parts it from `other`."""
    border = frozenset().union(*(near[name] for name in side)) | side
    beyond = _component(near, other, border)
    return frozenset().union(*(near[name] for name in beyond)) - beyond


def _component(near: Neighbours, start: str, without: frozenset[str]) -> frozenset[str]:
    seen, todo = {start}, [start]
    while todo:
        fresh = near[todo.pop()] - seen - without
        seen |= fresh
        todo += fresh
    return frozenset(seen)


def _smallest(near: Neighbours, one: str, other: str) -> frozenset[str]:
    """A cut of least size: as large as there are paths that share no node (Menger 1927).

    A maximal flow through nodes that let one unit pass; the cut is what it fills up.
    """
    if other not in _component(near, one, frozenset()):
        return frozenset()
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    place = {name: i for i, name in enumerate(near)}
    size = len(place)
    room = np.zeros((2 * size, 2 * size), dtype=np.int32)  # entering each node, then leaving it
    room[range(size), range(size, 2 * size)] = 1
    for name, around in near.items():
        room[size + place[name], [place[n] for n in around]] = size
    start = size + place[one]
    flow = maximum_flow(csr_array(room), start, place[other]).flow.toarray()
    reached = set(
        breadth_first_order(csr_array(room - flow), start, return_predecessors=False).tolist()
    )
    return frozenset(n for n, i in place.items() if i in reached and size + i not in reached)
