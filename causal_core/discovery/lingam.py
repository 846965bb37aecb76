"""DirectLiNGAM: a causal order from noise that is not normal.

In a linear model with independent non-normal noises, a root is independent of what remains
of every other column after regressing it on that root; the roots are peeled off one by one
(Shimizu et al. 2011, *DirectLiNGAM*; the measure of independence by pairwise likelihood
ratios: Hyvärinen & Smith 2013, equation 10).
"""

from __future__ import annotations

import numpy as np

_K1, _K2, _GAMMA = 79.047, 7.4129, 0.37457  # Hyvärinen (1998), maximum entropy approximation
_TINY = 1e-12


def causal_order(columns: np.ndarray, earlier: np.ndarray) -> tuple[int, ...]:
    """Causes first, of columns [rows, p]; `earlier[i, j]`: i is known to stand before j."""
    left, found = list(range(columns.shape[1])), []
    rest = _standard(columns)
    while left:
        free = [j for j in left if not earlier[left, j].any()]
        root = free[0] if len(free) == 1 else free[int(_dependence(rest, left, free).argmin())]
        found.append(root)
        left.remove(root)
        slopes = rest[:, left].T @ rest[:, root] / len(rest)
        rest[:, left] = _standard(rest[:, left] - np.outer(rest[:, root], slopes))
    return tuple(found)


def _dependence(rest: np.ndarray, left: list[int], free: list[int]) -> np.ndarray:
    """How much each of `free` looks like an effect of one of `left`: 0 for a root."""
    columns = rest[:, left]
    alone, slopes = entropy(columns), columns.T @ columns / len(rest)
    spreads = np.sqrt(np.maximum(1 - slopes**2, _TINY)).astype(np.float32)  # of what is left
    columns, slopes = columns.astype(np.float32), slopes.astype(np.float32)
    ratio = np.zeros((len(left), len(left)))  # [i, j] > 0: i looks like a cause of j
    for i in range(len(left) - 1):
        mine, others = columns[:, [i]], columns[:, i + 1 :]
        slope, spread = slopes[i, i + 1 :], spreads[i, i + 1 :]
        forward = entropy((others - mine * slope) / spread)
        backward = entropy((mine - others * slope) / spread)
        ratio[i, i + 1 :] = alone[i + 1 :] + backward - alone[i] - forward
    ratio -= ratio.T
    against = (np.minimum(ratio, 0.0) ** 2).sum(1)
    return np.asarray(against[[left.index(j) for j in free]])


def entropy(columns: np.ndarray) -> np.ndarray:
    """Approximate differential entropies of standardised columns [rows, k]."""
    columns = columns.astype(np.float32)  # several times as fast, and 1e-6 matters little
    size = np.abs(columns)
    cosh = (size + np.log(1 + np.exp(-2 * size))).mean(0, dtype=float) - np.log(2.0)
    skew = (columns * np.exp(-0.5 * columns * columns)).mean(0, dtype=float)
    normal = 0.5 * (1 + np.log(2 * np.pi))
    return np.asarray(normal - _K1 * (cosh - _GAMMA) ** 2 - _K2 * skew**2)


def _standard(columns: np.ndarray) -> np.ndarray:
    centred = columns - columns.mean(0)
    return np.asarray(centred / np.maximum(centred.std(0), _TINY))
