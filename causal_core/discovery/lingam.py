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
    entropies = {j: entropy(rest[:, [j]])[0] for j in left}
    found = np.zeros(len(free))
    for place, i in enumerate(free):
        others = [j for j in left if j != i]
        slopes = rest[:, others].T @ rest[:, i] / len(rest)
        forward = _standard(rest[:, others] - rest[:, [i]] * slopes)
        backward = _standard(rest[:, [i]] - rest[:, others] * slopes)
        theirs = np.array([entropies[j] for j in others])
        ratio = theirs + entropy(backward) - entropies[i] - entropy(forward)
        found[place] = (np.minimum(ratio, 0.0) ** 2).sum()
    return found


def entropy(columns: np.ndarray) -> np.ndarray:
    """Approximate differential entropies of standardised columns [rows, k]."""
    size = np.abs(columns)
    cosh = (size + np.log1p(np.exp(-2 * size)) - np.log(2.0)).mean(0)
    skew = (columns * np.exp(-0.5 * columns**2)).mean(0)
    normal = 0.5 * (1 + np.log(2 * np.pi))
    return np.asarray(normal - _K1 * (cosh - _GAMMA) ** 2 - _K2 * skew**2)


def _standard(columns: np.ndarray) -> np.ndarray:
    centred = columns - columns.mean(0)
    return np.asarray(centred / np.maximum(centred.std(0), _TINY))
