"""The BIC of columns that are sums of curves of their causes, with normal noise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from scipy.linalg.lapack import dposv

from causal_core.discovery.joint_score import about_one_cause
from causal_core.discovery.normal_score import filled, with_none, within
from causal_core.discovery.scores import Parents

_LEAST = 1e-6  # of a column's spread: what is determined is not infinitely likely
_JITTER = 1e-8  # so that collinear causes are no error
_KNOTS = 4  # inner knots of a spline


@dataclass(frozen=True, eq=False)
class CurveScore:
    """From `products` [C + 1, C + 1], the mean products of terms of unit spread.

    Column j is term j itself, and acts through `terms[j]` [width]; fewer terms are filled up
    with the last of `products`, which is zero and stands for none.
    """

    products: np.ndarray
    terms: np.ndarray  # int [size, width]
    rows: int

    @property
    def size(self) -> int:
        """How many columns there are."""
        return len(self.terms)

    def local(self, node: int, parents: Parents) -> float:
        """The score of `node` with exactly these parents."""
        mine = self._of(parents)
        across = self.products[mine, node]
        rest = self.products[node, node] - across @ self._solved(mine, across)
        return float(self._scored(rest, len(mine), len(parents)))

    def grown(self, node: int, parents: Parents) -> np.ndarray:
        """The score [size] of `node` with each further column.

        The regressions share the parents: what these leave of each further block is solved
        for all blocks at once (Schur complements).
        """
        mine, (size, width) = self._of(parents), self.terms.shape
        rest, across, inner = self.products[node, node], self._toward[node], self._blocks
        if len(mine):
            known, theirs = self.products[mine, node], self._against[mine]
            solved = self._solved(mine, np.column_stack([known, theirs]))
            rest = rest - known @ solved[:, 0]
            across = across - (known @ solved[:, 1:]).reshape(size, width)
            left, right = (a.reshape(-1, size, width) for a in (theirs, solved[:, 1:]))
            inner = inner - left.transpose(1, 2, 0) @ right.transpose(1, 0, 2)
            inner[list(parents)] = np.eye(width)  # nothing is left of them
        gained = (across * np.linalg.solve(inner, across[:, :, None])[:, :, 0]).sum(1)
        found = self._scored(rest - gained, len(mine) + self._widths, len(parents) + 1)
        found[[node, *parents]] = -np.inf
        return found

    def shrunk(self, node: int, parents: Parents) -> np.ndarray:
        """The scores [parents] of `node` without each of its parents.

        Leaving out a block b of coefficients β adds βᵀ (G⁻¹)_bb⁻¹ β to the residuals.
        """
        mine = self._of(parents)
        inverse = self._solved(mine, np.eye(len(mine)))
        slopes = inverse @ self.products[mine, node]
        rest = self.products[node, node] - slopes @ self.products[mine, node]
        held = self.terms[list(parents)] < len(self.products) - 1
        places = within(held)
        blocks, bent = filled(with_none(inverse), places), with_none(slopes)[places]
        more = (bent * np.linalg.solve(blocks, bent[:, :, None])[:, :, 0]).sum(1)
        return self._scored(rest + more, len(mine) - held.sum(1), len(parents) - 1)

    def _scored(
        self, rest: np.ndarray | float, terms: np.ndarray | int, parents: int
    ) -> np.ndarray:
        price = 0.5 * np.log(self.rows) * terms + about_one_cause(self.size) * parents
        return np.asarray(-0.5 * self.rows * np.log(np.maximum(rest, _LEAST)) - price)

    def _of(self, columns: Parents) -> np.ndarray:
        mine = self.terms[list(columns)].ravel()
        return np.asarray(mine[mine < len(self.products) - 1])

    def _solved(self, mine: np.ndarray, right: np.ndarray) -> np.ndarray:
        """These terms' coefficients for such products [terms, ...]."""
        if not len(mine):
            return right
        return np.asarray(dposv(self.products[mine[:, None], mine], right)[1]).reshape(right.shape)

    @cached_property
    def _widths(self) -> np.ndarray:
        """How many terms each column has [size]."""
        return np.asarray((self.terms < len(self.products) - 1).sum(1))

    @cached_property
    def _against(self) -> np.ndarray:
        """The products [C + 1, size · width] with the terms of every column."""
        return self.products[:, self.terms.ravel()]

    @cached_property
    def _toward(self) -> np.ndarray:
        """The products [size, size, width] of every column with the terms of each."""
        return np.asarray(self.products[np.arange(self.size)[:, None, None], self.terms])

    @cached_property
    def _blocks(self) -> np.ndarray:
        """The products [size, width, width] of the terms of each column."""
        return filled(self.products, self.terms)


def curve_score(columns: np.ndarray) -> CurveScore:
    """Of continuous columns [rows, p], each cause through a spline of its own."""
    (rows, size), bases = columns.shape, [spline_terms(column) for column in columns.T]
    # A spline's first term is the column itself: those come first, for effects as for causes.
    design = np.concatenate([columns, *(basis[:, 1:] for basis in bases)], axis=1)
    design = design - design.mean(0)
    spread = design.std(0)
    design = design / np.where(spread > 0, spread, 1.0)
    count = design.shape[1]
    products = with_none(design.T @ design / rows + _JITTER * np.eye(count))
    terms = np.full((size, max(basis.shape[1] for basis in bases)), count)
    ends = pairwise(np.cumsum([size, *(basis.shape[1] - 1 for basis in bases)]))
    for j, (start, end) in enumerate(ends):
        terms[j, : end - start + 1] = [j, *range(start, end)]
    return CurveScore(products, terms, rows)


def spline_terms(column: np.ndarray, inner: int = _KNOTS, tail: float = 0.03) -> np.ndarray:
    """A natural cubic spline of a column [rows, terms], the column itself first.

    `inner`: how many knots it has between the outer two, beyond each of which lies the share
    `tail` of the rows.
    """
    knots = np.unique(np.quantile(column, np.linspace(tail, 1 - tail, inner + 2)))
    if len(knots) < 3:
        return column[:, None]
    last, before = knots[-1], knots[-2]

    def bend(knot: float) -> np.ndarray:
        up = np.maximum(column - knot, 0) ** 3 - np.maximum(column - last, 0) ** 3
        return np.asarray(up / (last - knot))

    return np.column_stack([column, *(bend(k) - bend(before) for k in knots[:-2])])
