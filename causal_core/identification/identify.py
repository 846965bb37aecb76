"""Whether, and by which formula, the data tell a causal effect."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from causal_core.errors import GraphError
from causal_core.graphs.graph import CausalGraph
from causal_core.identification import familiar, idc
from causal_core.identification.derivation import Step
from causal_core.identification.estimand import Estimand
from causal_core.identification.expression import Expression
from causal_core.identification.familiar import Question
from causal_core.identification.hedge import Hedge, hedge
from causal_core.identification.id import Fail
from causal_core.identification.minimal import minimal_adjustment_sets
from causal_core.identification.rules import probability
from causal_core.identification.simplify import Simplifier

Names = frozenset[str]


class Way(StrEnum):
    """How an effect is identified."""

    NO_EFFECT = "no causal path"
    UNCONFOUNDED = "no adjustment needed"
    BACKDOOR = "back-door"
    FRONTDOOR = "front-door"
    ID = "do-calculus (ID)"
    NONE = "not identifiable"


@dataclass(frozen=True)
class Identification:
    """The answer to “do the data tell P(outcome | do(treatment), given)?”.

    `estimand` is there where they do; `hedge`, the evidence, where they do not. `steps` are
    the derivation up to the one or the other. `graph` is as it was given.
    """

    graph: CausalGraph
    treatment: Names
    outcome: Names
    given: Names
    way: Way
    estimand: Estimand | None
    steps: tuple[Step, ...]
    hedge: Hedge | None

    @property
    def identifiable(self) -> bool:
        """Whether the data tell the effect, if the graph is right."""
        return self.estimand is not None

    @cached_property
    def adjustment_sets(self) -> tuple[Names, ...]:
        """Minimal sets that adjust, as many as are found in a second; () where none does."""
        return minimal_adjustment_sets(self.graph, self.treatment, self.outcome).sets


def identify(
    graph: CausalGraph,
    treatment: str | Iterable[str],
    outcome: str | Iterable[str],
    given: str | Iterable[str] = (),
) -> Identification:
    """Whether P(outcome | do(treatment), given) follows from the data, and by which formula.

    Where a back-door or front-door formula exists it is taken, else ID's or IDC's (Shpitser &
    Pearl 2006), which find one for every effect that has any. Raises GraphError for unknown,
    unmeasured, missing or overlapping names and for graphs with open edges.

    >>> found = identify(CausalGraph.parse("dag { x -> m -> y; x <-> y }"), "x", "y")
    >>> print(found.way, found.estimand, sep=": ")
    front-door: \\sum_{m} P(m \\mid x) \\sum_{x'} P(y \\mid m, x') P(x')
    >>> identify(CausalGraph.parse("dag { x -> y; x <-> y }"), "x", "y").hedge.roots
    frozenset({'y'})
    """
    x, y, z = (_names(names) for names in (treatment, outcome, given))
    _check(graph, x, y, z)
    asked = Question(_prepared(graph), x, y, z)
    way, formula, steps, evidence = _answer(asked)
    if formula is None:
        return Identification(graph, x, y, z, way, None, tuple(steps), evidence)
    estimand = Estimand(formula, y, x, z)
    if steps[-1].after != str(estimand):
        steps.append(_conclusion(asked, way, steps[-1], estimand))
    return Identification(graph, x, y, z, way, estimand, tuple(steps), None)


Found = tuple[Way, Expression | None, list[Step], Hedge | None]


def _answer(whole: Question) -> Found:
    simplify = Simplifier(whole.graph)
    asked, steps = familiar.without_idle(whole)
    found = _familiar(asked, simplify)
    if not found:
        x, z, moves = idc.moved(asked.graph, asked.x, asked.y, asked.z)
        steps += moves
        # What was moved may change nothing, or may have been all that hid a known formula.
        asked, idle = familiar.without_idle(replace(asked, x=x, z=z))
        steps += idle
        found = (_familiar(asked, simplify) if moves else None) or _by_id(asked, simplify)
    way, formula, more, evidence = found
    if way is Way.NO_EFFECT and whole.graph.descendants(whole.x) & whole.y:
        way = Way.UNCONFOUNDED  # there is a path, but the conditions block it
    return way, formula, steps + more, evidence


def _familiar(asked: Question, simplify: Simplifier) -> Found | None:
    if not asked.x:
        return Way.NO_EFFECT, simplify(probability(asked.y, asked.z)), [], None
    chosen = familiar.backdoor(asked)
    if chosen is not None:
        way = Way.BACKDOOR if chosen else Way.UNCONFOUNDED
        formula = simplify(familiar.backdoor_formula(asked, chosen))
        return way, formula, familiar.backdoor_steps(asked, chosen), None
    through = familiar.frontdoor(asked)
    if through is not None:
        formula = simplify(familiar.frontdoor_formula(asked, through))
        return Way.FRONTDOOR, formula, familiar.frontdoor_steps(asked, through), None
    return None


def _by_id(asked: Question, simplify: Simplifier) -> Found:
    try:
        formula, lines = idc.conditional(asked.graph, asked.x, asked.y, asked.z, simplify)
    except Fail as fail:
        found = hedge(fail.graph, fail.inner, asked.x, asked.y | asked.z)
        return Way.NONE, None, fail.steps, found
    return Way.ID, formula, lines, None


def _conclusion(asked: Question, way: Way, last: Step, estimand: Estimand) -> Step:
    """What ID found for its parts put together, or what the graph leaves out of a formula."""
    parts = way is Way.ID
    return Step(
        rule="Probability",
        title="Put together" if parts else "Leave out what does not matter",
        reason="What cancels, what sums to one and what the graph makes irrelevant is left out.",
        before=str(probability(asked.y, asked.z, asked.x)) if parts else last.after,
        after=str(estimand),
        graph=asked.graph,
        terms=estimand.terms,
    )


def _prepared(graph: CausalGraph) -> CausalGraph:
    """The graph without latent nodes, in alphabetical order, so that its formula is one."""
    projected = graph.project()
    return replace(projected, nodes=tuple(sorted(projected.nodes)))


def _check(graph: CausalGraph, x: Names, y: Names, z: Names) -> None:
    graph.subgraph(x | y | z)  # refuses unknown names
    if graph.partial:
        raise GraphError("Some edges have no direction yet.", "Direct or remove them first.")
    if not x or not y:
        kind = "cause" if not x else "outcome"
        raise GraphError(f"The question has no {kind}.", "Choose at least one column for it.")
    if twice := sorted((x & y) | (x & z) | (y & z)):
        raise GraphError(
            f"“{twice[0]}” has two roles in the question.", "Give every column one role."
        )
    if unseen := sorted((x | y | z) & graph.latent):
        raise GraphError(f"“{unseen[0]}” is unmeasured.", "Choose a column of the table.")


def _names(names: str | Iterable[str]) -> Names:
    return frozenset([names] if isinstance(names, str) else names)
