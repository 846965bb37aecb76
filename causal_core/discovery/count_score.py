"""Scores of discrete columns, from counts: BDeu."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.special import gammaln

from causal_core.discovery.joint_score import JointScore, about_one_cause
from causal_core.discovery.scores import Parents

_MOST_CELLS = 10**6  # of a table of counts; more parents than that are no option
SAMPLE = 1.0  # the equivalent sample size of the prior, in rows


@dataclass(frozen=True, eq=False)
class CountJoint:
    """Codes int [rows, size] under one Dirichlet prior on the cells of each set of columns.

    Its differences are BDeu (Heckerman, Geiger & Chickering 1995, equation 28). `levels[j]`:
    column j has codes 0..levels[j]-1.
    """

    codes: np.ndarray
    levels: np.ndarray
    _made: dict[float, np.ndarray] = field(default_factory=dict, init=False)

    @property
    def size(self) -> int:
        """How many columns there are."""
        return int(self.codes.shape[1])

    def whole(self, columns: Parents) -> float:
        """The log-likelihood of these columns; −∞ where the cells are too many."""
        groups, cells = self._groups(columns)
        if cells > _MOST_CELLS:
            return -np.inf
        return float(self._logs(SAMPLE / cells)[np.bincount(groups, minlength=cells)].sum())

    def grown(self, columns: Parents) -> np.ndarray:
        """That [size] of these columns and each further one."""
        groups, cells = self._groups(columns)
        wide, found = int(self.levels.sum()), np.full(self.size, -np.inf)
        if cells * wide > _MOST_CELLS:
            return found
        counts = np.bincount(
            (groups[:, None] * wide + self._stacked).ravel(), minlength=cells * wide
        ).reshape(cells, wide)
        seen = counts[counts[:, : self.levels[0]].any(1)]
        starts = np.cumsum(self.levels) - self.levels
        for each in np.unique(self.levels):
            same = (self.levels == each).nonzero()[0]
            mine = seen[:, starts[same][:, None] + np.arange(each)]  # [cells, same, each]
            found[same] = self._logs(SAMPLE / (cells * int(each)))[mine].sum((0, 2))
        return found

    def shrunk(self, columns: Parents) -> np.ndarray:
        """That [columns] of these columns but each one."""
        return np.array([self.whole(columns[:i] + columns[i + 1 :]) for i in range(len(columns))])

    @cached_property
    def _stacked(self) -> np.ndarray:
        """Codes [rows, size], those of each column behind those of the column before."""
        return np.asarray(self.codes + (np.cumsum(self.levels) - self.levels))

    def _groups(self, columns: Parents) -> tuple[np.ndarray, int]:
        """Each row's cell of the columns' table [rows], and how many cells there are."""
        groups, cells = np.zeros(len(self.codes), dtype=np.int64), 1
        for column in columns:
            groups = groups * int(self.levels[column]) + self.codes[:, column]
            cells *= int(self.levels[column])
        return groups, cells

    def _logs(self, prior: float) -> np.ndarray:
        """log Γ(prior + n) / Γ(prior) for n = 0..rows, made once for each prior."""
        if prior not in self._made:
            logs = gammaln(prior + np.arange(len(self.codes) + 1))
            self._made[prior] = logs - logs[0]
        return self._made[prior]


def count_score(codes: np.ndarray) -> JointScore:
    """Of codes [rows, p] of levels."""
    packed = [np.unique(column, return_inverse=True) for column in codes.T]
    levels = np.array([len(values) for values, _ in packed])
    places = np.column_stack([place for _, place in packed])
    price = np.full((len(levels), len(levels)), about_one_cause(len(levels)))
    return JointScore(CountJoint(places, levels), price)
