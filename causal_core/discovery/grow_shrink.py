"""Grow-shrink trees: the best parents of one column among any that come before it.

A tree remembers every set it has grown, so that asking again costs a walk, not a
regression (Andrews et al. 2023, *Fast scalable and accurate discovery of DAGs using the
best order score search and grow-shrink trees*, algorithm 1).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from causal_core.discovery.scores import LocalScore, Parents

_GAIN = 1e-9


@dataclass(slots=True)
class _Branch:
    """One more column, as a bit, what then scores, and where it leads once walked."""

    bit: int
    column: int
    score: float
    then: _Grown | None = None


@dataclass(slots=True)
class _Grown:
    """Parents grown so far, and where growing on leads."""

    parents: Parents
    score: float
    branches: list[_Branch] | None = None  # the greatest gain first
    shrunk: tuple[float, Parents] | None = None


@dataclass(slots=True)
class GrowShrinkTree:
    """Of one column; `allowed` (bits) may be parents, `required` always are."""

    score: LocalScore
    node: int
    allowed: int
    required: Parents = ()
    root: _Grown = field(init=False)

    def __post_init__(self) -> None:
        self.root = _Grown(self.required, self.score.local(self.node, self.required))

    def best(self, before: int) -> tuple[float, Parents]:
        """The score and parents among the columns `before` (bits)."""
        at = self.root
        while True:
            for branch in at.branches if at.branches is not None else self._branches(at):
                if before & branch.bit:
                    if branch.then is None:
                        branch.then = _Grown((*at.parents, branch.column), branch.score)
                    at = branch.then
                    break
            else:
                return at.shrunk if at.shrunk is not None else self._shrunk(at)

    def _branches(self, at: _Grown) -> list[_Branch]:
        scores = self.score.grown(self.node, at.parents).tolist()
        least, allowed = at.score + _GAIN, self.allowed
        gained = [j for j, score in enumerate(scores) if score > least and allowed >> j & 1]
        gained.sort(key=scores.__getitem__, reverse=True)
        at.branches = [_Branch(1 << j, j, scores[j]) for j in gained]
        return at.branches

    def _shrunk(self, at: _Grown) -> tuple[float, Parents]:
        parents, score = at.parents, at.score
        while len(parents) > len(self.required):
            tried = self.score.shrunk(self.node, parents)
            tried[[i for i, parent in enumerate(parents) if parent in self.required]] = -np.inf
            worst = int(tried.argmax())
            if tried[worst] <= score + _GAIN:
                break
            score, parents = float(tried[worst]), parents[:worst] + parents[worst + 1 :]
        at.shrunk = score, tuple(sorted(parents))
        return at.shrunk
