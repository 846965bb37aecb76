"""What a search asks of a score: how well a set of causes tells of one column."""

from __future__ import annotations

from typing import Protocol

import numpy as np

Parents = tuple[int, ...]


class LocalScore(Protocol):
    """A decomposable score over columns 0..size-1; greater is better, in nats."""

    @property
    def size(self) -> int:
        """How many columns there are."""

    def local(self, node: int, parents: Parents) -> float:
        """The score of `node` with exactly these parents."""

    def grown(self, node: int, parents: Parents) -> np.ndarray:
        """The score [size] of `node` with each further column; `node` and `parents` say nothing."""

    def shrunk(self, node: int, parents: Parents) -> np.ndarray:
        """The scores [parents] of `node` without each of its parents."""


def total(score: LocalScore, dag: np.ndarray) -> float:
    """The score of a graph of arrows, bool [size, size]."""
    return sum(score.local(j, tuple(dag[:, j].nonzero()[0].tolist())) for j in range(len(dag)))
