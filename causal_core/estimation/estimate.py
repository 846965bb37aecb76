"""A causal effect from its identified estimand, without the neural model: a second opinion."""

from __future__ import annotations

from collections.abc import Iterable

from causal_core.estimation.opinion import opinion
from causal_core.estimation.overlap import Overlap
from causal_core.estimation.result import Arm, Estimate, Method
from causal_core.graphs.graph import CausalGraph
from causal_core.identification.naming import separated
from causal_core.identification.verdict import Status
from causal_core.queries.answers import Answer
from causal_core.tables.schema import Level, Value
from causal_core.tables.table import Table

__all__ = ["Arm", "Estimate", "Method", "Overlap", "estimate", "opinion"]

_ASSUMING = (Method.PARTIAL, Method.FRONTDOOR_LINE, Method.TSLS, Method.WALD)


def estimate(
    table: Table,
    graph: CausalGraph,
    treatment: str,
    outcome: str,
    values: tuple[Value, Value] = (0, 1),
    *,
    level: Level | None = None,
    adjusted: Iterable[str] | None = None,
    seed: int = 0,
) -> Answer:
    """The effect as an Answer with its 90 % interval; parameters and errors as `opinion`.

    >>> import numpy as np, pandas as pd
    >>> z = np.tile([0, 0, 0, 1, 1, 1], 40)
    >>> x = np.tile([0, 0, 1, 0, 1, 1], 40)
    >>> y = 2.0 * x + 5.0 * z + np.resize([0.1, -0.1, 0.2, -0.2, 0.0], 240)
    >>> table = Table.from_frame(pd.DataFrame({"z": z, "x": x, "y": y}))
    >>> graph = CausalGraph.parse("dag { z -> x; z -> y; x -> y }")
    >>> found = estimate(table, graph, treatment="x", outcome="y", values=(0, 1))
    >>> round(found.value, 1), str(found.status)
    (2.0, 'identified')
    """
    found = opinion(
        table, graph, treatment, outcome, values, level=level, adjusted=adjusted, seed=seed
    )
    return Answer(found.value, found.interval(), _status(found), _evidence(found), found.unit)


def _status(found: Estimate) -> Status:
    if found.method is Method.NO_EFFECT:
        return Status.NO_EFFECT
    return Status.ASSUMED if found.method in _ASSUMING else Status.IDENTIFIED


def _evidence(found: Estimate) -> str:
    if found.method is Method.NO_EFFECT:
        return " ".join(found.notes)
    names = separated(found.adjusted)
    adjusted = f", adjusted for {names}" if names else ""
    return " ".join([f"Method: {found.method}{adjusted}; {found.rows:,} rows.", *found.notes])
