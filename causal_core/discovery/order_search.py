"""The search over causal orders that every score shares.

An order stands for the graph in which each column has the best parents among those before
it. Columns move, one at a time, to where the whole graph scores best (BOSS: Andrews et al.
2023, algorithm 2), and the best order found is shaken, or one of its arrows turned, and
improved again as often as the budget allows (iterated local search, as in FLOP: Wienöbst,
Bannach & Liśkiewicz 2025).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from causal_core.discovery.grow_shrink import GrowShrinkTree
from causal_core.discovery.knowledge import Rules
from causal_core.discovery.scores import LocalScore

_GAIN = 1e-6
_SHAKEN = 4  # columns moved at random before every second restart
_PATIENCE, _AT_LEAST = 5, 5.0  # times as long as is given, and seconds, for the first search


@dataclass(frozen=True, eq=False)
class Found:
    """A graph of arrows bool [p, p], its score in nats, and the order it comes from."""

    dag: np.ndarray
    score: float
    order: tuple[int, ...]


class OrderSearch:
    """Searches under one score and one set of rules; what it has grown it remembers."""

    def __init__(self, score: LocalScore, rules: Rules) -> None:
        self._size = score.size
        required = [tuple(rules.required[:, j].nonzero()[0].tolist()) for j in range(self._size)]
        allowed = [_bits(rules.allowed[:, j]) for j in range(self._size)]
        self._trees = [GrowShrinkTree(score, j, allowed[j], required[j]) for j in range(self._size)]
        self._before = [_bits(rules.earlier[:, j]) for j in range(self._size)]
        self._after = [_bits(rules.earlier[j]) for j in range(self._size)]

    def run(
        self,
        rng: np.random.Generator,
        restarts: int,
        seconds: float = float("inf"),
        start: tuple[int, ...] | None = None,
        tell: Callable[[Found, float], None] | None = None,
    ) -> Found:
        """The best of the first search and `restarts` more, within about `seconds`.

        These are of computing, so that a busy machine finds the same; the first search may
        take a few times as long before it is cut short.
        `tell` hears of every improvement, with the share of restarts done; what it raises
        ends the search.
        """
        begun = time.thread_time()
        end = begun + seconds
        order = list(start) if start else self._settled(rng.permutation(self._size).tolist())
        best, value = self._improved(order, begun + max(_PATIENCE * seconds, _AT_LEAST))
        if tell:
            tell(self._found(best, value), 0.0)
        for done in range(restarts):
            if time.thread_time() > end:
                break
            kicked = self._shaken(best, rng) if done % 2 else self._turned(best, rng, end)
            order, score = self._improved(kicked, end)
            if score > value - _GAIN:
                best, value = order, score
            if tell:
                tell(self._found(best, value), (done + 1) / restarts)
        return self._found(best, value)

    def turned(self, found: Found, which: np.ndarray) -> np.ndarray:
        """What turning each of the arrows `which` around costs, in nats [p, p], else 0.

        All other arrows may follow: the best graph is searched in which the effect stands
        before the cause. ∞ where the rules have it so.
        """
        costs = np.zeros((self._size, self._size))
        for i, j in np.argwhere(found.dag & which).tolist():
            if self._before[j] >> i & 1:
                costs[i, j] = np.inf
            else:
                order = self._with_turned(list(found.order), i, j, np.inf)
                costs[i, j] = found.score - self._value(order)
        return costs

    def _with_turned(self, order: list[int], cause: int, effect: int, end: float) -> list[int]:
        """The order improved while `effect` is held before `cause`."""
        order = [k for k in order if k != effect]
        order.insert(order.index(cause), effect)
        self._swap_rule(effect, cause)
        try:
            return self._improved(self._settled(order), end)[0]
        finally:
            self._swap_rule(effect, cause)

    def _swap_rule(self, first: int, second: int) -> None:
        """Hold `first` before `second`, or stop doing so."""
        self._before[second] ^= 1 << first
        self._after[first] ^= 1 << second

    def _improved(self, order: list[int], end: float) -> tuple[list[int], float]:
        """Columns moved until none gains by moving, and the score."""
        value = self._value(order)
        while True:
            before = value
            for node in list(order):
                order, value = self._moved(order, node, value)
            if value <= before + _GAIN or time.thread_time() > end:
                return order, value

    def _moved(self, order: list[int], node: int, value: float) -> tuple[list[int], float]:
        """`node` where the whole scores best: with one pass up and one pass down."""
        others = [other for other in order if other != node]
        tree, trees, bit = self._trees[node], self._trees, 1 << node
        # at[i]: the score with `node` before others[i:], others[:i] as if it were not there
        at, behind, prefix = [], 0.0, 0
        for other in others:
            at.append(behind + tree.best(prefix)[0])
            behind += trees[other].best(prefix)[0]
            prefix |= 1 << other
        at.append(behind + tree.best(prefix)[0])
        ahead = 0.0
        for place in range(len(others) - 1, -1, -1):
            other = others[place]
            prefix &= ~(1 << other)
            ahead += trees[other].best(prefix | bit)[0]
            at[place] += ahead
        first, last = self._room(others, node)
        place = max(range(first, last + 1), key=lambda i: at[i])
        if at[place] <= value + _GAIN:
            return order, value
        return [*others[:place], node, *others[place:]], at[place]

    def _room(self, others: list[int], node: int) -> tuple[int, int]:
        """The first and last place where `node` may stand among the others."""
        first, last = 0, len(others)
        for place, other in enumerate(others):
            if self._before[node] >> other & 1:
                first = place + 1
            if self._after[node] >> other & 1:
                last = min(last, place)
        return first, last

    def _shaken(self, order: list[int], rng: np.random.Generator) -> list[int]:
        for _ in range(_SHAKEN):
            node = int(rng.integers(self._size))
            others = [other for other in order if other != node]
            first, last = self._room(others, node)
            place = int(rng.integers(first, last + 1))
            order = [*others[:place], node, *others[place:]]
        return order

    def _turned(self, order: list[int], rng: np.random.Generator, end: float) -> list[int]:
        """The best order with one arrow of the graph, drawn at random, the other way."""
        free = [
            (i, j)
            for i, j in np.argwhere(self._found(order, 0.0).dag).tolist()
            if not self._before[j] >> i & 1
        ]
        return self._with_turned(order, *free[rng.integers(len(free))], end) if free else order

    def _settled(self, order: list[int]) -> list[int]:
        """The same order, each column behind all that must come before it."""
        done: list[int] = []
        seen = 0
        while len(done) < len(order):
            free = (j for j in order if not seen >> j & 1 and not self._before[j] & ~seen)
            done.append(next(free))
            seen |= 1 << done[-1]
        return done

    def _value(self, order: list[int]) -> float:
        value, prefix = 0.0, 0
        for node in order:
            value += self._trees[node].best(prefix)[0]
            prefix |= 1 << node
        return value

    def _found(self, order: list[int], value: float) -> Found:
        dag = np.zeros((self._size, self._size), dtype=bool)
        prefix = 0
        for node in order:
            dag[list(self._trees[node].best(prefix)[1]), node] = True
            prefix |= 1 << node
        return Found(dag, value, tuple(order))


def _bits(flags: np.ndarray) -> int:
    return sum(1 << int(j) for j in flags.nonzero()[0])
