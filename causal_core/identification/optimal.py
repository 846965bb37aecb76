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
from functools import cached_property
from itertools import islice

from causal_core.graphs import order
from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.separation import connected
from causal_core.identification.criterion import Criterion, Names

MOST_PATHS = 200  # that condition I looks at before it counts as not met


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
    found = _Reached(Criterion(projected, asked.causes, asked.outcomes), asked.held)
    if not found.best:
        return Optimal(None, "The graph alone does not tell which set is most precise.")
    return Optimal(found.names)


@dataclass(frozen=True)
class _Reached:
    """The set O of a graph without latent nodes, where `held` is given besides (Runge's S)."""

    criterion: Criterion
    held: frozenset[str]

    @cached_property
    def names(self) -> frozenset[str]:
        """O itself: parents of the mediators, colliders beside them, and parents of those."""
        beside = _parents(self.criterion.graph, self.colliders)
        return (self.parents | self.colliders | beside) - self.held

    @cached_property
    def parents(self) -> frozenset[str]:
        """The parents of mediators and outcomes that may be held."""
        return _parents(self.criterion.graph, self.criterion.mediators) - self.criterion.forbidden

    @cached_property
    def above(self) -> frozenset[str]:
        """The ancestors of all that is asked about or given, as far as they may be held."""
        asked = self.criterion.causes | self.criterion.outcomes | self.held
        return self.criterion.graph.ancestors(asked) - self.criterion.forbidden

    @cached_property
    def colliders(self) -> frozenset[str]:
        """The nodes of valid collider paths W ↔ C ↔ … from the mediators."""
        graph = self.criterion.graph
        joined = connected(graph, self.criterion.causes, self.above | self.held)
        fit = (self.above | (frozenset(graph.nodes) - joined)) - self.criterion.forbidden
        beside = {name: graph.siblings(name) & fit for name in graph.nodes}
        starts = frozenset().union(*(beside[name] for name in self.criterion.mediators))
        return order.reach(starts, beside)

    @property
    def valid(self) -> bool:
        """Whether O, with what is given, adjusts; it does where any set does (Runge 2021)."""
        return self.criterion.met_by(self.names | (self.held - self.criterion.held))

    @property
    def best(self) -> bool:
        """Whether no strengths of the arrows make another set better (Runge 2021)."""
        return (self._all_tied() and self._no_spouse_helps()) or self._only_one()

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
        beside = _siblings(self.criterion.graph, self.criterion.mediators)
        leading = (path for path in paths if path[-1] in beside)
        return not any(_Reached(self.criterion, self.held.union(path)).valid for path in leading)

    def _paths_from_outside(self) -> Iterator[tuple[str, ...]]:
        """N ↔ C ↔ … ↔ C from outside O, all but N inside it."""
        graph = self.criterion.graph
        near = _siblings(graph, self.criterion.mediators | self.colliders)
        inside = self.names | self.held
        todo: list[tuple[str, ...]] = [
            (name,) for name in sorted(near - self.criterion.forbidden - inside)
        ]
        while todo:
            path = todo.pop()
            yield path
            beside = graph.siblings(path[-1]) & inside
            todo += [(*path, name) for name in sorted(beside) if name not in path]

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
        graph = self.criterion.graph
        through = (self.names | self.held) & self.above
        beside = {node: graph.siblings(node) & through for node in graph.nodes}
        beside[name] |= graph.children(name) & through
        ends = _siblings(graph, self.criterion.mediators)
        return bool(order.reach((name,), beside) & ends)


def _parents(graph: CausalGraph, names: frozenset[str]) -> frozenset[str]:
    return frozenset().union(*(graph.parents(name) for name in names))


def _siblings(graph: CausalGraph, names: frozenset[str]) -> frozenset[str]:
    return frozenset().union(*(graph.siblings(name) for name in names))
