"""Worlds of a few discrete variables, given by published counts of every combination."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from causal_core.rng import generator
from causal_core.tables.schema import Level, Value
from causal_core.tables.shelf.example import Truth
from causal_core.tables.table import Table

Counts = Mapping[tuple[str, str, str], int]


def table_of(counts: Counts, levels: Mapping[str, Sequence[str]], name: str) -> Table:
    """One row per unit that was counted, in a fixed shuffled order."""
    cells = [cell for cell, count in counts.items() for _ in range(count)]
    order = generator(0, name).permutation(len(cells))
    frame = pd.DataFrame([cells[i] for i in order], columns=list(levels))
    for column, ordered in levels.items():
        frame[column] = pd.Categorical(frame[column], list(ordered))
    return Table.from_frame(frame, name=name)


def truth_of(counts: Counts, parents: Mapping[str, Sequence[str]]) -> Truth:
    """Exact answers under the graph `parents`, by the truncated factorisation.

    P(v | do(x)) = ∏ P(v_i | pa_i) over all i but x (Pearl 2009, Causality, eq. 1.37), every
    factor read off the counts; `parents` lists the variables in the order of the cells.
    """
    names = list(parents)
    joint = pd.DataFrame(list(counts), columns=names)
    joint["units"] = list(counts.values())

    def chance(name: str) -> pd.Series:
        given = list(parents[name])
        family = joint.groupby([*given, name])["units"].transform("sum")
        return family / (joint.groupby(given)["units"].transform("sum") if given else _units(joint))

    def truth(
        cause: str, outcome: str, values: Sequence[Value], level: Level | None
    ) -> np.ndarray | None:
        weight = pd.Series(1.0, joint.index)
        for name in names:
            if name != cause:
                weight = weight * chance(name)
        hit = joint[outcome] == level
        return np.array([_share(weight, hit, joint[cause] == str(v)) for v in values])

    return truth


def _units(joint: pd.DataFrame) -> int:
    return int(joint["units"].sum())


def _share(weight: pd.Series, hit: pd.Series, acted: pd.Series) -> float:
    return float(weight[hit & acted].sum() / weight[acted].sum())
