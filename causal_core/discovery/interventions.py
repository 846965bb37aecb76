"""Rows that were taken after something was set from outside.

Where it is known which columns were set in which rows, a column's score uses the rows in
which its own causes acted (Hauser & Bühlmann 2012, *Characterization and greedy learning of
interventional Markov equivalence classes*): setting x and seeing y follow tells
x → y from y → x.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from causal_core.discovery.scores import LocalScore, Parents
from causal_core.errors import TableError, UnknownColumn
from causal_core.tables.schema import Variable

_FEWEST_ROWS = 20
Targets = Mapping[str, Sequence[str]]


@dataclass(frozen=True, eq=False)
class InterventionScore:
    """The score of each column over the rows in which it was not set: `of[j]` is column j's."""

    of: tuple[LocalScore, ...]

    @property
    def size(self) -> int:
        """How many columns there are."""
        return len(self.of)

    def local(self, node: int, parents: Parents) -> float:
        """See `LocalScore`."""
        return self.of[node].local(node, parents)

    def grown(self, node: int, parents: Parents) -> np.ndarray:
        """See `LocalScore`."""
        return self.of[node].grown(node, parents)

    def shrunk(self, node: int, parents: Parents) -> np.ndarray:
        """See `LocalScore`."""
        return self.of[node].shrunk(node, parents)


def set_columns(
    variables: Sequence[Variable], codes: np.ndarray, environment: str, targets: Targets
) -> np.ndarray:
    """Which cells of `codes` [rows, columns] were set from outside: bool, of the same shape.

    `targets`: level of the column `environment` → the columns that were set in its rows;
    rows of other levels were only watched. Raises UnknownColumn and UnknownLevel for what is
    not in the table, TableError where a column is left with too few rows of its own.
    """
    place = {variable.name: j for j, variable in enumerate(variables)}
    found = np.zeros(codes.shape, dtype=bool)
    for level, names in targets.items():
        rows = codes[:, place[environment]] == variables[place[environment]].code(level)
        for name in names:
            if name not in place or name == environment:
                raise UnknownColumn(name, [other for other in place if other != environment])
            found[rows, place[name]] = True
    for name, left in zip(place, (~found).sum(0), strict=True):
        if left < _FEWEST_ROWS:
            raise TableError(
                f"“{name}” was set in all but {left} rows, so nothing tells of its causes.",
                "Name fewer conditions under which it was set, or leave it out.",
            )
    return found


def told_apart(set_: np.ndarray) -> np.ndarray:
    """Pairs of columns of which some row had one set and the other not: bool [p, p].

    An arrow between such two has a direction that the rows decide (there).
    """
    one = set_.astype(np.float32)
    alone = one.T @ (1 - one) > 0
    return np.asarray(alone | alone.T)
