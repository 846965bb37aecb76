"""Graphs whose ends are marked: what rows say where causes may be unmeasured.

An end is an arrowhead (this one does not cause the other), a tail (it does) or a circle (the
rows fit both); a partial ancestral graph (PAG) shows the ends that all maximal ancestral
graphs of a class share (Richardson & Spirtes 2002; Zhang 2008). Rows are taken not to be
selected, so no edge has two tails.

Inside, a graph is int8 [p, p]: `ends[i, j]` is the end at j of the edge between i and j.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from causal_core.errors import GraphError
from causal_core.graphs.graph import CausalGraph, Edge

NONE, CIRCLE, HEAD, TAIL = range(4)
Ends = np.ndarray  # int8 [p, p]

_MARKS = {"->": (TAIL, HEAD), "<->": (HEAD, HEAD), "o->": (CIRCLE, HEAD), "o-o": (CIRCLE, CIRCLE)}


def ends_of(graph: CausalGraph) -> Ends:
    """The ends of `graph`; GraphError for an edge `--`, or for two edges between two nodes."""
    place = {name: i for i, name in enumerate(graph.nodes)}
    ends = np.zeros((len(place), len(place)), dtype=np.int8)
    for edge in graph.edges:
        i, j = place[edge.source], place[edge.target]
        if edge.kind not in _MARKS or ends[i, j]:
            raise GraphError(
                f"“{edge}” is no edge of an ancestral graph.", "Keep one edge with marked ends."
            )
        ends[j, i], ends[i, j] = _MARKS[edge.kind]
    return ends


def from_ends(nodes: Sequence[str], ends: Ends) -> CausalGraph:
    """The graph of these ends over `nodes`."""
    kinds = {marks: kind for kind, marks in _MARKS.items()}
    found = []
    for i, j in zip(*np.triu(ends).nonzero(), strict=True):
        marks = int(ends[j, i]), int(ends[i, j])
        if marks in kinds:
            found.append(Edge(nodes[i], nodes[j], kinds[marks]))
        else:
            found.append(Edge(nodes[j], nodes[i], kinds[marks[::-1]]))
    return CausalGraph(tuple(nodes), tuple(found))


def arrows(ends: Ends) -> np.ndarray:
    """Where an arrow leads from one to another: bool [p, p]."""
    return np.asarray((ends == HEAD) & (ends.T == TAIL))


def representative(pag: CausalGraph) -> CausalGraph:
    """A graph of `->` and `<->` that implies the independencies of the whole class.

    `o->` becomes `->`, and the edges `o-o` are directed without a new unshielded collider
    (Zhang 2008, theorem 2). Where the edges are those of no class, as they may be when rows
    are few, an arrow that would close a circle becomes `<->`: its target does not cause its
    source, which is all that `o->` says. Raises GraphError for an edge `--`.

    >>> [str(edge) for edge in representative(CausalGraph.parse("a @-> b <-@ c @-@ d")).edges]
    ['a -> b', 'c -> b', 'c -> d']
    """
    ends = ends_of(pag)
    circles = (ends == CIRCLE) & (ends.T == CIRCLE)
    after = np.argsort(_order(circles))
    first = circles & (after[:, None] < after[None, :])
    half = (ends == HEAD) & (ends.T == CIRCLE)
    for i, j in (*np.argwhere(half), *np.argwhere(first)):
        ends[i, j] = HEAD
        ends[j, i] = HEAD if _leads(arrows(ends), j, i) else TAIL
    return from_ends(pag.nodes, ends)


def cautious(pag: CausalGraph) -> CausalGraph:
    """The same, and an unmeasured cause wherever the ends leave one open.

    >>> [str(edge) for edge in cautious(CausalGraph.parse("a @-> b <-> c")).edges]
    ['a -> b', 'a <-> b', 'b <-> c']
    """
    found = representative(pag)
    doubt = (Edge(e.source, e.target, "<->") for e in pag.edges if e.kind in ("o->", "o-o"))
    return replace(found, edges=(*found.edges, *doubt))


def _order(circles: np.ndarray) -> list[int]:
    """An order in which the neighbours before each node are joined, if there is one.

    Maximum cardinality search (Tarjan & Yannakakis 1984); the circles of a class are chordal.
    """
    seen, order = np.zeros(len(circles), dtype=int), list[int]()
    for _ in range(len(circles)):
        order.append(int(seen.argmax()))
        seen += circles[order[-1]]
        seen[order[-1]] = -len(circles)
    return order


def _leads(arrow: np.ndarray, start: int, goal: int) -> bool:
    """Whether arrows lead from `start` to `goal`."""
    seen = np.zeros(len(arrow), dtype=bool)
    new = arrow[start].copy()
    while new.any() and not new[goal]:
        seen |= new
        new = arrow[new].any(0) & ~seen
    return bool(new[goal])
