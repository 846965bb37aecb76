"""From what each arrow brings to the parts of the gap: back-door paths with their values."""

from __future__ import annotations

from dataclasses import dataclass

from causal_core.graphs.graph import CausalGraph
from causal_core.queries.gap_paths import Path, hidden_paths, tails, text, trek_path
from causal_core.queries.seen_worlds import HIDDEN, SeenWorlds, Switch, Turned
from causal_core.queries.treks import MOST, Nodes

MOST_PARTS = 12


@dataclass(frozen=True)
class GapPart:
    """What some back-door paths bring, in the outcome's unit.

    `paths` run from the cause to the outcome in the graph without latent nodes; several
    where they part only after the last common cause, where they cannot be told apart, or
    where there are too many to show. Empty where too many share an arrow to be listed.
    """

    label: str
    paths: tuple[Path, ...]
    value: float


def gap_parts(worlds: SeenWorlds, low: Turned, high: Turned) -> tuple[GapPart, ...]:
    """The parts of the contrast `high` less `low`, largest first, at most `MOST_PARTS`.

    What an unmeasured cause brings is one part. Where there are too many paths, those that
    share their last arrow out of the common causes become one part, the longest lists first.
    """
    graph = worlds.model.graph.project()
    shares = (high.steps @ high.weights - low.steps @ low.weights) / len(low.weights)
    groups: dict[Switch, list[GapPart]] = {}
    hidden: list[float] = []
    for place, switch in enumerate(worlds.switches):
        ways = _ways(worlds, graph, switch)
        if ways:
            lines = _lines(worlds, (low, high), place)
            found, lost = _laid(worlds, graph, switch, ways, lines, float(shares[place]))
            groups[switch] = found
            hidden.extend(lost)
        else:
            hidden.append(float(shares[place]))
    if hidden:
        paths = hidden_paths(graph, worlds.cause, worlds.outcome)
        groups.setdefault(HIDDEN, []).append(GapPart(_hidden_label(paths), paths, sum(hidden)))
    return _few(groups, worlds.outcome)


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


def _laid(
    worlds: SeenWorlds,
    graph: CausalGraph,
    switch: Switch,
    ways: tuple[Path, ...],
    lines: dict[Nodes, float] | None,
    share: float,
) -> tuple[list[GapPart], list[float]]:
    """A switch's share laid on its paths; apart, what went through an unmeasured cause."""
    if lines is None:
        label = f"more than {MOST} paths {_ending(switch, worlds.outcome)}"
        return [GapPart(label, (), share)], []
    found, hidden = [], []
    for nodes, value in _whole(lines, share).items():
        path = trek_path(graph, nodes)
        if path is None:
            hidden.append(value)
            continue
        paths = tuple((*path, *way) for way in ways)
        found.append(GapPart(_label(worlds.cause, paths), paths, value))
    return found, hidden


def _whole(lines: dict[Nodes, float], share: float) -> dict[Nodes, float]:
    """`lines`, and what they leave of the share given to each in proportion to its size."""
    size = sum(abs(value) for value in lines.values())
    left = share - sum(lines.values())
    if not size:
        return dict.fromkeys(lines, share / len(lines))
    return {nodes: value + left * abs(value) / size for nodes, value in lines.items()}


def _few(groups: dict[Switch, list[GapPart]], outcome: str) -> tuple[GapPart, ...]:
    while sum(map(len, groups.values())) > MOST_PARTS:
        longest = max(groups, key=lambda switch: len(groups[switch]))
        if len(groups[longest]) == 1:
            break
        groups[longest] = [_joined(groups[longest], _ending(longest, outcome))]
    parts = sorted((p for group in groups.values() for p in group), key=lambda p: -abs(p.value))
    if len(parts) > MOST_PARTS:
        parts[MOST_PARTS - 1 :] = [_joined(parts[MOST_PARTS - 1 :], "that bring less each")]
    return tuple(parts)


def _joined(parts: list[GapPart], which: str) -> GapPart:
    paths = tuple(path for part in parts for path in part.paths)
    return GapPart(f"{len(paths)} paths {which}", paths, sum(part.value for part in parts))


def _ending(switch: Switch, outcome: str) -> str:
    if switch is HIDDEN:
        return f"to {outcome}"
    verb = "end" if switch.target == outcome else "go on"
    return f"that {verb} {text(switch.source, (switch,))}"


def _label(cause: str, paths: tuple[Path, ...]) -> str:
    more = f" (and {len(paths) - 1} more that part after it)" if len(paths) > 1 else ""
    return text(cause, paths[0]) + more


def _hidden_label(paths: tuple[Path, ...]) -> str:
    arcs = {edge for path in paths for edge in path if edge.kind == "<->"}
    if len(arcs) != 1:
        return "unmeasured causes"
    arc = next(iter(arcs))
    return f"an unmeasured cause of “{arc.source}” and “{arc.target}”"
