"""How what is known of a cause reaches its common causes: treks, and what each carries.

A trek leads from the cause against arrows up to its top and down along arrows. For linear
equations the covariance of two variables is the sum over the treks between them of the
products of the path coefficients with the variance of the top (Wright 1921; Sullivant,
Talaska & Draisma 2010). Here the coefficients are regressions on a model's own draws, with
indicators for levels, so that equations of any form have straight-line shares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np

from causal_core.tables.schema import Variable

MOST = 400

Nodes = tuple[str, ...]
Loads = dict[str, np.ndarray]


class Treks:
    """The treks above a cause.

    `reads`: what each equation reads, for nodes in an order of causes before effects.
    `draws`: codes float64 [draws] of the nodes, from one world.
    """

    def __init__(
        self,
        reads: Mapping[str, Sequence[str]],
        variables: Mapping[str, Variable],
        draws: Mapping[str, np.ndarray],
    ) -> None:
        self._reads = reads
        self._rank = {name: index for index, name in enumerate(reads)}
        self._features = {n: _features(variables[n], codes) for n, codes in draws.items()}
        self._loads: dict[str, Loads] = {}

    def between(
        self, cause: str, end: str, weights: np.ndarray, response: np.ndarray
    ) -> dict[Nodes, float] | None:
        """What each trek from `cause` to `end` carries: Σ ≈ Cov(weights, response).

        `weights` [draws] are read off what the cause reads, `response` [draws] off `end`.
        Keys run from the cause to the end. None where there are more than `MOST` treks.
        """
        start = self._onto(self._reads[cause], weights[:, None])
        stop = self._onto([end], response[:, None])[end][:, 0]
        walks = (
            walk
            for name, load in start.items()
            for walk in self._walk((cause, name), load[:, 0], (end,), stop)
        )
        found = list(islice(walks, MOST + 1))
        return None if len(found) > MOST else dict(found)

    def _walk(
        self, left: Nodes, load: np.ndarray, right: Nodes, other: np.ndarray
    ) -> Iterator[tuple[Nodes, float]]:
        """Replace the later of the two ends by what it reads, until they meet at a top."""
        one, two = left[-1], right[0]
        if one == two:
            yield (*left, *right[1:]), float(load @ self._spread(one) @ other)
        elif self._rank[one] > self._rank[two]:
            for name, onto in self._loads_of(one).items():
                yield from self._walk((*left, name), onto @ load, right, other)
        else:
            for name, onto in self._loads_of(two).items():
                yield from self._walk(left, load, (name, *right), onto @ other)

    def _loads_of(self, name: str) -> Loads:
        """The regression of a node's features on those of what it reads."""
        if name not in self._loads:
            self._loads[name] = self._onto(self._reads[name], self._features[name])
        return self._loads[name]

    def _onto(self, names: Sequence[str], target: np.ndarray) -> Loads:
        """Coefficients [features, targets] of least squares of `target` [draws, targets]."""
        if not names:
            return {}
        matrix = np.hstack([self._features[n] for n in names])
        centred = target - target.mean(axis=0)
        solved = np.linalg.pinv(matrix.T @ matrix, rcond=1e-10, hermitian=True) @ (
            matrix.T @ centred
        )
        ends = np.cumsum([self._features[n].shape[1] for n in names])
        return dict(zip(names, np.split(solved, ends[:-1]), strict=True))

    def _spread(self, name: str) -> np.ndarray:
        features = self._features[name]
        return np.asarray(features.T @ features / len(features))


def _features(variable: Variable, codes: np.ndarray) -> np.ndarray:
    """Centred columns [draws, k]: the standardised number, or indicators of all levels but one."""
    if variable.kind.discrete:
        columns = (codes[:, None] == np.arange(1, len(variable.levels))).astype(float)
    else:
        columns = codes[:, None] / (codes.std() or 1.0)
    return np.asarray(columns - columns.mean(axis=0))
