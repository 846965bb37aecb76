"""Whether what others leave of two columns still varies together.

The generalised covariance measure (Shah & Peters 2020, *The hardness of conditional
independence testing and the generalised covariance measure*): regress both columns on what is
given, by curves, indicators and their products; then the products of the two residuals have
mean zero where the columns are independent. With indicators it is the score test of the
degenerate Gaussian model (Andrews, Ramsey & Cooper 2019), with curves for lines and a variance
that need not be constant. So that bent relations show as well, waves of both columns' ranks
are compared beside the columns themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from scipy.special import chdtrc, ndtr

from causal_core.discovery.independence.columns import Column
from causal_core.discovery.independence.evidence import Comparison, Evidence

_LEFT = 1e-6  # of a column's variance: with less, the others determine it
_RIDGE = 1e-9  # of the rows: collinear terms are no error
_ROWS_PER_TERM = 10  # with fewer rows, products are left out
_MOST_TERMS = 60


Left = tuple[np.ndarray, np.ndarray]  # what is left of a column's sides, and of its bends


@dataclass(frozen=True, eq=False)
class Held:
    """What is held fixed: a design [rows, terms] with a constant, and its inverse products."""

    rows: np.ndarray | slice
    design: np.ndarray
    inverse: np.ndarray
    known: dict[str, Left] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.design)

    @property
    def terms(self) -> int:
        """How many coefficients a regression on it has."""
        return len(self.inverse)

    def left(self, column: Column) -> Left:
        """What the regression leaves of a column [rows, any] twice, each of unit length.

        Terms of which nothing is left are zero.
        """
        if column.name not in self.known:
            whole = np.column_stack([column.sides[self.rows], column.bends[self.rows]])
            rest = self._left(whole)
            sides = column.sides.shape[1]
            self.known[column.name] = rest[:, :sides], rest[:, sides:]
        return self.known[column.name]

    def _left(self, values: np.ndarray) -> np.ndarray:
        across = self.design.T @ values
        rest = values - self.design @ (self.inverse @ across)
        before = _squares(values) - across[0] ** 2 / self.count
        after = _squares(rest)
        real = after > _LEFT * np.maximum(before, _LEFT)
        return np.asarray(rest * np.where(real, 1 / np.sqrt(np.maximum(after, 1e-30)), 0.0))


def held(given: Sequence[Column], rows: np.ndarray | slice, count: int) -> Held:
    """The columns `given` over these rows, of which there are `count`."""
    blocks = [np.ones((count, 1)), *(column.terms[rows] for column in given)]
    room = min(_MOST_TERMS, count / _ROWS_PER_TERM) - sum(block.shape[1] for block in blocks)
    for one, other in combinations([c.links[rows] for c in given], 2):
        crossed = _products(one, other) if len(given) == 2 else _products(one[:, :2], other[:, :2])
        room -= crossed.shape[1]
        if room < 0:
            break
        blocks.append(crossed)
    design = np.concatenate(blocks, axis=1)
    products = design.T @ design
    products.flat[:: len(products) + 1] += _RIDGE * count
    return Held(rows, design, np.linalg.inv(products))


def line_test(one: Column, other: Column, fixed: Held) -> Evidence:
    """The partial correlation of two numbers, and Fisher's (1924) z."""
    effect = float(fixed.left(one)[0][:, 0] @ fixed.left(other)[0][:, 0])
    bounded = min(max(effect, -1 + 1e-12), 1 - 1e-12)
    z = np.arctanh(bounded) * np.sqrt(fixed.count - fixed.terms - 2)
    p = float(2 * ndtr(-abs(z)))
    return Evidence(Comparison.PARTIAL, bounded, "partial correlation", p, fixed.count)


def residual_test(one: Column, other: Column, fixed: Held) -> Evidence:
    """The generalised covariance measure of the columns, and of their waves beside it.

    Two tests share the level (Bonferroni): of the columns themselves, and of each with the
    other's waves. Waves are not compared with waves: what a regression misses of one would
    meet what it misses of the other. The effect is that of the clearer test.
    """
    (mine, my_waves), (yours, your_waves) = fixed.left(one), fixed.left(other)
    straight = _measured(_products(mine, yours), fixed)
    if mine.shape[1] == yours.shape[1] == 1:
        effect, unit = float(mine[:, 0] @ yours[:, 0]), "partial correlation"
    else:
        effect, unit = _canonical(mine, yours), "canonical correlation"
    if not my_waves.shape[1] and not your_waves.shape[1]:
        return Evidence(Comparison.RESIDUALS, effect, unit, straight, fixed.count)
    bent = _measured(np.hstack([_products(mine, your_waves), _products(my_waves, yours)]), fixed)
    if bent < straight:
        unit = "canonical correlation of curves"
        effect = max(_canonical(mine, your_waves), _canonical(my_waves, yours))
    p = min(1.0, 2 * min(straight, bent))
    return Evidence(Comparison.RESIDUALS, effect, unit, p, fixed.count)


def _measured(products: np.ndarray, fixed: Held) -> float:
    """p of the mean products [rows, pairs] being zero, as one quadratic form.

    Its variance is taken under independence, uncentred, which is on the safe side; regressions
    make residuals a little too small, which the last factor makes up for.
    """
    spread, ways = np.linalg.eigh(products.T @ products)
    real = spread > 1e-9 * max(float(spread.max(initial=0.0)), 1e-30)
    along = ways[:, real].T @ products.sum(0)
    statistic = float((along**2 / spread[real]).sum()) * (1 - fixed.terms / fixed.count)
    return float(chdtrc(int(real.sum()), statistic)) if real.any() else 1.0


def _products(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Every column times every other [rows, columns of one × columns of other]."""
    return np.hstack([one[:, [i]] * other for i in range(one.shape[1])] or [other[:, :0]])


def _squares(values: np.ndarray) -> np.ndarray:
    return np.asarray(np.einsum("ij,ij->j", values, values))


def _canonical(one: np.ndarray, other: np.ndarray) -> float:
    """The greatest correlation that combinations of the two blocks have, 0…1."""
    across = _whitener(one).T @ (one.T @ other) @ _whitener(other)
    return min(1.0, float(np.linalg.norm(across, 2))) if across.size else 0.0


def _whitener(block: np.ndarray) -> np.ndarray:
    spread, ways = np.linalg.eigh(block.T @ block)
    real = spread > 1e-9
    return np.asarray(ways[:, real] / np.sqrt(spread[real]))
