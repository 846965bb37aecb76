"""A causal effect from its identified estimand, without the neural model: a second opinion."""

from __future__ import annotations

from collections.abc import Iterable

from causal_core.errors import EstimationError
from causal_core.estimation.overlap import Overlap
from causal_core.estimation.result import Arm, Estimate, Method
from causal_core.graphs.graph import CausalGraph
from causal_core.identification.verdict import Status
from causal_core.queries.answers import Answer
from causal_core.tables.schema import Level, Value
from causal_core.tables.table import Table

__all__ = ["Arm", "Estimate", "Method", "Overlap", "estimate", "opinion"]

_ASSUMING = (Method.PARTIAL, Method.TSLS, Method.WALD)


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
    """The effect as an Answer with its 90 % interval; parameters and errors as `opinion`."""
    found = opinion(
        table, graph, treatment, outcome, values, level=level, adjusted=adjusted, seed=seed
    )
    return Answer(found.value, found.interval(), _status(found), _evidence(found), found.unit)


def opinion(
    table: Table,
    graph: CausalGraph,
    treatment: str,
    outcome: str,
    values: tuple[Value, Value] = (0, 1),
    *,
    level: Level | None = None,
    adjusted: Iterable[str] | None = None,
    seed: int = 0,
) -> Estimate:
    """The contrast between `values` of `treatment`, by the best method the graph allows.

    A given `adjusted` is used where it is valid under the graph. `level`: the level of a
    discrete outcome whose probability is meant, the last by default. Raises UnknownColumn,
    UnknownLevel, GraphError and QuestionError for a question that does not fit, and
    EstimationError where these rows cannot answer it.
    """
    raise EstimationError("This effect cannot be estimated yet.", "Ask for its bounds instead.")


def _status(found: Estimate) -> Status:
    if found.method is Method.NO_EFFECT:
        return Status.NO_EFFECT
    return Status.ASSUMED if found.method in _ASSUMING else Status.IDENTIFIED


def _evidence(found: Estimate) -> str:
    return " ".join([f"By {found.method}, from {found.rows:,} rows.", *found.notes])
