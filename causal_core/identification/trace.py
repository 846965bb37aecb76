"""What each line of ID does, in words: the steps of a derivation."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Protocol

from causal_core.graphs.graph import CausalGraph
from causal_core.identification.derivation import Step
from causal_core.identification.expression import Expression, Probability, Product, Sum
from causal_core.identification.naming import listed
from causal_core.identification.rules import probability, rule_3

Names = frozenset[str]


class Asked(Protocol):
    """What ID is called with (see `id.Call`)."""

    @property
    def y(self) -> Names: ...
    @property
    def x(self) -> Names: ...
    @property
    def graph(self) -> CausalGraph: ...
    @property
    def fixed(self) -> Names: ...


def line_1(call: Asked, formula: Expression) -> Step:
    """Nothing is set any more."""
    others = sorted(set(call.graph.nodes) - call.y)
    summed = f" {listed(others)} {_is(others)} summed out." if others else ""
    return Step(
        rule="Line 1",
        title="Nothing is set any more",
        reason=f"What is left is a probability that the data give.{summed}",
        before=str(_asked(call)),
        after=str(formula),
        graph=call.graph,
        terms=formula.terms,
    )


def line_2(call: Asked, above: Names) -> list[Step]:
    """What is no cause of y is left out; where it was set, by rule 3."""
    before, after = _asked(call), _asked(call, x=call.x & above)
    steps = []
    if idle := call.x - above:
        licence = rule_3(call.graph, call.y, idle, call.x & above)
        reason = f"Setting {listed(idle)} does not reach {listed(call.y)}."
        step = licence.step("Leave out what changes nothing", reason, before, after)
        steps.append(replace(step, rule="Line 2 (rule 3)"))
    gone = tuple(name for name in call.graph.nodes if name not in above)
    what = "is no cause" if len(gone) == 1 else "are no causes"
    last = Step(
        rule="Line 2",
        title="Keep only the causes of the outcome",
        reason=f"{listed(gone)} {what} of {listed(call.y)} and {_is(gone)} summed out.",
        before=str(after),
        after=str(after),
        graph=call.graph.subgraph(above),
        gone=gone,
    )
    return [*steps, last]


def line_3(call: Asked, idle: Names) -> Step:
    """Setting what cannot reach y changes nothing, so that it may be set."""
    before, after = _asked(call), _asked(call, x=call.x | idle)
    reason = (
        f"Once {listed(call.x)} {_is(call.x)} set, {listed(idle)} cannot reach "
        f"{listed(call.y)}. Setting {_it(idle)} too changes nothing."
    )
    licence = rule_3(call.graph, call.y, idle, call.x)
    step = licence.step("Set what no longer matters", reason, before, after)
    return replace(step, rule="Line 3 (rule 3)")


def line_4(call: Asked, districts: Sequence[Names]) -> Step:
    """The question falls apart into one for each district."""
    v = frozenset(call.graph.nodes)
    parts = Product(tuple(_asked(call, y=s, x=v - s) for s in districts))
    others = v - call.y - call.x
    groups = "; ".join(listed(s) for s in districts)
    return Step(
        rule="Line 4",
        title="Split by unmeasured causes",
        reason=(
            f"Once {listed(call.x)} {_is(call.x)} set, no unmeasured cause joins these groups: "
            f"{groups}. Each is asked about on its own, with all others set."
        ),
        before=str(_asked(call)),
        after=str(Sum(others, parts) if others else parts),
        graph=call.graph.subgraph(v - call.x),
        gone=tuple(sorted(call.x)),
    )


def line_5(call: Asked, inner: Names) -> Step:
    """The hedge."""
    outer = sorted(set(call.graph.nodes) - inner)
    return Step(
        rule="Line 5",
        title="A hedge: the data cannot tell",
        reason=(
            f"Unmeasured causes tie {listed(inner)} to {listed(outer)}, which {_is(outer)} to be "
            "set. Two worlds with the same data and different answers exist."
        ),
        before=str(_asked(call)),
        after=r"\text{not identifiable}",
        graph=call.graph,
    )


def line_6(call: Asked, formula: Expression) -> Step:
    """A whole district that is not set: its members given what comes before."""
    return Step(
        rule="Line 6",
        title="Read each from what comes before it",
        reason=(
            f"No unmeasured cause joins {listed(call.y)} with what is set, so seeing what comes "
            "before is as good as setting it."
        ),
        before=str(_asked(call)),
        after=str(formula),
        graph=call.graph,
        terms=formula.terms,
    )


def line_7(call: Asked, whole: Names, factors: Sequence[tuple[str, Expression]]) -> Step:
    """A district with something that is set: ask within it, in its own distribution."""
    gone = tuple(name for name in call.graph.nodes if name not in whole)
    terms = dict.fromkeys(term for _, factor in factors for term in factor.terms)
    return Step(
        rule="Line 7",
        title="Look into one group alone",
        reason=(
            f"Unmeasured causes join {listed(call.y)} with {listed(call.x & whole)}. Their group "
            f"is asked in its own distribution, with {listed(gone)} set to any value."
        ),
        before=str(_asked(call)),
        after=str(_asked(call, x=(call.x & whole) | (frozenset(gone) - call.y))),
        graph=call.graph.subgraph(whole),
        gone=gone,
        terms=tuple(terms),
    )


def _asked(call: Asked, y: Names | None = None, x: Names | None = None) -> Probability:
    """P(y | do(x)) in the graph of the question."""
    return probability(call.y if y is None else y, do=call.fixed | (call.x if x is None else x))


def _is(names: Collection[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _it(names: Collection[str]) -> str:
    return "it" if len(names) == 1 else "them"
