"""The adjustment set that estimates most precisely, where the graph alone tells which it is.

Without unmeasured causes it is O, the parents of the mediators and the outcome that may be
held (Henckel, Perković & Maathuis 2022, *Graphical criteria for efficient total effect
estimation via adjustment in causal linear models*; for any distribution Rotnitzky & Smucler
2020). With them O takes in what is reached from there along `<->`, and may then depend on the
strengths of the arrows which set is best; Runge (2021), *Necessary and sufficient graphical
conditions for optimal adjustment sets in causal graphical models with hidden variables*, says
when it does not. O may hold more than is needed to adjust: what explains the outcome helps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.separation import connected
from causal_core.identification.criterion import Criterion, Names

MOST_PATHS = 500  # collider paths that condition I looks at


@dataclass(frozen=True)
class Optimal:
    """The set, or None and in one sentence why there is none."""

    names: frozenset[str] | None
    reason: str = ""


def optimal_set(graph: CausalGraph, treatment: Names, outcome: Names) -> frozenset[str] | None:
    """The valid adjustment set of least asymptotic variance, whatever the arrows' strengths.

    None where no set adjusts, where nothing leads from treatment to outcome, or where it
    depends on more than the graph; `optimal` says which.

    >>> sorted(optimal_set(CausalGraph.parse("x <- z -> y x -> y w -> y v -> x"), "x", "y"))
    ['w', 'z']
    """
    return optimal(graph, treatment, outcome).names


def optimal(graph: CausalGraph, treatment: Names, outcome: Names) -> Optimal:
    """The same, with the reason where there is none; GraphError for a meaningless question."""
    asked = Criterion.of(graph, treatment, outcome)
    if not asked.mediators:
        return Optimal(None, "No arrows lead from the cause to the outcome.")
    if asked.field() is None:
        return Optimal(None, "No set of measured variables gives the effect by being held.")
    projected = replace(graph, latent=graph.latent - graph.selected).project()
    search = _Search(Criterion(projected, asked.causes, asked.outcomes), asked.held)
    if not search.valid:
        return Optimal(None, "What would be most precise does not block every path.")
    if not search.best:
        return Optimal(None, "Which set is most precise depends on how strong the arrows are.")
    return Optimal(search.names)


class _Search:
    """The set O of a graph without latent nodes, where `held` is given besides (Runge's S)."""

    def __init__(self, criterion: Criterion, held: frozenset[str]) -> None:
        graph = criterion.graph
        self.criterion, self.held = criterion, held
        self.above = (
            graph.ancestors(criterion.causes | criterion.outcomes | held) - criterion.forbidden
        )
        self.parents = _parents(graph, criterion.mediators) - criterion.forbidden
        self.colliders = self._colliders()
        around = self.parents | self.colliders | _parents(graph, self.colliders)
        self.names = around - held

    @property
    def valid(self) -> bool:
        """Whether O, with what is given, adjusts."""
        return self.criterion.met_by(self.names | (self.held - self.criterion.held))

    @property
    def best(self) -> bool:
        """Whether no strengths of the arrows make another set better (Runge 2021, theorem 3)."""
        return self._only_one() or (self._no_spouse_helps() and self._all_tied())

    def _colliders(self) -> frozenset[str]:
        """The nodes of valid collider paths W ↔ C ↔ … from the mediators (definition 3)."""
        graph, forbidden = self.criterion.graph, self.criterion.forbidden
        given = self.above | self.parents | self.held
        near = connected(graph, self.criterion.causes, given)
        fit = (self.above | (frozenset(graph.nodes) - near)) - forbidden
        found, todo = set[str](), list(self.criterion.mediators)
        while todo:
            fresh = (graph.siblings(todo.pop()) & fit) - found
            found |= fresh
            todo += fresh
        return frozenset(found)

    def _only_one(self) -> bool:
        """Whether O is the only set that adjusts."""
        free = frozenset(self.criterion.graph.nodes) - self.criterion.forbidden - self.held
        if any(self.criterion.field(frozenset((name,))) for name in free - self.names):
            return False
        return not any(self.criterion.field(barred=frozenset((name,))) for name in self.names)

    def _no_spouse_helps(self) -> bool:
        """Condition I: what is left out along `<->` could not have been held either."""
        paths = list(islice(self._paths_from_outside(), MOST_PATHS + 1))
        if len(paths) > MOST_PATHS:
            return False
        return not any(_Search(self.criterion, self.held.union(path)).valid for path in paths)

    def _paths_from_outside(self) -> Iterator[tuple[str, ...]]:
        """N ↔ C ↔ … ↔ C: paths that end beside a mediator, all but N inside O."""
        graph, mediators = self.criterion.graph, self.criterion.mediators
        inside = self.names | self.held
        sources = (_siblings(graph, mediators | self.colliders) - self.criterion.forbidden) - inside
        todo: list[tuple[str, ...]] = [(name,) for name in sorted(sources)]
        while todo:
            path = todo.pop()
            beside = graph.siblings(path[-1])
            if beside & mediators:
                yield path
            todo += [(*path, name) for name in sorted(beside & inside) if name not in path]

    def _all_tied(self) -> bool:
        """Condition II: who is joined to the causes is tied to a mediator by ancestors alone."""
        graph = self.criterion.graph
        for name in self.names - self.parents:
            given = (self.names | self.held) - {name}
            joined = name in connected(graph, self.criterion.causes, given)
            if joined and not self._tied(name):
                return False
        return True

    def _tied(self, name: str) -> bool:
        """Whether E *→ C ↔ … ↔ C ↔ W inside O leads from `name` to a mediator."""
        graph, mediators = self.criterion.graph, self.criterion.mediators
        through = (self.names | self.held) & self.above
        todo, seen = [name], {name}
        while todo:
            here = todo.pop()
            beside = graph.siblings(here) | (graph.children(here) if here == name else frozenset())
            if beside & mediators:
                return True
            fresh = (beside & through) - seen
            seen |= fresh
            todo += fresh
        return False


def _parents(graph: CausalGraph, names: frozenset[str]) -> frozenset[str]:
    return frozenset().union(*(graph.parents(name) for name in names))


def _siblings(graph: CausalGraph, names: frozenset[str]) -> frozenset[str]:
    return frozenset().union(*(graph.siblings(name) for name in names))
