"""What an example on the shelf is: data, a question, a graph, and what is known to be true."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from causal_core.tables.schema import Level, Value
from causal_core.tables.table import Table

Truth = Callable[[str, str, Sequence[Value], Level | None], np.ndarray | None]


@dataclass(frozen=True)
class KnownEffect:
    """A contrast known from an experiment: mean outcome at `high` less that at `low`."""

    low: Value
    high: Value
    value: float
    unit: str
    source: str


@dataclass(frozen=True)
class Example:
    """One data set of the shelf. `positive` is the level of interest of a discrete outcome."""

    key: str
    title: str
    question: str
    source: str
    licence: str
    cause: str
    outcome: str
    positive: str | None
    rows: int
    columns: int
    graph_text: str
    note: str
    build: Callable[[], Table]
    truths: Truth | None = None
    effect: KnownEffect | None = None

    def table(self) -> Table:
        """The data, built on the first call and kept."""
        return self.build()

    def truth(
        self, cause: str, outcome: str, values: Sequence[Value], level: Level | None = None
    ) -> np.ndarray | None:
        """The true mean of `outcome` under do(cause=v) for each v, float64 [values].

        In the outcome's unit; for a discrete outcome the probability of `level`
        (`positive` for the example's own outcome, else the last level). None where the
        truth is not known. Raises UnknownColumn and UnknownLevel.
        """
        kind, target = self.table().variable(cause), self.table().variable(outcome)
        for value in values:
            kind.code(value)
        if self.truths is None:
            return None
        if level is None and target.kind.discrete:
            level = self.positive if outcome == self.outcome else target.levels[-1]
        return self.truths(cause, outcome, values, level)


def labelled(
    codes: np.ndarray, levels: Sequence[str], ordered: bool = False
) -> pd.Categorical[str]:
    """The column whose cells are `levels` at `codes`, whole numbers [rows]."""
    index = pd.Index(list(levels))
    return pd.Categorical.from_codes(codes.astype(np.int64), categories=index, ordered=ordered)


def dagitty(
    places: Mapping[str, tuple[int, int]],
    arrows: Mapping[str, Sequence[str]],
    exposure: str,
    outcome: str,
) -> str:
    """Dagitty text of the graph with `arrows` (cause → effects), its nodes at `places`."""
    roles = {exposure: "exposure,", outcome: "outcome,"}
    nodes = [f'  "{n}" [{roles.get(n, "")}pos="{x},{y}"]' for n, (x, y) in places.items()]
    edges = [f'  "{cause}" -> "{effect}"' for cause, to in arrows.items() for effect in to]
    return "\n".join(["dag {", *nodes, *edges, "}"])
