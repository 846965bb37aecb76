"""How far an effect can lie when the graph does not identify it: bounds instead of a number.

With a discrete instrument the bounds are those of Balke and Pearl (1997); without one they
are Manski's (1990), which assume nothing at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from causal_core.graphs.graph import CausalGraph
from causal_core.tables.schema import Level, Value
from causal_core.tables.table import Table


class BoundsMethod(StrEnum):
    """Where bounds come from."""

    BALKE_PEARL = "Balke–Pearl"
    NATURAL = "natural"


class ArmBounds(NamedTuple):
    """Between which means of the outcome giving `value` to everyone would lead."""

    value: Value
    low: float
    high: float


@dataclass(frozen=True)
class Bounds:
    """The contrast E[outcome | do(values[1])] − E[outcome | do(values[0])] lies in [low, high].

    In `unit` (“probability” for levels). `interval` is wider: it holds the sampling error of
    both ends (90 %). `instrument`: the column whose independence the bounds rest on, or None.
    """

    low: float
    high: float
    method: BoundsMethod
    arms: tuple[ArmBounds, ...]
    interval: tuple[float, float]
    sentence: str
    unit: str
    notes: tuple[str, ...]
    instrument: str | None = None


def bounds(
    table: Table,
    graph: CausalGraph,
    treatment: str,
    outcome: str,
    values: tuple[Value, Value] = (0, 1),
    *,
    level: Level | None = None,
    span: tuple[float, float] | None = None,
    seed: int = 0,
) -> Bounds:
    """Bounds of the effect of `treatment` on the mean of `outcome`, or on P(outcome = level).

    `span`: between which numbers a numeric outcome must lie; the seen range when None.
    Raises UnknownColumn, UnknownLevel, GraphError, or QuestionError for a continuous
    treatment, for values that no row has and for a span that the rows leave.
    """
    raise NotImplementedError
