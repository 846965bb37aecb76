"""Ordinary least squares, as much of it as sensitivity analysis needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from causal_core.errors import EstimationError
from causal_core.estimation.contrast import codes
from causal_core.estimation.design import design
from causal_core.tables.table import Table

ABSORBED = 24  # a column with more levels than this is taken out by its groups' means
_TINY = 1e-10


class Regressors:
    """Columns to hold fixed in `kept` rows (bool [rows]), each a block of features.

    The discrete column with the most levels is absorbed (Frisch & Waugh 1933): every other
    feature, and whatever is regressed, has its mean within each level taken away.
    """

    def __init__(self, table: Table, names: Iterable[str], kept: np.ndarray) -> None:
        names = tuple(dict.fromkeys(names))
        self.groups, self.absorbed = _groups(table, names, kept)
        self._counts = np.bincount(self.groups)
        self.blocks: Mapping[str, np.ndarray] = {
            name: self.within(design(table, [name], kept).matrix)
            for name in names
            if name != self.absorbed
        }

    def within(self, features: np.ndarray) -> np.ndarray:
        """Features [rows] or [rows, features] less their means within the absorbed groups."""
        flat = features.reshape(len(features), -1)
        sums = np.stack([np.bincount(self.groups, column) for column in flat.T], axis=1)
        means = sums / self._counts[:, None]
        return np.asarray((flat - means[self.groups]).reshape(features.shape))

    def span(self, without: str | None = None, more: np.ndarray | None = None) -> np.ndarray:
        """An orthonormal basis [rows, rank] of all blocks but `without`, and of `more` [rows]."""
        from scipy.linalg import qr

        chosen = [block for name, block in self.blocks.items() if name != without]
        chosen += [] if more is None else [more[:, None]]
        if not chosen:
            return np.empty((len(self.groups), 0))
        matrix = np.hstack(chosen)
        scale = np.linalg.norm(matrix, axis=0)
        basis, upper, _ = qr(matrix / np.where(scale > 0, scale, 1), mode="economic", pivoting=True)
        return np.asarray(basis[:, np.abs(np.diagonal(upper)) > _TINY])

    def freedom(self, basis: np.ndarray) -> int:
        """Degrees of freedom left beside a basis; the groups (or the intercept) cost theirs."""
        return int(len(self.groups) - len(self._counts) - basis.shape[1])


def residual(target: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """What `target` [rows] keeps when an orthonormal basis is projected out."""
    return np.asarray(target - basis @ (basis.T @ target))


def share_explained(without: np.ndarray, beside: np.ndarray) -> float:
    """Partial R² from residuals without and with the columns in question."""
    before = float(without @ without)
    return 1 - float(beside @ beside) / before if before > 0 else 0.0


def need_variation(left: np.ndarray, whole: np.ndarray, name: str) -> None:
    """EstimationError where the columns held fixed leave nothing of `name` to vary."""
    if float(left @ left) <= _TINY * max(float(whole @ whole), _TINY):
        raise EstimationError(
            f"The columns held fixed leave no variation in “{name}”.",
            "Hold fewer of them fixed.",
        )


def _groups(
    table: Table, names: tuple[str, ...], kept: np.ndarray
) -> tuple[np.ndarray, str | None]:
    """The group of each row, and the column it comes from: all one group where none is wide."""
    wide = [n for n in names if len(table.variable(n).levels) > ABSORBED]
    if not wide:
        return np.zeros(int(kept.sum()), dtype=np.int64), None
    name = max(wide, key=lambda n: len(table.variable(n).levels))
    return np.unique(codes(table, name)[kept], return_inverse=True)[1], name
