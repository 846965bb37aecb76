"""Gaussian scores from one matrix of mean products: linear, additive, mixed.

Every column is a block of terms as a cause and a block of terms as an effect:

- linear: itself and itself (Schwarz 1978; Chickering 2002);
- additive: a cubic spline basis as a cause, itself as an effect (as in CAM: Bühlmann,
  Peters & Ernest 2014);
- mixed: levels as indicators, both ways (degenerate Gaussian: Andrews, Ramsey & Cooper 2019).

The score is the profile log-likelihood of a multivariate regression less ½ log n for each
coefficient (BIC).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from causal_core.discovery.scores import Parents
from causal_core.tables.schema import Kind, Variable

_JITTER = 1e-8  # so that collinear causes are no error
_LEAST = 1e-6  # of a block's own spread: what is determined is not infinitely likely
_KNOTS = 4  # inner knots of a spline
_LEVELS = (Kind.BINARY, Kind.CATEGORICAL)


@dataclass(frozen=True, eq=False)
class BlockScore:
    """BIC from `products` [C, C], the mean products of centred terms of unit spread.

    `effects[j]`, `causes[j]`: the terms of column j; blocks of causes are padded to one
    width with −1.
    """

    products: np.ndarray
    effects: tuple[np.ndarray, ...]
    causes: np.ndarray  # int [size, width]
    rows: int
    penalty: float = 1.0

    @property
    def size(self) -> int:
        """How many columns there are."""
        return len(self.effects)

    def local(self, node: int, parents: Parents) -> float:
        """The score of `node` with exactly these parents."""
        effect, cause = self.effects[node], self._terms(parents)
        rest = self.products[effect[:, None], effect]
        if len(cause):
            across = self.products[cause[:, None], effect]
            rest = rest - across.T @ self._solved(cause, across)
        return float(self._scored(_log_volume(rest), len(effect), len(cause)))

    def grown(self, node: int, parents: Parents) -> np.ndarray:
        """The score [size] of `node` with each further column.

        The regressions share the parents: what these leave of each further block is solved
        for all blocks at once (Schur complements).
        """
        effect, cause = self.effects[node], self._terms(parents)
        further = np.ones(self.size, dtype=bool)
        further[[node, *parents]] = False
        blocks = np.where(self.causes < 0, len(self.products), self.causes)[further]  # [s, w]
        count, width = blocks.shape
        rest = self.products[effect[:, None], effect]
        across = self._padded[blocks[:, :, None], effect]
        inner = self._padded[blocks[:, :, None], blocks[:, None, :]]
        if len(cause):
            mine = self.products[cause[:, None], effect]
            theirs = self._padded[cause[:, None], blocks.ravel()]
            solved = self._solved(cause, np.concatenate([mine, theirs], axis=1))
            rest = rest - mine.T @ solved[:, : len(effect)]
            known = solved[:, len(effect) :].reshape(len(cause), count, width).transpose(1, 2, 0)
            across = across - known @ mine
            inner = inner - known @ theirs.reshape(len(cause), count, width).transpose(1, 0, 2)
        inner[:, range(width), range(width)] += np.where(self.causes[further] < 0, 1.0, _JITTER)
        solved = across / inner if width == 1 else np.linalg.solve(inner, across)
        gained = across.transpose(0, 2, 1) @ solved
        terms = len(cause) + (self.causes[further] >= 0).sum(1)
        found = np.full(self.size, -np.inf)
        found[further] = self._scored(_log_volume(rest - gained), len(effect), terms)
        return found

    def shrunk(self, node: int, parents: Parents) -> np.ndarray:
        """The scores [parents] of `node` without each of its parents.

        Leaving out a block b of coefficients β adds βᵀ (G⁻¹)_bb⁻¹ β to the residuals.
        """
        effect, cause = self.effects[node], self._terms(parents)
        across = self.products[cause[:, None], effect]
        inverse = self._solved(cause, np.eye(len(cause)))
        known = inverse @ across
        rest = self.products[effect[:, None], effect] - across.T @ known
        widths = (self.causes[list(parents)] >= 0).sum(1)
        if widths.max(initial=0) == 1:
            more = known[:, :, None] * known[:, None, :] / inverse.diagonal()[:, None, None]
        else:
            ends = np.cumsum(widths)
            blocks = [slice(end - width, end) for end, width in zip(ends, widths, strict=True)]
            more = np.stack([known[b].T @ np.linalg.solve(inverse[b, b], known[b]) for b in blocks])
        return self._scored(_log_volume(rest + more), len(effect), len(cause) - widths)

    @cached_property
    def _padded(self) -> np.ndarray:
        """The products with a last row and column of zeros, for blocks that are narrower."""
        return np.pad(self.products, (0, 1))

    def _terms(self, parents: Parents) -> np.ndarray:
        terms = self.causes[list(parents)].ravel()
        return terms[terms >= 0]

    def _solved(self, cause: np.ndarray, right: np.ndarray) -> np.ndarray:
        """The causes' regression coefficients for these products [cause, ...]."""
        inner = self.products[cause[:, None], cause]
        inner.flat[:: len(cause) + 1] += _JITTER
        return np.linalg.solve(inner, right)

    def _scored(self, volume: np.ndarray, effects: int, causes: np.ndarray | int) -> np.ndarray:
        cost = 0.5 * self.penalty * np.log(self.rows)
        return np.asarray(-0.5 * self.rows * volume - cost * effects * causes)


