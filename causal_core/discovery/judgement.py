"""What a person decides about the edges of a graph that was found, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from causal_core.errors import GraphError
from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.graphs.partial import oriented


class Say(StrEnum):
    """What a person says of the edge between two columns."""

    ARROW = "arrow"  # source causes target
    KEPT = "kept"  # as it was found, however few resamples have it
    ABSENT = "absent"  # there is none


@dataclass(frozen=True)
class Verdict:
    """What is said of the pair `source`, `target`; the order matters for ARROW alone."""

    source: str
    target: str
    say: Say

    @property
    def pair(self) -> frozenset[str]:
        """Both ends."""
        return frozenset((self.source, self.target))


@dataclass(frozen=True)
class Judged:
    """A graph as it stands after the verdicts.

    `graph`: without what is called absent. `whole`: with it. `verdicts`: the last of each
    pair. `followed`: arrows that the rules drew after the person's.
    """

    graph: CausalGraph
    whole: CausalGraph
    verdicts: Mapping[frozenset[str], Verdict]
    followed: frozenset[Edge]


def read_verdicts(told: Any) -> tuple[Verdict, ...]:
    """From a list of [source, target, say]; GraphError where it is anything else."""
    try:
        return tuple(Verdict(str(a), str(b), Say(say)) for a, b, say in told)
    except (TypeError, ValueError) as error:
        raise GraphError("These are no verdicts on edges.", "Reload the page.") from error


def judge(graph: CausalGraph, verdicts: Iterable[Verdict]) -> Judged:
    """`graph` with the person's arrows, what follows from them (Meek 1995), and without
    the edges that the person says are absent.

    Absent edges direct nothing, before or after. Raises GraphError for a pair without an
    edge and for an arrow that makes a circle or a new collider.
    """
    told = {verdict.pair: verdict for verdict in verdicts}
    joined = {frozenset((edge.source, edge.target)) for edge in graph.edges}
    whole = graph
    for pair, verdict in told.items():
        if pair not in joined:
            raise GraphError(
                f"The graph has no edge between “{verdict.source}” and “{verdict.target}”.",
                "Require the arrow under “What is known”, and search again.",
            )
        if verdict.say is Say.ARROW:
            whole = _directed(graph, whole, verdict.source, verdict.target)
    kept = [e for e in whole.edges if not _absent(told, e)]
    new = {e for e in whole.edges if e.kind == "->"} - set(graph.edges)
    mine = {Edge(v.source, v.target) for v in told.values() if v.say is Say.ARROW}
    return Judged(replace(whole, edges=tuple(kept)), whole, told, frozenset(new - mine))


def _absent(told: Mapping[frozenset[str], Verdict], edge: Edge) -> bool:
    verdict = told.get(frozenset((edge.source, edge.target)))
    return verdict is not None and verdict.say is Say.ABSENT


def _directed(found: CausalGraph, now: CausalGraph, source: str, target: str) -> CausalGraph:
    try:
        return oriented(now, [(source, target)])
    except GraphError:
        if Edge(target, source) in found.edges:
            raise GraphError(why_directed(found, Edge(target, source)), "") from None
        raise GraphError(
            f"“{source} → {target}” does not go with the other arrows that you drew: "
            f"“{target} → {source}” follows from them.",
            "Take one of those back first.",
        ) from None


def why_directed(graph: CausalGraph, edge: Edge) -> str:
    """Why the arrow `edge` of `graph` cannot be turned around, in a sentence.

    >>> why_directed(CausalGraph.parse("a -> c; b -> c"), Edge("a", "c"))
    'Turned, “c → a” would leave “b” and “a” no common effect, and the rows show one.'
    """
    source, target = edge.source, edge.target
    beside = [name for name in _into(graph, target) if name != source]
    apart = next((name for name in beside if not _joined(graph, name, source)), None)
    turned = f"Turned, “{target} → {source}” would"
    if apart:
        return f"{turned} leave “{apart}” and “{source}” no common effect, and the rows show one."
    onward = graph.descendants([source])
    middle = next((name for name in beside if name in onward), None)
    if middle:
        return f"{turned} close a circle through “{middle}”."
    new = next((n for n in _into(graph, source) if not _joined(graph, n, target)), None)
    if new:
        return (
            f"{turned} make “{source}” a common effect of “{target}” and “{new}”, and the rows "
            "show none."
        )
    return (
        "The rows or what you know direct it. To insist on the other way, require that arrow "
        "under “What is known”, and search again."
    )


def _into(graph: CausalGraph, name: str) -> Sequence[str]:
    return sorted(graph.parents(name))


def _joined(graph: CausalGraph, one: str, other: str) -> bool:
    return any({e.source, e.target} == {one, other} for e in graph.edges)
