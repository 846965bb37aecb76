"""Whether the fitted equations answer a causal question from the data, and why.

The equations read Tian contexts (`contexts`), so that an intervention on X is answered
exactly when no relevant equation needs X both as set and as it would be naturally. This
covers every effect of a graph without bidirected edges, the front door and Tian & Pearl's
(2002, theorem 3) criterion. A few further effects (the napkin graph) have a formula that
the equations cannot follow: `identify` tells, and the answer is called assumed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from causal_core.graphs.graph import CausalGraph
from causal_core.identification.adjustment import backdoor_set, frontdoor_set
from causal_core.identification.contexts import contexts
from causal_core.identification.identify import identify
from causal_core.identification.naming import separated
from causal_core.identification.steps import Reads, steps


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


def verdict(
    graph: CausalGraph, treatments: Iterable[str], outcome: str, reads: Reads | None = None
) -> Verdict:
    """Whether do(treatments) on `outcome` is answered from the data under the graph.

    `reads` names what the setting of a treatment reads, its own name for its natural value.
    A policy x = g(z) is then identified where the joint of z and the outcome under do(x) is
    (Tian 2008, dynamic plans); the steps that the simulation runs decide. Raises
    QuestionError for a policy that no order of these steps can answer.
    """
    projected = graph.project()
    settings = {t: tuple((reads or {}).get(t, ())) for t in treatments}
    active = [t for t in settings if _acts(projected, t, outcome, settings[t])]
    if not active:
        return Verdict(Status.NO_EFFECT, _no_path(tuple(settings), outcome))
    clash = _clash(projected, settings, outcome)
    if clash and not any(settings.values()) and identify(graph, settings, outcome).identifiable:
        return Verdict(Status.ASSUMED, _formula_elsewhere(clash[0]))
    if clash:
        return Verdict(Status.NOT_IDENTIFIED, _clash_reason(*clash))
    return Verdict(Status.IDENTIFIED, _identified(projected, active, outcome, settings))


def _acts(graph: CausalGraph, treatment: str, outcome: str, reads: Collection[str]) -> bool:
    """Whether setting the treatment changes the outcome, which may be set by a policy itself."""
    if treatment == outcome:
        return bool(reads)
    return outcome in graph.descendants(treatment)


def _clash(graph: CausalGraph, settings: Reads, outcome: str) -> tuple[str, str] | None:
    """A treatment and the node whose equation needs it in both roles, or None."""
    found = contexts(graph)
    for node in sorted({s.name for s in steps(found, settings, [outcome]) if s.natural}):
        for name in sorted(found[node].clashing & set(settings)):
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


def _formula_elsewhere(treatment: str) -> str:
    return (
        "Identified by do-calculus, if the graph is right, but not by the simulation of these "
        "equations: rely on the second opinion, which follows the formula. What is shown assumes "
        f"that the hidden cause of “{treatment}” and its effect has no influence."
    )


def _identified(graph: CausalGraph, active: list[str], outcome: str, settings: Reads) -> str:
    if len(active) == 1 and all({*read} <= {target} for target, read in settings.items()):
        adjust = backdoor_set(graph, active[0], outcome)
        if adjust is not None:
            return _backdoor(adjust)
        front = frontdoor_set(graph, active[0], outcome)
        if front is not None:
            return f"Identified through the front door ({separated(front)}), if the graph is right."
    if not any(edge.kind == "<->" for edge in graph.edges):
        return "Identified: no unmeasured common cause is in the graph, if the graph is right."
    return "Identified by factorising the joint over the graph's districts, if the graph is right."


def _backdoor(adjust: frozenset[str]) -> str:
    if not adjust:
        return "Identified without adjustment: nothing confounds the two, if the graph is right."
    return f"Identified by adjusting for {separated(adjust)}, if the graph is right."
