"""Trying to refute an estimate: where there is no effect it must find none.

The checks of Sharma & Kiciman (2020, *DoWhy: an end-to-end library for causal inference*).
None of them can show that the graph is right; each can show that something is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from causal_core.graphs.graph import CausalGraph
from causal_core.tables.schema import Level, Value
from causal_core.tables.table import Table


@dataclass(frozen=True)
class Refutation:
    """One check. `value`: the mean estimate over its repetitions, `error` their spread.

    `reference`: what it should be: zero for a placebo, else the estimate itself. `chance`:
    the two-sided p-value of value against reference.
    """

    name: str
    what: str
    value: float
    error: float
    reference: float
    chance: float
    passed: bool
    sentence: str


def refute(
    table: Table,
    graph: CausalGraph,
    treatment: str,
    outcome: str,
    values: tuple[Value, Value] = (0, 1),
    level: Level | None = None,
    adjusted: frozenset[str] | None = None,
    seed: int = 0,
    tell: Callable[[float], None] | None = None,
) -> tuple[Refutation, ...]:
    """Placebo treatment, random common cause and subsets of the rows, a few times each.

    `tell` hears the share done (0..1). Raises what the estimate itself raises.
    """
    raise NotImplementedError
