"""What a graph claims of the rows: independencies, one for each pair that it leaves apart.

Two measured nodes that no edge joins are independent given some set of others, if any set of
measured nodes separates them: its minimal separators are the minimal cuts of the augmented
graph. Latent nodes are projected away first; nodes marked `selected` decided which rows there
are, so they are held already.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, islice

from causal_core.errors import GraphError
from causal_core.graphs.augmented import Neighbours, augmented
from causal_core.graphs.cuts import cuts, smallest
from causal_core.graphs.graph import CausalGraph

MOST_SEPARATORS = 1000  # listed for one pair: there can be exponentially many


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
            Independence(one, other, self._sorted(smallest(moral, one, other)))
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
            for found in islice(cuts(moral, one, other), MOST_SEPARATORS)
        )

    def _pairs(self) -> Iterator[tuple[str, str, Neighbours]]:
        """The pairs that can be separated, each with its augmented graph."""
        graph = self.projected
        joined = {frozenset((edge.source, edge.target)) for edge in graph.edges}
        free = [name for name in graph.nodes if name not in graph.selected]
        for one, other in combinations(free, 2):
            if frozenset((one, other)) not in joined:
                moral = augmented(graph, (one, other), graph.selected)
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
