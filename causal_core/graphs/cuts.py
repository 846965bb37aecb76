"""Cuts of an undirected graph: sets of nodes that part one node from another.

A cut is minimal where it cannot lose a node. There may be exponentially many of them; they
come one at a time, each in polynomial time.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from causal_core.graphs.augmented import Neighbours


def cuts(near: Neighbours, one: str, other: str) -> Iterator[frozenset[str]]:
    """All minimal cuts between two nodes that no edge joins, the one nearest to `one` first.

    Berry, Bordat & Cogis (1999), *Generating all the minimal separators of a graph*: what is
    cut off grows by one node of the cut at a time; polynomial time for each cut.
    """
    first = nearest(near, one, other)
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


def nearest(near: Neighbours, one: str, other: str) -> frozenset[str]:
    """The minimal cut nearest to `one`."""
    return _closed(near, frozenset((one,)), other)


def smallest(near: Neighbours, one: str, other: str) -> frozenset[str]:
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
