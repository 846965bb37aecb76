"""Walking along arrows: reachability, an order of causes before effects, a cycle."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

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
    """All nodes of an acyclic graph, causes first; ties in the mapping's own order."""
    waiting = dict.fromkeys(children, 0)
    for below in children.values():
        for name in below:
            waiting[name] += 1
    done: list[str] = []
    while len(done) < len(children):
        ready = next(name for name, count in waiting.items() if count == 0)
        del waiting[ready]
        done.append(ready)
        for name in children[ready]:
            waiting[name] -= 1
    return tuple(done)


def cycle(children: Neighbours) -> tuple[str, ...]:
    """A shortest cycle as a path that ends where it starts, or () where there is none."""
    found = (path for name in children if (path := _loop(name, children)))
    return min(found, key=len, default=())


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
