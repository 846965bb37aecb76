"""A discrete world: a causal model with hidden causes whose probabilities are enumerated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causal_core.graphs.graph import Edge

if TYPE_CHECKING:
    import pandas as pd


Name = str | Edge  # a measured node, or the hidden cause that an arc stands for


@dataclass(frozen=True, eq=False)
class Table:
    """P(own level | levels of `reads`): float64, own axis first, then one axis each."""

    reads: tuple[Name, ...]
    chances: np.ndarray


@dataclass(frozen=True, eq=False)
class World:
    """A table for each measured node (`nodes`) and each hidden cause; levels are 0, 1, …"""

    nodes: tuple[str, ...]
    tables: Mapping[Name, Table]

    def probability(
        self, names: str | Iterable[str] | None = None, do: Mapping[str, int] | None = None
    ) -> pd.Series:
        """P(names | do(do)), exactly, indexed by the levels of `names` (all of `nodes`)."""
        import pandas as pd

        wanted = [names] if isinstance(names, str) else list(self.nodes if names is None else names)
        values = self.array(wanted, do or {})
        levels = [range(size) for size in values.shape]
        return pd.Series(values.ravel(), pd.MultiIndex.from_product(levels, names=wanted))

    def array(self, names: Iterable[str], do: Mapping[str, int]) -> np.ndarray:
        """P(names | do(do)) with one axis a name, float64."""
        wanted: list[Name] = list(names)
        needed = list(wanted)  # what the others come to sums to 1
        for name in needed:
            reads = () if name in do else self.tables[name].reads
            needed += [read for read in reads if read not in needed]
        axis = {name: place for place, name in enumerate(needed)}
        operands: list[object] = []
        for name in needed:
            table = self.tables[name]
            if name in do:
                point = np.zeros(len(table.chances))
                point[do[name]] = 1  # type: ignore[index]
                operands += [point, [axis[name]]]
            else:
                operands += [table.chances, [axis[name], *(axis[n] for n in table.reads)]]
        places = [axis[name] for name in wanted]
        return np.asarray(np.einsum(*operands, places, optimize="greedy"))  # type: ignore[call-overload]

    def levels(self, name: str) -> int:
        """How many levels a node has."""
        return len(self.tables[name].chances)
