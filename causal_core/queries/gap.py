"""Why seeing differs from doing: the gap, laid on the open back-door paths."""

from __future__ import annotations

from dataclasses import dataclass

from causal_core.association.model import AssociationModel
from causal_core.graphs.graph import Edge
from causal_core.scm.model import StructuralCausalModel
from causal_core.tables.schema import Level, Value
from causal_core.tables.table import Table


@dataclass(frozen=True)
class GapPart:
    """What some back-door paths bring, in the outcome's unit.

    `paths` run from the cause to the outcome in the graph without latent nodes.
    """

    label: str
    paths: tuple[tuple[Edge, ...], ...]
    value: float


@dataclass(frozen=True)
class Gap:
    """seeing − doing = the sum of the parts + rest, all for the contrast of the two values.

    `rest` is what the correlational net sees beyond what the equations would see.
    """

    seeing: float
    doing: float
    parts: tuple[GapPart, ...]
    rest: float
    unit: str
    sentence: str


def gap(
    model: StructuralCausalModel,
    seen: AssociationModel,
    table: Table,
    cause: str,
    outcome: str,
    values: tuple[Value, Value],
    level: Level | None = None,
    seed: int = 0,
) -> Gap:
    """The difference between what is seen and what is caused, path by path."""
    raise NotImplementedError
