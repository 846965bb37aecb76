"""Sharp bounds with an instrument: A. Balke & J. Pearl (1997), JASA 92:1171–1176.

*Bounds on treatment effects from studies with imperfect compliance.* Every unit is of a
type: which treatment it takes under each level of the instrument, and which outcome it has
under each treatment. The instrument is independent of the types, so that their shares q
solve the linear equations A q = P(treatment, outcome | instrument); what all solutions
leave of a causal quantity c·q are its bounds. The paper's case is all binary; the programme
is the same for any small numbers of levels.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

MOST_TYPES = 4096
_PRICE = 1e3  # of moving probability that no types explain, against the spread of scores
_MOVED = 1e-6  # more than the solver's tolerance


@dataclass(frozen=True, eq=False)
class Types:
    """All types of unit for these numbers of levels.

    `cells` float64 [levels of the instrument · treatment · outcome, types]: 1 where a type
    would be seen. `outcomes` int [treatment levels, types]: its outcome under each treatment.
    """

    cells: np.ndarray
    outcomes: np.ndarray

    @classmethod
    def of(cls, instrument: int, treatment: int, outcome: int) -> Types:
        """The types of so many levels; `count` says beforehand how many there are."""
        takes = np.array(list(product(range(treatment), repeat=instrument))).T
        shows = np.array(list(product(range(outcome), repeat=treatment))).T
        taken = np.repeat(takes, shows.shape[1], axis=1)
        outcomes = np.tile(shows, takes.shape[1])
        cells = np.zeros((instrument, treatment, outcome, taken.shape[1]))
        each = np.arange(taken.shape[1])
        for z in range(instrument):
            cells[z, taken[z], outcomes[taken[z], each], each] = 1
        return cls(cells.reshape(-1, taken.shape[1]), outcomes)

    @staticmethod
    def count(instrument: int, treatment: int, outcome: int) -> int:
        """How many types there are."""
        return int(treatment**instrument * outcome**treatment)

    def mean(self, treatment: int, scores: np.ndarray) -> np.ndarray:
        """The objective [types] of the mean of `scores` [outcome levels] under one treatment."""
        return np.asarray(scores[self.outcomes[treatment]])

    def ends(
        self, observed: np.ndarray, objective: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(low, high, misfit), each [tables]: the ends of `objective` for each table.

        `observed` float64 [tables, instrument, treatment, outcome] holds P(treatment,
        outcome | instrument). `misfit` is the probability that must be moved before any
        types explain a table: above zero the instrumental inequality fails. The ends are
        then those of the nearest distribution that types explain.
        """
        tables = observed.reshape(len(observed), -1)
        low, moved = self._least(tables, objective)
        high, _ = self._least(tables, -objective)
        return low, -high, moved

    def _least(self, tables: np.ndarray, objective: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Least objective and moved probability; all tables are one sparse programme."""
        from scipy.optimize import linprog
        from scipy.sparse import csr_matrix, eye, kron

        (cells, types), count = self.cells.shape, len(tables)
        price = _PRICE * max(float(np.ptp(objective)), 1.0)
        costs = np.concatenate([objective, np.full(2 * cells, price)])
        moves = np.hstack([np.eye(cells), -np.eye(cells)])
        whole = np.concatenate([np.ones(types), np.zeros(2 * cells)])
        one = csr_matrix(np.vstack([np.hstack([self.cells, moves]), whole]))
        right = np.hstack([tables, np.ones((count, 1))])
        found = linprog(
            np.tile(costs, count), A_eq=kron(eye(count), one), b_eq=right.ravel(), method="highs"
        )
        x = found.x.reshape(count, -1)
        moved = x[:, types:].sum(axis=1) / 2
        return x[:, :types] @ objective, np.where(moved > _MOVED, moved, 0.0)
