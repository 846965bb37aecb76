"""G²: whether two columns of levels are independent in every stratum of the others."""

from __future__ import annotations

import numpy as np
from scipy.special import chdtrc

from causal_core.discovery.independence.evidence import Comparison, Evidence

_ROWS_PER_CELL = 2.0  # a stratum with fewer says nothing that can be trusted
_SHARE = 0.5  # of the rows must be in strata that are thick enough
_MOST_CELLS = 10**6


def counts_test(one: np.ndarray, other: np.ndarray, given: np.ndarray) -> Evidence | None:
    """G² over the strata of `given` int [rows, any] of codes int [rows].

    Levels that a stratum lacks cost no degrees of freedom there; each stratum's G² is divided
    by Williams's (1976) factor, which brings it near χ² where cells are thin. The effect is
    Cramér's V less what chance gives (Bergsma 2013). None where the strata are too thin.
    """
    table = _table(one, other, given)
    if table is None:
        return None
    tall, wide = (table.sum(2) > 0).sum(1), (table.sum(1) > 0).sum(1)
    inside = table.sum((1, 2))
    free = (tall - 1) * (wide - 1)
    thick = inside >= _ROWS_PER_CELL * tall * wide
    used = thick & (free > 0)
    if inside[thick].sum() < _SHARE * len(one) or not used.any():
        return None
    table, inside, freedom = table[used], inside[used], int(free[used].sum())
    expected = table.sum(2)[:, :, None] * table.sum(1)[:, None, :] / inside[:, None, None]
    ratio = np.divide(table, expected, out=np.ones_like(expected), where=table > 0)
    squared = 2 * (table * np.log(ratio)).sum((1, 2))
    statistic = float((squared / _williams(table, inside, free[used])).sum())
    least = min(int(tall[used].max()), int(wide[used].max())) - 1
    beyond = max(0.0, statistic - freedom) / float(inside.sum()) / least
    p = float(chdtrc(freedom, statistic))
    return Evidence(Comparison.COUNTS, min(1.0, beyond**0.5), "Cramér’s V", p, int(inside.sum()))


def _table(one: np.ndarray, other: np.ndarray, given: np.ndarray) -> np.ndarray | None:
    """Counts [strata, levels of one, levels of other]; None where they would be too many."""
    _, stratum = np.unique(given, axis=0, return_inverse=True)
    strata, tall, wide = stratum.max(initial=0) + 1, one.max() + 1, other.max() + 1
    if strata * tall * wide > _MOST_CELLS:
        return None
    cell = (stratum.ravel() * tall + one) * wide + other
    return (
        np.bincount(cell, minlength=strata * tall * wide).reshape(strata, tall, wide).astype(float)
    )


def _williams(table: np.ndarray, inside: np.ndarray, free: np.ndarray) -> np.ndarray:
    """Williams's q of each stratum [strata]."""
    inverse = []
    for margin in (table.sum(2), table.sum(1)):
        shares = np.divide(1.0, margin, out=np.zeros_like(margin), where=margin > 0)
        inverse.append(inside * shares.sum(1) - 1)
    return np.asarray(1 + inverse[0] * inverse[1] / (6 * inside * free))
