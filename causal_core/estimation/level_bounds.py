"""Bounds for every level of a cause at once: where the doing curve must lie."""

from __future__ import annotations

from causal_core.errors import QuestionError
from causal_core.estimation.bounds import ArmBounds, bounds
from causal_core.graphs.graph import CausalGraph
from causal_core.tables.schema import Level
from causal_core.tables.table import Table


def level_bounds(
    table: Table, graph: CausalGraph, treatment: str, outcome: str, level: Level | None = None
) -> tuple[ArmBounds, ...]:
    """Between which means giving each level of `treatment` to everyone would lead, in order.

    Each is the tightest of the contrasts with the first level. Raises what `bounds` raises,
    and QuestionError for a treatment without two levels.
    """
    levels = table.variable(treatment).levels
    if len(levels) < 2:
        raise QuestionError(
            f"“{treatment}” has no levels, so nothing bounds it.", "Choose a column of levels."
        )
    pairs = [(levels[0], other) for other in levels[1:]]
    found = [bounds(table, graph, treatment, outcome, pair, level=level).arms for pair in pairs]
    first = ArmBounds(
        levels[0], max(arms[0].low for arms in found), min(arms[0].high for arms in found)
    )
    return (first, *(arms[1] for arms in found))
