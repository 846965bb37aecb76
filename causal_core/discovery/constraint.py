"""Tests of independence for the searches that ask for it, by the kinds of the columns.

- Numbers, and numbers beside levels: the likelihood ratio of a multivariate regression with
  Bartlett's (1938) correction; for two numbers it is the test of their partial correlation,
  for levels as indicators the degenerate Gaussian test (Andrews, Ramsey & Cooper 2019).
- Levels only: G² of the tables of counts (Spirtes, Glymour & Scheines 2000, chapter 5).

What no test can tell apart counts as dependent, so that an edge stays rather than goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from scipy.special import chdtrc

from causal_core.discovery.count_score import CountJoint, count_joint
from causal_core.discovery.normal_score import NormalJoint, filled, mixed_joint
from causal_core.discovery.situation import Data

_DETERMINED = np.log(1e-6)  # of a block's own volume: then nothing of it is left to test
_MOST_CELLS = 10**5  # of a table of counts; a larger one tells nothing
_ROWS_A_FREEDOM = 5  # fewer rows for each degree of freedom tell nothing (Tsamardinos et al. 2006)


class Independence(Protocol):
    """Tests over columns 0..size-1."""

    @property
    def size(self) -> int:
        """How many columns there are."""

    def p_values(self, one: np.ndarray, other: np.ndarray, given: np.ndarray) -> np.ndarray:
        """How likely such rows are, float [n], if column one[i] is independent of other[i]
        given the columns given[i]; `one`, `other` int [n], `given` int [n, k]."""


def fitting(data: Data, rows: np.ndarray | slice = slice(None)) -> Independence:
    """The test that fits the columns' kinds, over these rows."""
    if all(data.counted):
        return CountTest(count_joint(data.codes[rows]))
    return GaussianTest(mixed_joint(data.codes[rows], data.variables))


def said(data: Data) -> str:
    """What is tested, in a sentence."""
    if all(data.counted):
        return "Independence is tested on tables of counts (G²)."
    if any(variable.kind.discrete for variable in data.variables):
        return "Independence is tested in linear models, levels as indicators."
    return "Independence is tested by partial correlation."


@dataclass(frozen=True, eq=False)
class GaussianTest:
    """Wilks' likelihood ratio over the blocks of terms of jointly normal columns."""

    joint: NormalJoint

    @property
    def size(self) -> int:
        """How many columns there are."""
        return self.joint.size

    def p_values(self, one: np.ndarray, other: np.ndarray, given: np.ndarray) -> np.ndarray:
        """See `Independence`."""
        blocks = self.joint.terms
        x, y, z = blocks[one], blocks[other], blocks[given].reshape(len(one), -1)
        log_z, log_xz = self._volume(z), self._volume(x, z)
        log_yz, log_xyz = self._volume(y, z), self._volume(x, y, z)
        width = [(block < self._none).sum(1) for block in (x, y, z)]
        rows = self.joint.rows - 1 - width[2] - (width[0] + width[1] + 1) / 2
        statistic = np.maximum(rows, 0) * np.maximum(log_xz + log_yz - log_xyz - log_z, 0)
        found = chdtrc(width[0] * width[1], statistic)
        gone = np.minimum(log_xz - log_z - self._volume(x), log_yz - log_z - self._volume(y))
        return np.asarray(np.where(gone < _DETERMINED, 0.0, found))

    def _volume(self, *blocks: np.ndarray) -> np.ndarray:
        """Log determinants [n] of the products of terms int [n, w]."""
        inner = filled(self.joint.products, np.concatenate(blocks, axis=1))
        return np.asarray(np.linalg.slogdet(inner)[1])

    @property
    def _none(self) -> int:
        """The term that stands for none where a block is narrower."""
        return len(self.joint.products) - 1


@dataclass(frozen=True, eq=False)
class CountTest:
    """G² over tables of counts."""

    joint: CountJoint

    @property
    def size(self) -> int:
        """How many columns there are."""
        return self.joint.size

    def p_values(self, one: np.ndarray, other: np.ndarray, given: np.ndarray) -> np.ndarray:
        """See `Independence`."""
        asked = zip(one.tolist(), other.tolist(), given.tolist(), strict=True)
        statistic, free = np.array([self._statistic(x, y, z) for x, y, z in asked]).T
        told = (free > 0) & (len(self.joint.codes) >= _ROWS_A_FREEDOM * free)
        return np.asarray(np.where(told, chdtrc(np.maximum(free, 1), statistic), 0.0))

    def _statistic(self, x: int, y: int, given: list[int]) -> tuple[float, int]:
        """G² and its degrees of freedom, of which levels that do not occur take none."""
        levels = self.joint.levels
        shape = int(np.prod(levels[given])), int(levels[x]), int(levels[y])
        if np.prod(shape) > _MOST_CELLS:
            return 0.0, 0
        place = np.zeros(len(self.joint.codes), dtype=np.int64)
        for column in (*given, x, y):
            place = place * levels[column] + self._columns[column]
        counts = np.bincount(place, minlength=int(np.prod(shape))).reshape(shape)
        rows, columns = counts.sum(2), counts.sum(1)
        seen = [np.maximum(np.count_nonzero(side, 1) - 1, 0) for side in (rows, columns)]
        inner = self._sum(counts) + self._sum(rows.sum(1))
        return 2 * (inner - self._sum(rows) - self._sum(columns)), int(seen[0] @ seen[1])

    def _sum(self, counts: np.ndarray) -> float:
        """Σ n log n."""
        return float(self._logs[counts].sum())

    @cached_property
    def _logs(self) -> np.ndarray:
        """n log n for n = 0..rows."""
        n = np.arange(len(self.joint.codes) + 1)
        return np.asarray(n * np.log(np.maximum(n, 1)))

    @cached_property
    def _columns(self) -> np.ndarray:
        """The codes column by column in memory, int [size, rows]."""
        return np.ascontiguousarray(self.joint.codes.T)
