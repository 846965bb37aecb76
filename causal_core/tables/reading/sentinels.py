"""Numbers that stand for “missing”, such as −999, told from real ones by their distance."""

from __future__ import annotations

import numpy as np

from causal_core.tables.reading.marks import SENTINELS

_FAR = 5.0  # a sentinel lies at least this many times beyond the largest other number


def sentinels(numbers: np.ndarray) -> list[float]:
    """The sentinels among `numbers`, float64 [rows].

    A negative one needs every other number to be non-negative or far smaller in size;
    a positive one (999, 9999…) must occur twice and lie far above all others.
    """
    seen = numbers[~np.isnan(numbers)]
    found = [s for s in SENTINELS if (seen == s).any()]
    others = seen[~np.isin(seen, found)]
    if not found or len(others) < 2 or len(np.unique(others)) < 2:
        return []
    return [s for s in found if _stands_out(s, seen, others)]


def _stands_out(sentinel: float, seen: np.ndarray, others: np.ndarray) -> bool:
    size = float(np.abs(others).max())
    far = abs(sentinel) >= _FAR * size
    if sentinel < 0:
        return bool(others.min() >= 0) or far
    return far and int((seen == sentinel).sum()) >= 2
