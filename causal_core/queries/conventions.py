"""Counterfactuals of levels without an order rest on a convention; what another would say."""

from __future__ import annotations

import numpy as np

from causal_core.queries.sweep_answer import SweepAnswer
from causal_core.scm.model import StructuralCausalModel
from causal_core.tables.schema import Kind, Variable


def conventional(model: StructuralCausalModel, cause: str, outcome: str) -> tuple[Variable, ...]:
    """The categorical variables on the ways from `cause` to `outcome`, the outcome too."""
    graph = model.graph
    ways = graph.descendants(cause) & (graph.ancestors(outcome) | {outcome})
    return tuple(
        v for v in model.variables if v.name in ways - {cause} and v.kind is Kind.CATEGORICAL
    )


def imagined_apart(one: SweepAnswer, other: SweepAnswer) -> float:
    """The most by which two answers' counterfactual means differ, over all positions.

    The row's where one is asked about, else everyone's; in the outcome's unit, or a share.
    """
    if one.row is not None and other.row is not None:
        return float(np.abs(one.row.mean - other.row.mean).max())
    return float(np.abs(one.everyone.mean - other.everyone.mean).max())
