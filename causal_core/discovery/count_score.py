"""Scores of discrete columns, from counts: BDeu."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import gammaln

from causal_core.discovery.scores import Parents

_MOST_CELLS = 10**6  # of a table of counts; more parents than that are no option


@dataclass(frozen=True, eq=False)
class CountScore:
    """BDeu (Heckerman, Geiger & Chickering 1995, equation 28) of codes int [rows, size].

    `levels[j]`: column j has codes 0..levels[j]-1. `sample`: the equivalent sample size of
    the prior, in rows. `cost`: what the prior takes for each arrow, in nats.
    """

    codes: np.ndarray
    levels: np.ndarray
    sample: float = 1.0
    cost: float = 0.0

    @property
    def size(self) -> int:
        """How many columns there are."""
        return int(self.codes.shape[1])

    def local(self, node: int, parents: Parents) -> float:
        """The score of `node` with exactly these parents."""
        groups, cells = self._groups(parents)
        levels = int(self.levels[node])
        if cells * levels > _MOST_CELLS:
            return -np.inf
        counts = np.bincount(groups * levels + self.codes[:, node], minlength=cells * levels)
        return float(self._scored(counts.reshape(1, cells, levels))[0]) - self.cost * len(parents)

    def grown(self, node: int, parents: Parents) -> np.ndarray:
        """The score [size] of `node` with each further column."""
        groups, cells = self._groups(parents)
        levels, found = int(self.levels[node]), np.full(self.size, -np.inf)
        wide = int(self.levels.sum())
        if cells * levels * wide > _MOST_CELLS:
            return found
        cell = groups * levels + self.codes[:, node]
        counts = np.bincount(
            (cell[:, None] * wide + self._stacked).ravel(), minlength=cells * levels * wide
        ).reshape(cells, levels, wide)
        starts = np.cumsum(self.levels) - self.levels
        for each in np.unique(self.levels):
            same = (self.levels == each).nonzero()[0]
            places = starts[same][:, None] + np.arange(each)
            mine = counts[:, :, places].transpose(2, 0, 3, 1)  # [same, cells, each, levels]
            found[same] = self._scored(mine.reshape(len(same), cells * int(each), levels))
        found -= self.cost * (len(parents) + 1)
        found[[node, *parents]] = -np.inf
        return found

    def shrunk(self, node: int, parents: Parents) -> np.ndarray:
        """The scores [parents] of `node` without each of its parents."""
        without = [parents[:i] + parents[i + 1 :] for i in range(len(parents))]
        return np.array([self.local(node, fewer) for fewer in without])

    @cached_property
    def _stacked(self) -> np.ndarray:
        """Codes [rows, size], those of each column behind those of the column before."""
        return np.asarray(self.codes + (np.cumsum(self.levels) - self.levels))

    def _groups(self, parents: Parents) -> tuple[np.ndarray, int]:
        """Each row's cell of the parents' table [rows], and how many cells there are."""
        groups, cells = np.zeros(len(self.codes), dtype=np.int64), 1
        for parent in parents:
            groups = groups * int(self.levels[parent]) + self.codes[:, parent]
            cells *= int(self.levels[parent])
        return groups, cells

    def _scored(self, counts: np.ndarray) -> np.ndarray:
        """From counts [tables, cells of the parents, levels of the node]."""
        tables, cells, levels = counts.shape
        row, each = self.sample / cells, self.sample / (cells * levels)
        inner = self._logs(each)[counts] - self._logs(each)[0]
        outer = self._logs(row)[counts.sum(2)] - self._logs(row)[0]
        return np.asarray(inner.sum((1, 2)) - outer.sum(1)).reshape(tables)

    def _logs(self, prior: float) -> np.ndarray:
        """log Γ(prior + n) for n = 0..rows, made once for each prior."""
        if prior not in self._made:
            self._made[prior] = gammaln(prior + np.arange(len(self.codes) + 1))
        return self._made[prior]

    @cached_property
    def _made(self) -> dict[float, np.ndarray]:
        return {}


def count_score(codes: np.ndarray) -> CountScore:
    """Of codes [rows, p] of levels; a column is expected to have about one cause."""
    packed = [np.unique(column, return_inverse=True) for column in codes.T]
    levels = np.array([len(values) for values, _ in packed])
    places = np.column_stack([place for _, place in packed])
    return CountScore(places, levels, cost=float(np.log(max(2, codes.shape[1]))))
