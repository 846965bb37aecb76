"""PC: the equivalence class of graphs by tests of independence.

Spirtes, Glymour & Scheines (2000), chapter 5; order-free as in Colombo & Maathuis (2014).
"""

from __future__ import annotations

import numpy as np

from causal_core.discovery.constraint import Independence
from causal_core.discovery.knowledge import Rules
from causal_core.discovery.skeleton import Skeleton, found_skeleton
from causal_core.graphs.partial import close, on_circle


def pc(
    test: Independence, rules: Rules, end: float = np.inf
) -> tuple[np.ndarray, np.ndarray, bool]:
    """(arrows, open edges, whether time sufficed until `end` on the monotonic clock).

    Both bool [p, p]. Where two colliders direct an edge against one another, and where
    arrows form a circle, edges are left open: the tests contradict each other there.
    """
    skeleton = found_skeleton(test, rules, end)
    known = skeleton.adjacent & (rules.oriented | rules.earlier | rules.required)
    directed = _colliders(skeleton)
    directed = known | (directed & ~directed.T & ~known.T)
    open_ = skeleton.adjacent & ~(directed | directed.T)
    close(directed, open_)
    circle = on_circle(directed) & ~rules.required
    directed &= ~circle
    return directed, open_ | circle | circle.T, skeleton.complete


def _colliders(skeleton: Skeleton) -> np.ndarray:
    """Arrows a → b ← c where a and c are apart and b is not what separates them."""
    found = np.zeros_like(skeleton.adjacent)
    for b in range(len(found)):
        near = skeleton.adjacent[b].nonzero()[0].tolist()
        for at, a in enumerate(near):
            for c in near[at + 1 :]:
                if not skeleton.adjacent[a, c] and skeleton.separates(b, a, c) is False:
                    found[a, b] = found[c, b] = True
    return found
