"""Which columns are joined: pairs that no others make independent.

PC-stable (Colombo & Maathuis 2014, algorithm 4.1): all sets of one size are tested before any
edge goes, so the order of the columns does not matter. Of the sets that separate a pair, the
one with the greatest p-value is kept (Ramsey 2016, PC-Max).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, islice

import numpy as np

from causal_core.discovery.constraint import Independence
from causal_core.discovery.knowledge import Rules

ALPHA = 0.01  # how unlikely rows must be for two columns to count as dependent
_AT_ONCE = 4096  # tests between two looks at the clock
_APART_SIZE = 3  # columns of a separating set that is looked for where an edge is forbidden

Pair = tuple[int, int]
Query = tuple[int, int, tuple[int, ...]]


@dataclass(eq=False)
class Skeleton:
    """Joined pairs bool [p, p]; what separates the others; whether time sufficed."""

    adjacent: np.ndarray
    separators: dict[Pair, frozenset[int]] = field(default_factory=dict)
    complete: bool = True

    def separates(self, column: int, one: int, other: int) -> bool | None:
        """Whether `column` is in the set that makes the two independent; None if none is known."""
        known = self.separators.get((min(one, other), max(one, other)))
        return None if known is None else column in known


def found_skeleton(test: Independence, rules: Rules, end: float = np.inf) -> Skeleton:
    """The skeleton by tests, ended at `end` on the monotonic clock with what is left by then.

    Required pairs are joined, pairs forbidden both ways are not; columns that stand after
    both of a pair are never given.
    """
    possible = rules.allowed | rules.allowed.T | rules.required | rules.required.T
    skeleton = Skeleton(possible & ~np.eye(test.size, dtype=bool))
    for size in range(test.size - 1):
        if not thinned(skeleton, skeleton.adjacent.copy(), size, test, rules, end):
            break
    _separate_forbidden(skeleton, ~possible, test, rules, end)
    return skeleton


def thinned(
    skeleton: Skeleton,
    pool: np.ndarray,
    size: int,
    test: Independence,
    rules: Rules,
    end: float = np.inf,
) -> bool:
    """Take away, in place, the pairs that `size` columns of a pool separate.

    `pool[x]`: what may be given for a pair with x, bool [p, p]. Returns whether there was
    anything to test and time to do so.
    """
    pairs = np.argwhere(np.triu(skeleton.adjacent & ~(rules.required | rules.required.T)))
    queries = _queries(pairs, pool, size, rules)
    best, asked = _separating(queries, size, test, ALPHA, end)
    for pair, (_, given) in best.items():
        skeleton.adjacent[pair] = skeleton.adjacent[pair[::-1]] = False
        skeleton.separators[pair] = frozenset(given)
    if next(queries, None) is not None:
        skeleton.complete = False
    return asked and skeleton.complete


def _separating(
    queries: Iterator[Query], size: int, test: Independence, alpha: float, end: float
) -> tuple[dict[Pair, tuple[float, tuple[int, ...]]], bool]:
    """For each pair the set with the greatest p-value above `alpha`; whether any was asked."""
    best: dict[Pair, tuple[float, tuple[int, ...]]] = {}
    asked = False
    while time.monotonic() <= end and (now := list(islice(queries, _AT_ONCE))):
        asked = True
        one, other = (np.array([query[side] for query in now]) for side in (0, 1))
        given = np.array([query[2] for query in now], dtype=int).reshape(len(now), size)
        p_values = test.p_values(one, other, given)
        for i in (p_values > alpha).nonzero()[0]:
            x, y, names = now[i]
            if p_values[i] > best.get((x, y), (alpha, ()))[0]:
                best[x, y] = float(p_values[i]), names
    return best, asked


def _queries(pairs: np.ndarray, pool: np.ndarray, size: int, rules: Rules) -> Iterator[Query]:
    for x, y in pairs.tolist():
        after = rules.earlier[x] & rules.earlier[y]
        one, other = (
            [z for z in (pool[side] & ~after).nonzero()[0].tolist() if z not in (x, y)]
            for side in (x, y)
        )
        yield from ((x, y, given) for given in combinations(one, size))
        tested = set(one)
        yield from (
            (x, y, given) for given in combinations(other, size) if not tested.issuperset(given)
        )


def _separate_forbidden(
    skeleton: Skeleton, forbidden: np.ndarray, test: Independence, rules: Rules, end: float
) -> None:
    """For pairs that knowledge keeps apart: the set that comes nearest to separating them."""
    pairs = np.argwhere(np.triu(forbidden, 1))
    for size in range(_APART_SIZE + 1 if len(pairs) else 0):
        queries = _queries(pairs, skeleton.adjacent, size, rules)
        best, _ = _separating(queries, size, test, -1.0, end)
        for pair, (p_value, given) in best.items():
            if p_value > ALPHA and pair not in skeleton.separators:
                skeleton.separators[pair] = frozenset(given)
