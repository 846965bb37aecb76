"""Why seeing differs from doing: the gap, laid on the open back-door paths.

`seen_worlds` says what each arrow out of the causes of X brings; where several back-door
paths share that arrow, `treks` says how much of it came along which.
"""

from __future__ import annotations

from dataclasses import dataclass

from causal_core.association.model import AssociationModel
from causal_core.errors import QuestionError, UnknownColumn
from causal_core.queries.engine import answer
from causal_core.queries.gap_parts import GapPart, gap_parts
from causal_core.queries.gap_words import gap_sentence, rough, thin, warnings
from causal_core.queries.levels import chosen_level
from causal_core.queries.questions import Association
from causal_core.queries.seen_worlds import SeenWorlds
from causal_core.scm.model import StructuralCausalModel
from causal_core.tables.schema import Level, Value
from causal_core.tables.table import Table

__all__ = ["Gap", "GapPart", "gap"]


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
    """The difference between what is seen and what is caused, path by path.

    For the mean of `outcome` (or P(outcome = level)) at the second of `values` less that at
    the first. An arrow's share is the mean of
    turning it over in the graph's order and in the reverse; a straight-line split, exact for
    linear normal equations, lays it on the paths that share the arrow. Raises UnknownColumn,
    UnknownLevel or QuestionError for a question that does not fit.
    """
    _need_question(model, cause, outcome)
    variable, target = model.by_name[cause], model.by_name[outcome]
    worlds = SeenWorlds(model, cause, outcome, chosen_level(target, level), seed)
    low, high = (worlds.turned(variable.code(value)) for value in values)
    parts = gap_parts(worlds, low, high)
    before, after = (
        answer(model, Association(outcome, {cause: value}, level), seen).value for value in values
    )
    seeing, doing = after - before, high.doing - low.doing
    unit = "probability" if target.kind.discrete else target.unit
    told = [
        gap_sentence(seeing, doing, parts, unit),
        *warnings(model.graph, cause, outcome, _clashing(model, cause)),
        *thin(table, variable, values),
        *rough(min(low.effective, high.effective)),
    ]
    rest = seeing - doing - sum(part.value for part in parts)
    return Gap(seeing, doing, parts, rest, unit, " ".join(told))


def _need_question(model: StructuralCausalModel, cause: str, outcome: str) -> None:
    for name in (cause, outcome):
        if name not in model.by_name:
            raise UnknownColumn(name, model.by_name)
    if cause == outcome:
        raise QuestionError("The cause and the outcome are the same column.", "Choose two.")


def _clashing(model: StructuralCausalModel, cause: str) -> frozenset[str]:
    """Effects of the cause that share an unmeasured cause with it."""
    graph = model.graph.project()
    return graph.siblings(cause) & graph.children(cause)
