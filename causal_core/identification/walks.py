"""Finding paths of one sort between causes and outcomes, the shortest first.

A path is followed edge by edge through states that say what counts of it so far: where it is,
whether it came in by an arrowhead, whether all arrows pointed forwards, whether something
blocked it. How far each state is from an end of the wanted sort is known beforehand, from
walks, which may pass a node twice; so no step is taken that cannot lead there, and the search
(best first) comes upon short paths in an order of their lengths.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from causal_core.graphs.graph import CausalGraph, Edge


class State(NamedTuple):
    """Where a walk is, and all that counts of the way there."""

    node: str
    head: bool  # the last edge has its arrowhead at the node
    causal: bool  # all edges were arrows along the way
    blocked: bool  # some node on the way lets nothing pass


class Move(NamedTuple):
    """One edge as it is walked: `leaves` and `enters` say where its arrowheads are."""

    edge: Edge
    node: str
    leaves: bool
    enters: bool


Way = tuple[tuple[str, ...], tuple[Edge, ...]]


@dataclass(frozen=True)
class Walks:
    """The ways from `causes`, which they leave for good, to the first of `outcomes`."""

    graph: CausalGraph
    causes: frozenset[str]
    outcomes: frozenset[str]
    given: frozenset[str]

    def paths(self, causal: bool, blocked: bool, until: float) -> Iterator[Way | None]:
        """The paths of one sort, short ones first; None at last if the time `until` is over.

        `until` is on the clock of `time.monotonic`.
        """
        far = self._distances(causal, blocked)
        ticket = count()
        todo: list[tuple[int, int, int, State, Way]] = []
        for cause in sorted(self.causes):
            start = State(cause, False, True, False)
            if start in far:
                heappush(todo, (far[start], 0, next(ticket), start, ((cause,), ())))
        while todo:
            if time.monotonic() > until:
                yield None
                return
            _, _, _, state, (nodes, edges) = heappop(todo)
            if state.node in self.outcomes:
                yield nodes, edges
                continue
            for move, after in self._steps(state):
                if after in far and after.node not in nodes:
                    way = (*nodes, after.node), (*edges, move.edge)
                    bound = len(nodes) + far[after]
                    heappush(todo, (bound, -len(nodes), next(ticket), after, way))

    def passes(self, name: str, collider: bool) -> bool:
        """Whether information passes a node between two edges."""
        return name in self.opened if collider else name not in self.given

    @cached_property
    def opened(self) -> frozenset[str]:
        """Where a collider passes: what is given, and all that causes it."""
        return self.graph.ancestors(self.given)

    @cached_property
    def moves(self) -> dict[str, list[Move]]:
        """The edges at each node as they are walked from it; none lead into a cause."""
        found: dict[str, list[Move]] = {name: [] for name in self.graph.nodes}
        for edge in self.graph.edges:
            back = edge.kind != "->"
            found[edge.source].append(Move(edge, edge.target, back, True))
            found[edge.target].append(Move(edge, edge.source, True, back))
        return {
            name: [move for move in moves if move.node not in self.causes]
            for name, moves in found.items()
        }

    def _steps(self, state: State) -> Iterator[tuple[Move, State]]:
        if state.node in self.outcomes:
            return
        first = state.node in self.causes
        for move in self.moves[state.node]:
            free = first or self.passes(state.node, state.head and move.leaves)
            along = state.causal and not move.leaves
            yield move, State(move.node, move.enters, along, state.blocked or not free)

    @cached_property
    def _before(self) -> dict[State, list[State]]:
        """Every state that a walk may come to, with the states just before it."""
        todo = [State(cause, False, True, False) for cause in sorted(self.causes)]
        found: dict[State, list[State]] = {state: [] for state in todo}
        for state in todo:
            for _, after in self._steps(state):
                if after not in found:
                    found[after] = []
                    todo.append(after)
                found[after].append(state)
        return found

    def _distances(self, causal: bool, blocked: bool) -> dict[State, int]:
        """How many edges the shortest walk to an end of the sort has, from each state."""
        sort = (causal, blocked)
        todo = [s for s in self._before if s.node in self.outcomes and s[2:] == sort]
        far = dict.fromkeys(todo, 0)
        for state in todo:
            for before in self._before[state]:
                if before not in far:
                    far[before] = far[state] + 1
                    todo.append(before)
        return far
