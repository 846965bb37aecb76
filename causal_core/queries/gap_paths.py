"""The open back-door paths of a graph without latent nodes, as the edges that they follow."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice, pairwise

from causal_core.graphs.graph import CausalGraph, Edge

Path = tuple[Edge, ...]

MOST = 60


def trek_path(graph: CausalGraph, nodes: Sequence[str]) -> Path | None:
    """The arrows between these nodes in a row, each up or down; None where one is missing."""
    known = frozenset(graph.edges)
    steps = [
        next((e for e in (Edge(b, a), Edge(a, b)) if e in known), None) for a, b in pairwise(nodes)
    ]
    return None if None in steps else tuple(e for e in steps if e is not None)


def tails(graph: CausalGraph, start: str, end: str, within: Collection[str]) -> tuple[Path, ...]:
    """Directed paths from `start` to `end` through `within`, at most `MOST`."""
    return tuple(islice(_down(graph, start, end, frozenset(within)), MOST))


def hidden_paths(graph: CausalGraph, cause: str, outcome: str) -> tuple[Path, ...]:
    """Open back-door paths with an unmeasured cause at their top, at most `MOST`."""
    return tuple(islice(_hidden(graph, cause, outcome), MOST))


def text(cause: str, path: Path) -> str:
    """The path as it is read.

    >>> text("x", (Edge("z", "x"), Edge("z", "y")))
    'x ← z → y'
    """
    at, told = cause, cause
    for edge in path:
        forward = edge.source == at
        at = edge.target if forward else edge.source
        told += f" {'↔' if edge.kind == '<->' else '→' if forward else '←'} {at}"
    return told


def _down(graph: CausalGraph, start: str, end: str, within: frozenset[str]) -> Iterator[Path]:
    if start == end:
        yield ()
        return
    for child in sorted(graph.children(start) & (within | {end})):
        for rest in _down(graph, child, end, within - {child}):
            yield (Edge(start, child), *rest)


def _hidden(graph: CausalGraph, cause: str, outcome: str) -> Iterator[Path]:
    nodes = frozenset(graph.nodes)
    arcs = [edge for edge in graph.edges if edge.kind == "<->"]
    ends = [(arc, *pair) for arc in arcs for pair in _both_ways(arc)]
    for arc, up, down in ends:
        for left in _down(graph, up, cause, nodes - {outcome}):
            used = {up, cause, *(edge.target for edge in left)}
            if down in used:
                continue
            for right in _down(graph, down, outcome, nodes - used):
                yield (*reversed(left), arc, *right)


def _both_ways(arc: Edge) -> tuple[tuple[str, str], tuple[str, str]]:
    return (arc.source, arc.target), (arc.target, arc.source)
