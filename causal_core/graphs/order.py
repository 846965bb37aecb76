"""Walking along arrows: reachability, an order of causes before effects, a cycle."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from heapq import heapify, heappop, heappush

Neighbours = Mapping[str, Collection[str]]


def reach(start: Iterable[str], neighbours: Neighbours) -> frozenset[str]:
    """`start` and every node that a walk from it can come to."""
    seen = set(start)
    todo = list(seen)
    while todo:
        for name in neighbours[todo.pop()]:
            if name not in seen:
                seen.add(name)
                todo.append(name)
    return frozenset(seen)


def topological(children: Neighbours) -> tuple[str, ...]:
    """All nodes of an acyclic graph, causes first; ties in the mapping's own order.

    Nodes on a cycle, and those that one leads to, are left out.
    """
    names = list(children)
    place = {name: i for i, name in enumerate(names)}
    waiting = dict.fromkeys(names, 0)
    for below in children.values():
        for name in below:
            waiting[name] += 1
    ready = [place[name] for name, count in waiting.items() if count == 0]
    heapify(ready)
    done: list[str] = []
    while ready:
        done.append(names[heappop(ready)])
        for name in children[done[-1]]:
            waiting[name] -= 1
            if waiting[name] == 0:
                heappush(ready, place[name])
    return tuple(done)


def cycle(children: Neighbours) -> tuple[str, ...]:
    """A shortest cycle as a path that ends where it starts, or () where there is none."""
    if len(topological(children)) == len(children):
        return ()
    found = (path for name in children if (path := _loop(name, children)))
    return min(found, key=len)


def _loop(start: str, children: Neighbours) -> tuple[str, ...]:
    """The shortest way from `start` back to itself (breadth first), or ()."""
    paths: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    for path in paths:
        for name in children[path[-1]]:
            if name == start:
                return (*path, start)
            if name not in seen:
                seen.add(name)
                paths.append((*path, name))
    return ()
