"""The paths between cause and outcome: causal or not, open or blocked, and by what.

A path is open where information passes every node on it: a *collider* (two arrowheads meet)
passes when it or a descendant is held, any other node passes when it is not held. Latent
nodes are shown as they are drawn.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import pairwise

from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.identification.criterion import Names, named, need_question
from causal_core.identification.walks import Walks, Way

SORTS = ((False, True), (True, True), (False, False), (True, False))  # (causal, open)


@dataclass(frozen=True)
class Path:
    """One way from a cause to an outcome.

    `causal`: all its arrows point to the outcome; `blockers`: the nodes that block it, held
    ones and colliders that are not; `opened`: the colliders on it that holding something
    opened, whether or not the path is open as a whole.
    """

    nodes: tuple[str, ...]
    edges: tuple[Edge, ...]
    causal: bool
    blockers: tuple[str, ...]
    opened: tuple[str, ...]

    @property
    def open(self) -> bool:
        """Whether information passes along it."""
        return not self.blockers

    @property
    def text(self) -> str:
        """The path as one reads it: x ← z → y."""
        words = [self.nodes[0]]
        for edge, name in zip(self.edges, self.nodes[1:], strict=True):
            along = "→" if edge.target == name else "←"
            words += ["↔" if edge.kind == "<->" else along, name]
        return " ".join(words)


@dataclass(frozen=True)
class Paths:
    """Paths, short ones first within each sort, and whether these are all there are."""

    paths: tuple[Path, ...]
    complete: bool


def paths(
    graph: CausalGraph,
    treatment: Names,
    outcome: Names,
    given: Names = (),
    *,
    most: int = 100,
    seconds: float = 0.3,
) -> Paths:
    """The paths from treatment to outcome, open ones first, with `given` held.

    Of several causes and outcomes, a path leaves the causes for good and ends at the first
    outcome. At most `most` paths and for about `seconds`, of which each sort has its share:
    biasing, causal, then blocked ones, of which there may be very many.

    >>> graph = CausalGraph.parse("x <- z -> y x -> c <- y x -> y")
    >>> [path.text for path in paths(graph, "x", "y", "z").paths if path.open]
    ['x → y']
    """
    return _sorts(graph, treatment, outcome, given, SORTS, most, seconds)


def open_paths(
    graph: CausalGraph,
    treatment: Names,
    outcome: Names,
    given: Names = (),
    *,
    most: int = 100,
    seconds: float = 0.3,
) -> Paths:
    """The open paths alone, those that bias first; otherwise as `paths`."""
    return _sorts(graph, treatment, outcome, given, SORTS[:2], most, seconds)


def _sorts(
    graph: CausalGraph,
    treatment: Names,
    outcome: Names,
    given: Names,
    sorts: tuple[tuple[bool, bool], ...],
    most: int,
    seconds: float,
) -> Paths:
    causes, outcomes = need_question(graph, treatment, outcome)
    walks = Walks(graph, causes, outcomes, named(graph, given) | graph.selected)
    found, complete, end = list[Path](), True, time.monotonic() + seconds
    for place, (causal, free) in enumerate(sorts):
        now = time.monotonic()
        share = max(end - now, 0.0) / (len(sorts) - place)
        some = paths_of_sort(walks, causal, free, most - len(found), now + share)
        found, complete = [*found, *some.paths], complete and some.complete
    return Paths(tuple(found), complete)


def paths_of_sort(walks: Walks, causal: bool, free: bool, most: int, until: float) -> Paths:
    """The first `most` paths that are causal and open, or not, as far as time allows."""
    found: list[Path] = []
    for way in walks.paths(causal, not free, until):
        if way is None or len(found) == most:
            return Paths(tuple(found), False)
        found.append(_described(walks, way, causal))
    return Paths(tuple(found), True)


def _described(walks: Walks, way: Way, causal: bool) -> Path:
    nodes, edges = way
    blockers, opened = list[str](), list[str]()
    for name, (before, after) in zip(nodes[1:-1], pairwise(edges), strict=True):
        collider = _points(before, name) and _points(after, name)
        if not walks.passes(name, collider):
            blockers.append(name)
        elif collider:
            opened.append(name)
    return Path(nodes, edges, causal, tuple(blockers), tuple(opened))


def _points(edge: Edge, name: str) -> bool:
    return edge.kind == "<->" or edge.target == name