def _log_volume(rest: np.ndarray) -> np.ndarray:
    """Log determinants of residual products [..., e, e], never below what `_LEAST` leaves."""
    if rest.shape[-1] == 1:
        return np.asarray(np.log(np.maximum(rest[..., 0, 0], _LEAST)))
    values = np.linalg.eigvalsh(rest)
    return np.asarray(np.log(np.maximum(values, _LEAST)).sum(-1))


# ── the three of them ────────────────────────────────────────────────────────────


def linear_score(columns: np.ndarray, penalty: float = 1.0) -> BlockScore:
    """Of continuous columns [rows, p]."""
    return _made([column[:, None] for column in columns.T], None, penalty)


def additive_score(columns: np.ndarray, penalty: float = 1.0) -> BlockScore:
    """Of continuous columns [rows, p], each cause through a spline of its own."""
    bases = [spline_terms(column) for column in columns.T]
    return _made([column[:, None] for column in columns.T], bases, penalty)


def mixed_score(
    codes: np.ndarray, variables: Sequence[Variable], penalty: float = 1.0
) -> BlockScore:
    """Of codes [rows, p] of any kind, levels without an order as indicators."""
    blocks = [
        (column[:, None] == np.unique(column)[1:]).astype(float)
        if variable.kind in _LEVELS
        else column[:, None]
        for column, variable in zip(codes.T, variables, strict=True)
    ]
    return _made(blocks, None, penalty)


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


def _made(
    effects: Sequence[np.ndarray], causes: Sequence[np.ndarray] | None, penalty: float
) -> BlockScore:
    """From blocks of terms [rows, terms]; `causes` where they are not those of `effects`."""
    blocks = [*effects, *(causes or ())]
    design = np.concatenate(blocks, axis=1)
    design = design - design.mean(0)
    spread = design.std(0)
    design = design / np.where(spread > 0, spread, 1.0)
    starts = np.cumsum([0, *(block.shape[1] for block in blocks)])
    places = [np.arange(a, b) for a, b in pairwise(starts)]
    of = places[len(effects) :] if causes else places
    padded = np.full((len(effects), max(map(len, of))), -1)
    for j, place in enumerate(of):
        padded[j, : len(place)] = place
    products = design.T @ design / len(design)
    return BlockScore(products, tuple(places[: len(effects)]), padded, len(design), penalty)
