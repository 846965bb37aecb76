"""The rules that direct the ends of a partial ancestral graph.

Zhang (2008), *On the completeness of orientation rules for causal discovery in the presence
of latent confounders and selection bias*: rules R0 to R4 and R8 to R10. R5 to R7 speak of
selected rows, which are taken not to be. A rule only ever changes circles.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from causal_core.discovery.skeleton import Skeleton
from causal_core.graphs.ancestral import CIRCLE, HEAD, NONE, TAIL, Ends, arrows


def with_colliders(ends: Ends, skeleton: Skeleton) -> None:
    """R0, in place: a *-> b <-* c where a and c are apart and b is not what separates them."""
    for b in range(len(ends)):
        near = ends[b].nonzero()[0].tolist()
        for at, a in enumerate(near):
            for c in near[at + 1 :]:
                if ends[a, c] or skeleton.separates(b, a, c) is not False:
                    continue
                if TAIL not in (ends[a, b], ends[c, b]):
                    ends[a, b] = ends[c, b] = HEAD


def direct(ends: Ends, skeleton: Skeleton) -> None:
    """All other rules, in place, until none changes an end."""
    while True:
        before = ends.copy()
        _r1(ends)
        _r2(ends)
        _r3(ends)
        _r4(ends, skeleton)
        _r8(ends)
        _r9_and_r10(ends)
        if np.array_equal(before, ends):
            return


def _apart(ends: Ends) -> np.ndarray:
    found = ends == NONE
    np.fill_diagonal(found, False)
    return np.asarray(found)


def _r1(ends: Ends) -> None:
    """a *-> b o-* c, a and c apart: b → c."""
    into = (ends == HEAD).astype(np.float32)
    fires = ((into.T @ _apart(ends)) > 0) & (ends.T == CIRCLE)
    for b, c in np.argwhere(fires):
        if ends[c, b] == CIRCLE:
            ends[c, b], ends[b, c] = TAIL, HEAD


def _r2(ends: Ends) -> None:
    """a → b *-> c or a *-> b → c, and a *-o c: a *-> c."""
    into, arrow = (ends == HEAD).astype(np.float32), arrows(ends).astype(np.float32)
    ends[((arrow @ into + into @ arrow) > 0) & (ends == CIRCLE)] = HEAD


def _r3(ends: Ends) -> None:
    """a *-> b <-* c, a *-o d o-* c, a and c apart, d *-o b: d *-> b."""
    apart = _apart(ends)
    for d, b in np.argwhere(ends == CIRCLE):
        both = (ends[:, b] == HEAD) & (ends[:, d] == CIRCLE)
        if apart[np.ix_(both, both)].any():
            ends[d, b] = HEAD


def _r4(ends: Ends, skeleton: Skeleton) -> None:
    """A discriminating path (d, …, a, b, c) for b, b o-* c: b → c where b is among what
    separates d and c, else a <-> b <-> c."""
    for c, b in np.argwhere(ends == CIRCLE):
        for a, d in _discriminating(ends, b, c):
            inside = skeleton.separates(int(b), d, int(c))
            if inside is None or ends[c, b] != CIRCLE:
                continue
            if inside:
                ends[c, b], ends[b, c] = TAIL, HEAD
            else:
                ends[c, b] = ends[b, c] = HEAD
                ends[a, b] = HEAD if ends[a, b] == CIRCLE else ends[a, b]


def _discriminating(ends: Ends, b: int, c: int) -> list[tuple[int, int]]:
    """(a, d) of the shortest discriminating paths for b: inner nodes are colliders, and
    parents of c; d is apart from c."""
    parents = arrows(ends)[:, c]
    starts = (parents & (ends[b] == HEAD)).nonzero()[0].tolist()
    todo = deque((a, a) for a in starts)
    seen, found = {b, c, *starts}, []
    while todo:
        a, at = todo.popleft()
        for d in (ends[:, at] == HEAD).nonzero()[0].tolist():
            if d in seen:
                continue
            if not ends[d, c]:
                found.append((a, d))
            elif parents[d] and ends[at, d] == HEAD:
                seen.add(d)
                todo.append((a, d))
    return found


def _r8(ends: Ends) -> None:
    """a → b → c and a o-> c: a → c."""
    arrow = arrows(ends).astype(np.float32)
    half = (ends == HEAD) & (ends.T == CIRCLE)
    ends.T[((arrow @ arrow) > 0) & half] = TAIL


def _r9_and_r10(ends: Ends) -> None:
    """a o-> c: a → c where every way out of a leads to c.

    R9: by an uncovered path (a, b, …, c), b and c apart. R10: by two of them to two parents
    of c, whose first steps are apart.
    """
    for a, c in np.argwhere((ends == HEAD) & (ends.T == CIRCLE)):
        steps = [int(b) for b in _onward(ends, a).nonzero()[0] if b != c]
        reached = {b: _reached(ends, int(a), b) for b in steps}
        ninth = any(reached[b][c] and not ends[b, c] for b in steps)
        parents = arrows(ends)[:, c]
        ways = [(b, reached[b] & parents) for b in steps if (reached[b] & parents).any()]
        tenth = any(
            not ends[b, d] and (one | other).sum() > 1
            for i, (b, one) in enumerate(ways)
            for d, other in ways[i + 1 :]
        )
        if ninth or tenth:
            ends[c, a] = TAIL


def _onward(ends: Ends, a: int) -> np.ndarray:
    """Where an edge that may be an arrow leads from a, bool [p]."""
    return np.asarray((ends[a] != NONE) & (ends[:, a] != HEAD) & (ends[a] != TAIL))


def _reached(ends: Ends, a: int, b: int) -> np.ndarray:
    """Where uncovered paths (a, b, …) of edges that may be arrows lead, bool [p].

    On a path that is uncovered, no node is joined to the one after the next.
    """
    found = np.zeros(len(ends), dtype=bool)
    seen, todo = {(a, b)}, [(a, b)]
    while todo:
        before, at = todo.pop()
        found[at] = True
        for after in (_onward(ends, at) & (ends[before] == NONE)).nonzero()[0].tolist():
            if after not in (before, a) and (at, after) not in seen:
                seen.add((at, after))
                todo.append((at, after))
    return found
