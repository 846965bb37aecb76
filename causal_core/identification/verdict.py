"""Whether the fitted equations answer a causal question from the data, and why.

The equations read Tian contexts (`contexts`), so that an intervention on X is answered
exactly when no relevant equation needs X both as set and as it would be naturally. This
covers every effect of a graph without bidirected edges, the front door and Tian & Pearl's
(2002, theorem 3) criterion; a few further identifiable effects (the napkin graph) are
called unidentified here rather than answered wrongly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from causal_core.graphs.graph import CausalGraph
from causal_core.identification.adjustment import backdoor_set, frontdoor_set
from causal_core.identification.contexts import contexts


class Status(StrEnum):
    """What an answer rests on."""

    IDENTIFIED = "identified"
    ASSUMED = "under the model's assumption"
    NOT_IDENTIFIED = "not identified"
    NO_EFFECT = "no causal path"


@dataclass(frozen=True)
class Verdict:
    """A status and the one sentence that says why."""

    status: Status
    reason: str


def verdict(graph: CausalGraph, treatments: Iterable[str], outcome: str) -> Verdict:
    """Whether do(treatments) on `outcome` is answered from the data under the graph."""
    projected = graph.project()
    treated = tuple(dict.fromkeys(treatments))
    active = [t for t in treated if outcome in projected.descendants(t) and t != outcome]
    if not active:
        return Verdict(Status.NO_EFFECT, _no_path(treated, outcome))
    clash = _clash(projected, frozenset(treated), outcome)
    if clash:
        return Verdict(Status.NOT_IDENTIFIED, _clash_reason(*clash))
    return Verdict(Status.IDENTIFIED, _identified(projected, active, outcome))


def _relevant(graph: CausalGraph, treated: frozenset[str], outcome: str) -> frozenset[str]:
    """The nodes whose equations are run to answer: ancestors of the outcome after the cut."""
    reads, found, frontier = contexts(graph), {outcome}, [outcome]
    while frontier:
        node = frontier.pop()
        context = reads[node]
        sources = [n for n in context.acting if n not in treated] + list(context.natural)
        for source in sources:
            if source not in found:
                found.add(source)
                frontier.append(source)
    return frozenset(found)


def _clash(graph: CausalGraph, treated: frozenset[str], outcome: str) -> tuple[str, str] | None:
    """A treatment and the node whose equation needs it in both roles, or None."""
    reads = contexts(graph)
    for node in sorted(_relevant(graph, treated, outcome)):
        for name in sorted(reads[node].clashing & treated):
            return name, node
    return None


def _no_path(treated: tuple[str, ...], outcome: str) -> str:
    names = ", ".join(f"“{t}”" for t in treated) or "nothing"
    return f"No arrows lead from {names} to “{outcome}”, so setting it changes nothing there."


def _clash_reason(treatment: str, node: str) -> str:
    return (
        f"The graph has an unmeasured common cause that links “{treatment}” with its own effect "
        f"on the way to “{node}”: the data cannot tell the two apart. What is shown assumes "
        "that this hidden cause has no influence."
    )


def _identified(graph: CausalGraph, active: list[str], outcome: str) -> str:
    if len(active) == 1:
        adjust = backdoor_set(graph, active[0], outcome)
        if adjust is not None:
            return _backdoor(adjust)
        front = frontdoor_set(graph, active[0], outcome)
        if front is not None:
            return f"Identified through the front door ({_names(front)}), if the graph is right."
    if not any(edge.kind == "<->" for edge in graph.edges):
        return "Identified: no unmeasured common cause is in the graph, if the graph is right."
    return "Identified by factorising the joint over the graph's districts, if the graph is right."


def _backdoor(adjust: frozenset[str]) -> str:
    if not adjust:
        return "Identified without adjustment: nothing confounds the two, if the graph is right."
    return f"Identified by adjusting for {_names(adjust)}, if the graph is right."


def _names(names: frozenset[str]) -> str:
    return ", ".join(f"“{name}”" for name in sorted(names))
