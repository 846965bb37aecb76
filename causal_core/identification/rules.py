"""Rules 2 and 3 of do-calculus, each with the graph and the separation that licenses it.

Rule 2 (an action is as good as seeing): P(y | do(x), do(z), w) = P(y | do(x), z, w) if z and y
are separated by x and w where arrows into x and out of z are cut. Rule 3 (an action that
changes nothing): P(y | do(x), do(z), w) = P(y | do(x), w) if they are separated where arrows
into x are cut, and into those of z that are no causes of w (Pearl 2009, theorem 3.4.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.separation import connected
from causal_core.identification.derivation import PATHS_SHOWN, Separation, Step
from causal_core.identification.expression import Expression, Probability
from causal_core.identification.mutilated import cut_between, without_causes, without_effects

Names = frozenset[str]
NONE: Names = frozenset()

# Paths are looked for among this many starts of paths; beyond, fewer than 12 are shown.
SEARCHED = 2_000


@dataclass(frozen=True)
class Licence:
    """The graph without the arrows a rule cuts, and the separation that the rule asks for."""

    rule: str
    whole: CausalGraph
    graph: CausalGraph
    xs: Names
    ys: Names
    given: Names

    @cached_property
    def reached(self) -> frozenset[str]:
        """What is not separated from the action."""
        return connected(self.graph, self.xs, self.given)

    @property
    def holds(self) -> bool:
        """Whether the rule may be used."""
        return not self.reached & self.ys

    def step(self, title: str, reason: str, before: Expression, after: Expression) -> Step:
        """The use of the rule as a step of a derivation."""
        terms = [t for t in after.terms if not t.do and t not in before.terms]
        return Step(
            rule=self.rule,
            title=title,
            reason=reason,
            before=str(before),
            after=str(after),
            graph=self.graph,
            cut=cut_between(self.whole, self.graph),
            separation=self._separation(),
            terms=tuple(terms),
        )

    def _separation(self) -> Separation:
        paths = blocked_paths(self.graph, self.xs, self.ys) if self.holds else ()
        return Separation(self.xs, self.ys, self.given, self.holds, paths)


def rule_2(
    graph: CausalGraph, outcome: Names, action: Names, done: Names = NONE, given: Names = NONE
) -> Licence:
    """P(outcome | do(done), do(action), given) = P(outcome | do(done), action, given)?"""
    cut = without_effects(without_causes(graph, done), action)
    return Licence("Rule 2", graph, cut, action, outcome, done | given)


def rule_3(
    graph: CausalGraph, outcome: Names, action: Names, done: Names = NONE, given: Names = NONE
) -> Licence:
    """P(outcome | do(done), do(action), given) = P(outcome | do(done), given)?"""
    cut = without_causes(graph, done)
    late = action - cut.ancestors(given)
    return Licence("Rule 3", graph, without_causes(cut, late), action, outcome, done | given)


def blocked_paths(graph: CausalGraph, xs: Names, ys: Names) -> tuple[tuple[str, ...], ...]:
    """Paths from `xs` to `ys` that pass neither in between, the shortest first, at most 12."""
    beside = {name: _neighbours(graph, name) for name in graph.nodes}
    queue: list[tuple[str, ...]] = [(start,) for start in sorted(xs)]
    found: list[tuple[str, ...]] = []
    for path in queue:
        for name in beside[path[-1]]:
            if name in ys:
                found.append((*path, name))
            elif name not in xs and name not in path and len(queue) < SEARCHED:
                queue.append((*path, name))
        if len(found) >= PATHS_SHOWN:
            break
    return tuple(found[:PATHS_SHOWN])


def _neighbours(graph: CausalGraph, name: str) -> list[str]:
    return sorted(graph.parents(name) | graph.children(name) | graph.siblings(name))


def probability(
    of: Iterable[str], given: Iterable[str] = (), do: Iterable[str] = ()
) -> Probability:
    """P(of | do(do), given), from any collections of names."""
    return Probability(frozenset(of), frozenset(given), frozenset(do))
