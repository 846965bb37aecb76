"""Columns of a table as the numbers that regressions read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from causal_core.estimation.contrast import codes
from causal_core.tables.schema import Variable
from causal_core.tables.table import Table


@dataclass(frozen=True, eq=False)
class Design:
    """`matrix` float64 [rows, features] and what each feature is called.

    A number is one feature; a discrete column has one 0/1 feature per level but its first.
    """

    matrix: np.ndarray
    names: tuple[str, ...]


def design(table: Table, names: Iterable[str], kept: np.ndarray) -> Design:
    """The columns `names` in the `kept` rows (bool [rows]); features that never vary go."""
    matrix, labels = [np.empty((int(kept.sum()), 0))], []
    for name in sorted(names):
        features, called = _features(table.variable(name), codes(table, name)[kept])
        matrix.append(features)
        labels.extend(called)
    both = np.hstack(matrix)
    varies = (both != both[:1]).any(axis=0)
    return Design(both[:, varies], tuple(label for label, v in zip(labels, varies) if v))


def _features(variable: Variable, column: np.ndarray) -> tuple[np.ndarray, list[str]]:
    if not variable.kind.discrete:
        return column[:, None], [variable.name]
    rest = range(1, len(variable.levels))
    features = column[:, None] == np.array(rest, dtype=float)
    return features.astype(float), [f"{variable.name} = {variable.levels[i]}" for i in rest]
