"""What must be computed to answer a question, and from what.

The verdict and the simulation both go by these steps, so that what is said of an answer
is about the equations that were run for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from causal_core.errors import QuestionError
from causal_core.graphs import order
from causal_core.graphs.graph import CausalGraph
from causal_core.identification.contexts import Context

Reads = Mapping[str, Collection[str]]


class Step(NamedTuple):
    """One value: a variable as it is set, or (`natural`) as its own equation gives it."""

    name: str
    natural: bool


def steps(
    contexts: Mapping[str, Context], reads: Reads, targets: Iterable[str]
) -> dict[Step, tuple[Step, ...]]:
    """All that `targets` rest on, causes before effects, with what each step reads.

    `reads` maps each intervened variable to what its setting reads; its own name there
    means its natural value. Raises QuestionError where steps wait for one another.
    """
    found: dict[Step, tuple[Step, ...]] = {}
    frontier = [Step(name, False) for name in sorted(targets)]
    while frontier:
        step = frontier.pop()
        if step not in found:
            found[step] = _sources(step, contexts, reads)
            frontier.extend(found[step])
    return {step: found[step] for step in _in_order(found)}


def _sources(step: Step, contexts: Mapping[str, Context], reads: Reads) -> tuple[Step, ...]:
    if step.natural:
        context = contexts[step.name]
        acting = (Step(name, False) for name in context.acting)
        return (*acting, *(Step(name, True) for name in context.natural))
    if step.name not in reads:
        return (Step(step.name, True),)
    return tuple(Step(name, name == step.name) for name in reads[step.name])


def _in_order(found: Mapping[Step, tuple[Step, ...]]) -> tuple[Step, ...]:
    try:
        return tuple(TopologicalSorter(found).static_order())
    except CycleError as error:
        path = [step.name for step in error.args[1]]
    loop = " → ".join(name for i, name in enumerate(path) if name != path[i - 1] or i == 0)
    raise QuestionError(
        f"Unmeasured common causes tie what a policy reads to what it sets: {loop}.",
        "Let it read something else, or put what it reads first in the graph and fit again.",
    )


def check_reads(graph: CausalGraph, reads: Reads) -> None:
    """QuestionError naming the loop where settings read what they change, even through others."""
    others = [(name, target) for target in reads for name in reads[target] if name != target]
    if not others:
        return
    below = {node: [*graph.children(node)] for node in graph.nodes}
    for name, target in others:
        below[name].append(target)
    if path := order.cycle(below):
        raise QuestionError(
            f"A policy reads what it changes: {' → '.join(path)}.",
            "Let a policy read only what the variables that are set do not change.",
        )
