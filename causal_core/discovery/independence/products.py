"""Many rough tests from one matrix of products, for counting and not for a verdict.

The score test of the degenerate Gaussian model (Andrews, Ramsey & Cooper 2019) with a curve
for each number that is held fixed: n · tr(S₁₁⁻¹ S₁₂ S₂₂⁻¹ S₂₁) of what is left of both blocks
is χ² where they are independent. One solution serves a column against all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.special import chdtrc

from causal_core.discovery.independence.columns import Column

_LEFT = 1e-6
_RIDGE = 1e-8


@dataclass(frozen=True, eq=False)
class Products:
    """`matrix` [C, C]: mean products of centred terms of unit spread over `rows` rows.

    `sides` int [p, width], padded with −1, and `terms` say which terms belong to a column.
    """

    matrix: np.ndarray
    sides: np.ndarray
    terms: tuple[np.ndarray, ...]
    rows: int
    known: dict[tuple[int, tuple[int, ...]], np.ndarray] = field(default_factory=dict)

    def p(self, one: int, given: tuple[int, ...]) -> np.ndarray:
        """p [columns] of column `one` against each, `given` (sorted) held fixed.

        1 where nothing is left to compare.
        """
        if (one, given) not in self.known:
            self.known[one, given] = self._p(one, given)
        return self.known[one, given]

    def _p(self, one: int, given: tuple[int, ...]) -> np.ndarray:
        held = np.concatenate([np.zeros(0, dtype=int), *(self.terms[i] for i in given)])
        used = np.unique(self.sides[self.sides >= 0])
        place = np.full(len(self.matrix) + 1, len(used))
        place[used] = np.arange(len(used))
        rest = self.matrix[np.ix_(used, used)]
        if len(held):
            inner = self.matrix[np.ix_(held, held)] + _RIDGE * np.eye(len(held))
            across = self.matrix[np.ix_(held, used)]
            rest = rest - across.T @ np.linalg.solve(inner, across)
        alive = rest.diagonal() > _LEFT
        rest = np.pad(np.where(alive[:, None] & alive[None, :], rest, 0.0), (0, 1))
        blocks = place[self.sides]  # [p, width]
        real = np.pad(alive, (0, 1))[blocks]
        inner = rest[blocks[:, :, None], blocks[:, None, :]]
        inner = inner + np.where(real, _RIDGE, 1.0)[:, :, None] * np.eye(blocks.shape[1])
        inverse = np.linalg.inv(inner)
        across = rest[blocks[one][None, :, None], blocks[:, None, :]]  # [p, width, width]
        product = inverse[one] @ across @ inverse
        trace = np.einsum("pij,pij->p", product, across)
        free = real.sum(1) * real[one].sum()
        statistic = (self.rows - len(held)) * trace
        return np.where(free > 0, chdtrc(np.maximum(free, 1), statistic), 1.0)


def products(columns: Sequence[Column]) -> Products:
    """Of the rows in which all columns are filled in."""
    seen = np.logical_and.reduce([column.seen for column in columns])
    blocks = [block[seen] for c in columns for block in (c.sides, c.terms)]
    design = np.concatenate(blocks, axis=1)
    design = design - design.mean(0)
    spread = design.std(0)
    design = design / np.where(spread > 0, spread, 1.0)
    ends = np.cumsum([block.shape[1] for block in blocks])
    places = [np.arange(end - block.shape[1], end) for end, block in zip(ends, blocks, strict=True)]
    sides = np.full((len(columns), max(map(len, places[::2]))), -1)
    for row, mine in zip(sides, places[::2], strict=True):
        row[: len(mine)] = mine
    matrix = design.T @ design / max(1, len(design))
    return Products(matrix, sides, tuple(places[1::2]), len(design))
