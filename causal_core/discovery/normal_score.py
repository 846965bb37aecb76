"""The BIC of columns that are jointly normal: numbers as they are, levels as indicators.

With levels this is the degenerate Gaussian score (Andrews, Ramsey & Cooper 2019).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from scipy.linalg.lapack import dposv

from causal_core.discovery.joint_score import JointScore, about_one_cause
from causal_core.discovery.scores import Parents
from causal_core.tables.schema import Kind, Variable

_LEAST = 1e-8  # of a term's spread is taken for noise: what is determined is not infinitely likely
_KEPT = 8_000_000  # numbers in all matrices that are remembered
_LEVELS = (Kind.BINARY, Kind.CATEGORICAL)


@dataclass(frozen=True, eq=False)
class NormalJoint:
    """From `products` [C + 1, C + 1], the mean products of terms of unit spread.

    `terms` int [size, width]: those of each column; narrower ones are filled up with the last
    of `products`, which is zero and stands for none.
    """

    products: np.ndarray
    terms: np.ndarray
    rows: int
    _left: dict[Parents, tuple[float, np.ndarray]] = field(default_factory=dict, init=False)

    @property
    def size(self) -> int:
        """How many columns there are."""
        return len(self.terms)

    def whole(self, columns: Parents) -> float:
        """The log-likelihood of these columns."""
        mine = self._of(columns)
        return -0.5 * self.rows * float(np.linalg.slogdet(self.products[mine[:, None], mine])[1])

    def grown(self, columns: Parents) -> np.ndarray:
        """That [size] of these columns and each further one (Schur complements)."""
        if self.terms.shape[1] == 1:
            volume, left = self._swept(columns)
            return np.asarray(-0.5 * self.rows * (volume + np.log(left.diagonal())))
        mine, (size, width) = self._of(columns), self.terms.shape
        rest, volume = self._blocks, 0.0
        if len(mine):
            across = self._against[mine]
            factor, solved, _ = dposv(self.products[mine[:, None], mine], across)
            volume = 2 * float(np.log(factor.diagonal()).sum())
            solved, across = (a.reshape(-1, size, width) for a in (solved, across))
            rest = rest - across.transpose(1, 2, 0) @ solved.transpose(1, 0, 2)
            rest[list(columns)] = np.eye(width)  # nothing is left of them
        return np.asarray(-0.5 * self.rows * (volume + np.linalg.slogdet(rest)[1]))

    def shrunk(self, columns: Parents) -> np.ndarray:
        """That [columns] of these columns but each one: what it adds is in the inverse."""
        mine = self._of(columns)
        inner = self.products[mine[:, None], mine]
        factor, inverse, _ = dposv(inner, np.eye(len(mine)))
        more = 2 * np.log(factor.diagonal()).sum()
        if self.terms.shape[1] == 1:
            return np.asarray(-0.5 * self.rows * (more + np.log(inverse.diagonal())))
        held = self.terms[list(columns)] < len(self.products) - 1
        blocks = filled(with_none(inverse), within(held))
        return np.asarray(-0.5 * self.rows * (more + np.linalg.slogdet(blocks)[1]))

    def _swept(self, columns: Parents) -> tuple[float, np.ndarray]:
        """Log volume of these columns, and what they leave of the products [size, size]: from
        those of one column less (the sweep operator: Goodnight 1979)."""
        if not columns:
            return 0.0, self.products[:-1, :-1]
        if columns not in self._left:
            fewer = (columns[:i] + columns[i + 1 :] for i in range(len(columns) - 1, -1, -1))
            known = next((those for those in fewer if those in self._left), columns[:-1])
            last = next(column for column in columns if column not in known)
            volume, left = self._swept(known)
            spread, row = left[last, last], left[last]
            left = left - np.multiply.outer(row, row / spread)
            left[last, last] = 1.0  # nothing is left of it, but has a logarithm
            if len(self._left) * left.size > _KEPT:
                self._left.clear()
            self._left[columns] = volume + float(np.log(spread)), left
        return self._left[columns]

    def _of(self, columns: Parents) -> np.ndarray:
        return np.array([term for j in columns for term in self._terms[j]], dtype=np.intp)

    @cached_property
    def _terms(self) -> list[list[int]]:
        last = len(self.products) - 1
        return [[term for term in terms if term != last] for terms in self.terms.tolist()]

    @cached_property
    def _against(self) -> np.ndarray:
        """The products [C + 1, size · width] with the terms of every column."""
        return self.products[:, self.terms.ravel()]

    @cached_property
    def _blocks(self) -> np.ndarray:
        """The products [size, width, width] of the terms of each column."""
        return filled(self.products, self.terms)


def filled(products: np.ndarray, terms: np.ndarray) -> np.ndarray:
    """The blocks [size, width, width] of `terms` [size, width] in `products`; the last term of
    these, all zeros, stands for none, and gets a one on the diagonal."""
    blocks = products[terms[:, :, None], terms[:, None, :]]
    width = range(terms.shape[1])
    blocks[:, width, width] += terms == len(products) - 1
    return np.asarray(blocks)


def with_none(terms: np.ndarray) -> np.ndarray:
    """With a last row (and column) of zeros, that stands for no term."""
    wide = np.zeros([length + 1 for length in terms.shape])
    wide[(slice(-1),) * terms.ndim] = terms
    return wide


def within(held: np.ndarray) -> np.ndarray:
    """Where the terms of some columns stand among theirs alone: int [columns, width], the
    number of them all where `held` says that there is none."""
    places = np.cumsum(held.ravel()).reshape(held.shape)
    return np.where(held, places - 1, places[-1, -1])


def linear_score(columns: np.ndarray) -> JointScore:
    """Of continuous columns [rows, p]."""
    return _scored(linear_joint(columns))


def mixed_score(codes: np.ndarray, variables: Sequence[Variable]) -> JointScore:
    """Of codes [rows, p] of any kind, levels without an order as indicators."""
    return _scored(mixed_joint(codes, variables))


def linear_joint(columns: np.ndarray) -> NormalJoint:
    """Of continuous columns [rows, p]."""
    return _joint([column[:, None] for column in columns.T])


def mixed_joint(codes: np.ndarray, variables: Sequence[Variable]) -> NormalJoint:
    """Of codes [rows, p] of any kind, levels without an order as indicators."""
    return _joint(
        [
            (column[:, None] == np.unique(column)[1:]).astype(float)
            if variable.kind in _LEVELS
            else column[:, None]
            for column, variable in zip(codes.T, variables, strict=True)
        ]
    )


def _joint(blocks: Sequence[np.ndarray]) -> NormalJoint:
    """From blocks of terms [rows, terms]."""
    design = np.concatenate(blocks, axis=1)
    design = design - design.mean(0)
    spread = design.std(0)
    design = design / np.where(spread > 0, spread, 1.0)
    rows, count = design.shape
    products = with_none(design.T @ design / rows + _LEAST * np.eye(count))
    widths = [block.shape[1] for block in blocks]
    terms = np.full((len(blocks), max(widths)), count)
    for j, (start, end) in enumerate(pairwise(np.cumsum([0, *widths]))):
        terms[j, : end - start] = np.arange(start, end)
    return NormalJoint(products, terms, rows)


def _scored(joint: NormalJoint) -> JointScore:
    widths = (joint.terms < len(joint.products) - 1).sum(1)
    free = np.outer(widths, widths) * (0.5 * np.log(joint.rows))
    return JointScore(joint, free + about_one_cause(joint.size))
