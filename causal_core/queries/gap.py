"""Why seeing differs from doing: the gap, laid on the open back-door paths.

`seen_worlds` says what each arrow out of the causes of X brings; where several back-door
paths share that arrow, `treks` says how much of it came along which.
"""

from __future__ import annotations

from dataclasses import dataclass

from causal_core.association.model import AssociationModel
from causal_core.errors import QuestionError, UnknownColumn
from causal_core.graphs.graph import CausalGraph
from causal_core.queries.engine import answer
from causal_core.queries.gap_paths import Path, hidden_paths, tails, text, trek_path
from causal_core.queries.gap_words import gap_sentence, thin, warnings
from causal_core.queries.levels import chosen_level
from causal_core.queries.questions import Association
from causal_core.queries.seen_worlds import HIDDEN, SeenWorlds, Switch, Turned
from causal_core.queries.treks import Nodes
from causal_core.scm.model import StructuralCausalModel
from causal_core.tables.schema import Level, Value
from causal_core.tables.table import Table

MOST_PARTS = 12


@dataclass(frozen=True)
class GapPart:
    """What some back-door paths bring, in the outcome's unit.

    `paths` run from the cause to the outcome in the graph without latent nodes; several
    where they part only after the last common cause, or where they cannot be told apart.
    Empty where too many share an arrow to be listed.
    """

    label: str
    paths: tuple[Path, ...]
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
    """The difference between what is seen and what is caused, path by path.

    For the mean of `outcome` (or P(outcome = level)) at the second of `values` less that at
    the first. Parts come largest first, at most `MOST_PARTS`. An arrow's share is the mean of
    turning it over in the graph's order and in the reverse; a straight-line split, exact for
    linear normal equations, lays it on the paths that share the arrow. Raises UnknownColumn,
    UnknownLevel or QuestionError for a question that does not fit.
    """
    _need_question(model, cause, outcome)
    variable, target = model.by_name[cause], model.by_name[outcome]
    worlds = SeenWorlds(model, cause, outcome, chosen_level(target, level), seed)
    low, high = (worlds.turned(variable.code(value)) for value in values)
    parts = _parts(worlds, low, high)
    before, after = (
        answer(model, Association(outcome, {cause: value}, level), seen).value for value in values
    )
    seeing, doing = after - before, high.doing - low.doing
    unit = "probability" if target.kind.discrete else target.unit
    told = [
        gap_sentence(seeing, doing, [(part.label, part.value) for part in parts], unit),
        *warnings(model.graph, cause, outcome, _clashing(model, cause)),
        *thin(table, variable, values),
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


def _parts(worlds: SeenWorlds, low: Turned, high: Turned) -> tuple[GapPart, ...]:
    """What each switch brings, laid on its paths; all with an unmeasured cause in one part."""
    graph = worlds.model.graph.project()
    shares = (high.steps @ high.weights - low.steps @ low.weights) / len(low.weights)
    found: list[GapPart] = []
    hidden: list[float] = []
    for place, switch in enumerate(worlds.switches):
        share = float(shares[place])
        ways = _ways(worlds, graph, switch)
        if not ways:
            hidden.append(share)
            continue
        lines = _lines(worlds, (low, high), place)
        if lines is None:
            found.append(GapPart(f"the many paths that end {_short(ways[0])}", (), share))
            continue
        for nodes, value in _laid(lines, share).items():
            path = trek_path(graph, nodes)
            if path is None:
                hidden.append(value)
                continue
            paths = tuple((*path, *way) for way in ways)
            found.append(GapPart(_label(worlds.cause, paths), paths, value))
    if hidden:
        paths = hidden_paths(graph, worlds.cause, worlds.outcome)
        found.append(GapPart(_hidden_label(paths), paths, sum(hidden)))
    return _few(sorted(found, key=lambda part: -abs(part.value)))


def _few(parts: list[GapPart]) -> tuple[GapPart, ...]:
    """The largest parts, and all the others as one."""
    if len(parts) <= MOST_PARTS:
        return tuple(parts)
    others = parts[MOST_PARTS - 1 :]
    paths = tuple(path for part in others for path in part.paths)
    label = f"{len(others)} further ways, each of them smaller"
    return (*parts[: MOST_PARTS - 1], GapPart(label, paths, sum(part.value for part in others)))


def _ways(worlds: SeenWorlds, graph: CausalGraph, switch: Switch) -> tuple[Path, ...]:
    """The ways from a switch on to the outcome, its own arrow first; none that is hidden."""
    if worlds.outcome in worlds.above:
        return ((),)
    if switch is HIDDEN:
        return ()
    after = tails(graph, switch.target, worlds.outcome, worlds.below)
    return tuple((switch, *tail) for tail in after)


def _lines(
    worlds: SeenWorlds, sides: tuple[Turned, Turned], place: int
) -> dict[Nodes, float] | None:
    """Straight-line shares of the treks that a switch ends, second side less first."""
    switch = worlds.switches[place]
    end = worlds.outcome if switch is HIDDEN else switch.source
    low, high = (
        worlds.treks.between(worlds.cause, end, side.weights, side.steps[place]) for side in sides
    )
    if low is None or high is None:
        return None
    return {nodes: high[nodes] - low[nodes] for nodes in high}


def _laid(lines: dict[Nodes, float], share: float) -> dict[Nodes, float]:
    """`lines`, and what they leave of the share given to each in proportion to its size."""
    size = sum(abs(value) for value in lines.values())
    left = share - sum(lines.values())
    if not size:
        return dict.fromkeys(lines, share / len(lines))
    return {nodes: value + left * abs(value) / size for nodes, value in lines.items()}


def _short(way: Path) -> str:
    return text(way[0].source, way[:1])


def _label(cause: str, paths: tuple[Path, ...]) -> str:
    more = f" (and {len(paths) - 1} more that part after it)" if len(paths) > 1 else ""
    return text(cause, paths[0]) + more


def _hidden_label(paths: tuple[Path, ...]) -> str:
    arcs = {edge for path in paths for edge in path if edge.kind == "<->"}
    if len(arcs) != 1:
        return "unmeasured causes"
    arc = next(iter(arcs))
    return f"an unmeasured cause of “{arc.source}” and “{arc.target}”"
