"""FCI: the graphs that rows allow where unmeasured things may cause two columns.

Spirtes, Glymour & Scheines (2000), *Causation, Prediction, and Search*, chapter 6; order-free as
in Colombo & Maathuis (2014); the rules are Zhang's (2008).
"""

from __future__ import annotations

import numpy as np

from causal_core.discovery import zhang
from causal_core.discovery.constraint import Independence
from causal_core.discovery.knowledge import Rules
from causal_core.discovery.skeleton import Skeleton, found_skeleton, thinned
from causal_core.graphs.ancestral import CIRCLE, HEAD, TAIL, Ends, arrows
from causal_core.graphs.partial import on_circle


def fci(
    test: Independence, rules: Rules, end: float = np.inf, deepest: int | None = None
) -> tuple[Ends, bool]:
    """(ends int8 [p, p], whether time sufficed until `end` on the monotonic clock).

    `deepest`: how many columns of a possible-d-sep set are given at most. The ends obey
    `rules`; arrows that would form a circle, as tests of few rows may find, are left open.
    """
    skeleton = found_skeleton(test, rules, end)
    sizes = range(1, (test.size - 2 if deepest is None else deepest) + 1)
    if skeleton.complete:
        pool = possible_d_sep(_begun(skeleton, rules))
        for size in sizes:
            if not thinned(skeleton, pool, size, test, rules, end):
                break
    ends = _begun(skeleton, rules)
    zhang.direct(ends, skeleton)
    _open_circles(ends, rules)
    return ends, skeleton.complete


def possible_d_sep(ends: Ends) -> np.ndarray:
    """Possible-D-SEP of each column: bool [p, p].

    All that a path leads to on which every inner node is a collider or has its two
    neighbours joined.
    """
    found = np.zeros(ends.shape, dtype=bool)
    for start in range(len(ends)):
        todo = [(start, int(b)) for b in ends[start].nonzero()[0]]
        seen = set(todo)
        while todo:
            a, b = todo.pop()
            found[start, b] = True
            passes = (ends[a] != 0) | ((ends[:, b] == HEAD) & (ends[a, b] == HEAD))
            for c in ((ends[b] != 0) & passes).nonzero()[0].tolist():
                if c not in (a, start) and (b, c) not in seen:
                    seen.add((b, c))
                    todo.append((b, c))
    return found


def _begun(skeleton: Skeleton, rules: Rules) -> Ends:
    """Circles, what is known, and the colliders."""
    ends = np.where(skeleton.adjacent, CIRCLE, 0).astype(np.int8)
    ends[skeleton.adjacent & (rules.oriented | rules.earlier | rules.required)] = HEAD
    ends.T[skeleton.adjacent & rules.required] = TAIL
    zhang.with_colliders(ends, skeleton)
    return ends


def _open_circles(ends: Ends, rules: Rules) -> None:
    """Leave open, in place, what a circle of arrows takes for causes."""
    ends.T[on_circle(arrows(ends)) & ~rules.required] = CIRCLE
