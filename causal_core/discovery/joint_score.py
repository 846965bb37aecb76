"""Scores that equivalent graphs share: differences of how likely sets of columns are.

Where a column's share of the likelihood is that of it and its causes together over that of
its causes alone, sets are all there is to compute: each serves every column in it as the
effect, and is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np

from causal_core.discovery.scores import Parents


class Joint(Protocol):
    """How likely the rows are, set of columns by set of columns, in nats."""

    @property
    def size(self) -> int:
        """How many columns there are."""

    def whole(self, columns: Parents) -> float:
        """The log-likelihood of these columns; −∞ where they are too many to count."""

    def grown(self, columns: Parents) -> np.ndarray:
        """That [size] of these columns and each further one; theirs say nothing."""

    def shrunk(self, columns: Parents) -> np.ndarray:
        """That [columns] of these columns but each one."""


@dataclass(frozen=True, eq=False)
class JointScore:
    """A local score; `price[i, j]`: what an arrow between the two costs, in nats."""

    joint: Joint
    price: np.ndarray
    _growns: dict[Parents, np.ndarray] = field(default_factory=dict, init=False)
    _shrunks: dict[Parents, np.ndarray] = field(default_factory=dict, init=False)

    @property
    def size(self) -> int:
        """How many columns there are."""
        return self.joint.size

    def local(self, node: int, parents: Parents) -> float:
        """The score of `node` with exactly these parents."""
        together = self.joint.whole((*parents, node))
        if together == -np.inf:
            return together
        return together - self.joint.whole(parents) - self._cost(node, parents)

    def grown(self, node: int, parents: Parents) -> np.ndarray:
        """The score [size] of `node` with each further column."""
        together = self._grown((*parents, node))
        if together[0] == -np.inf:
            return together
        found = together - self._grown(parents)
        found -= self.price[node] + self._cost(node, parents)
        found[[node, *parents]] = -np.inf
        return np.asarray(found)

    def shrunk(self, node: int, parents: Parents) -> np.ndarray:
        """The scores [parents] of `node` without each of its parents."""
        ranked, price = sorted(parents), self.price[node, parents]
        place = sum(parent < node for parent in parents)
        less = np.delete(self._shrunk((*parents, node)), place) - self._shrunk(parents)
        return np.asarray(less[[ranked.index(p) for p in parents]] - (price.sum() - price))

    def _cost(self, node: int, parents: Parents) -> float:
        prices = self._prices[node]
        return sum(prices[parent] for parent in parents)

    @cached_property
    def _prices(self) -> list[list[float]]:
        prices: list[list[float]] = self.price.tolist()  # faster than arrays, one by one
        return prices

    def _grown(self, columns: Parents) -> np.ndarray:
        key = tuple(sorted(columns))
        if key not in self._growns:
            self._growns[key] = self.joint.grown(key)
        return self._growns[key]

    def _shrunk(self, columns: Parents) -> np.ndarray:
        key = tuple(sorted(columns))
        if key not in self._shrunks:
            self._shrunks[key] = self.joint.shrunk(key)
        return self._shrunks[key]


def about_one_cause(size: int) -> float:
    """What a prior takes for each arrow, in nats, if a column has about one cause.

    With BIC this is the extended BIC at γ = ½ (Chen & Chen 2008; Foygel & Drton 2010).
    """
    return float(np.log(max(2, size)))
