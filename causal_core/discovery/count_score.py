"""Scores of discrete columns, from counts: BDeu."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.sparse import csc_array
from scipy.special import gammaln

from causal_core.discovery.joint_score import JointScore, about_one_cause
from causal_core.discovery.scores import Parents

_MOST_CELLS = 10**6  # of a table of counts; more parents than that are no option
_MOST_MARKS = 5 * 10**7  # 200 MB of them: counting by a product is faster, but takes more room
SAMPLE = 1.0  # the equivalent sample size of the prior, in rows


@dataclass(frozen=True, eq=False)
class CountJoint:
    """Codes int32 [rows, size] under one Dirichlet prior on the cells of each set of columns.

    Its differences are BDeu (Heckerman, Geiger & Chickering 1995, equation 28). `levels[j]`:
    column j has codes 0..levels[j]-1.
    """

    codes: np.ndarray
    levels: np.ndarray
    _wholes: dict[Parents, float] = field(default_factory=dict, init=False)
    _made: dict[float, np.ndarray] = field(default_factory=dict, init=False)

    @property
    def size(self) -> int:
        """How many columns there are."""
        return int(self.codes.shape[1])

    def whole(self, columns: Parents) -> float:
        """The log-likelihood of these columns; −∞ where the cells are too many."""
        key = tuple(sorted(columns))
        if key not in self._wholes:
            cells = self._cells(key)
            counts = np.bincount(self._groups(key)) if cells <= _MOST_CELLS else None
            logs = -np.inf if counts is None else self._logs(SAMPLE / cells)[counts].sum()
            self._wholes[key] = float(logs)
        return self._wholes[key]

    def grown(self, columns: Parents) -> np.ndarray:
        """That [size] of these columns and each further one."""
        cells, wide = self._cells(columns), int(self.levels.sum())
        found = np.full(self.size, -np.inf)
        if cells * wide > _MOST_CELLS:
            return found
        counts = self._counts(columns, cells)
        for each in np.unique(self.levels):
            same = (self.levels == each).nonzero()[0]
            mine = counts[:, self._starts[same][:, None] + np.arange(each)]  # [cells, same, each]
            found[same] = self._logs(SAMPLE / (cells * int(each)))[mine].sum((0, 2))
        return found

    def shrunk(self, columns: Parents) -> np.ndarray:
        """That [columns] of these columns but each one."""
        return np.array([self.whole(columns[:i] + columns[i + 1 :]) for i in range(len(columns))])

    def _counts(self, columns: Parents, cells: int) -> np.ndarray:
        """Rows in each cell with each level of every column, int [cells, levels of all]."""
        groups, rows = self._groups(columns), len(self.codes)
        wide = int(self.levels.sum())
        if rows * wide > _MOST_MARKS:
            places = groups[:, None] * np.int64(wide) + self.codes + self._starts
            return np.bincount(places.ravel(), minlength=cells * wide).reshape(cells, wide)
        shape = (cells, rows)
        places = csc_array((np.ones(rows, np.float32), groups, np.arange(rows + 1)), shape=shape)
        return np.asarray((places @ self._marks).astype(np.intp))

    @cached_property
    def _marks(self) -> np.ndarray:
        """1 where a row has a level of a column, else 0: float32 [rows, levels of all]."""
        columns = zip(self.levels.tolist(), self.codes.T, strict=True)
        marked = [np.eye(many, dtype=np.float32)[codes] for many, codes in columns]
        return np.concatenate(marked, axis=1)

    @cached_property
    def _starts(self) -> np.ndarray:
        """Where the levels of each column begin among those of all [size]."""
        return np.asarray(np.cumsum(self.levels) - self.levels)

    def _cells(self, columns: Parents) -> int:
        return math.prod(int(self.levels[column]) for column in columns)

    def _groups(self, columns: Parents) -> np.ndarray:
        """Each row's cell of the columns' table, int32 [rows]."""
        groups = np.zeros(len(self.codes), dtype=np.int32)
        for column in columns:
            groups = groups * np.int32(self.levels[column]) + self.codes[:, column]
        return groups

    def _logs(self, prior: float) -> np.ndarray:
        """log Γ(prior + n) / Γ(prior) for n = 0..rows, made once for each prior."""
        if prior not in self._made:
            logs = gammaln(prior + np.arange(len(self.codes) + 1))
            self._made[prior] = logs - logs[0]
        return self._made[prior]


def count_score(codes: np.ndarray) -> JointScore:
    """Of codes [rows, p] of levels."""
    joint = count_joint(codes)
    return JointScore(joint, np.full((joint.size, joint.size), about_one_cause(joint.size)))


def count_joint(codes: np.ndarray) -> CountJoint:
    """Of codes [rows, p] of levels."""
    packed = [np.unique(column, return_inverse=True) for column in codes.T]
    levels = np.array([len(values) for values, _ in packed])
    places = np.array([place for _, place in packed], dtype=np.int32).T  # columns in one piece
    return CountJoint(places, levels)
