"""IDC: P(y | do(x), z), by moving conditions into do(·) as far as rule 2 allows, then ID.

Shpitser & Pearl 2006, *Identification of conditional interventional distributions*, figure 4:
line 1 moves one condition, line 2 takes P(y, z | do(x)) and divides by what sums y out. The
conditional is identifiable exactly if that joint is (theorem 3 there).
"""

from __future__ import annotations

from dataclasses import replace

from causal_core.graphs.graph import CausalGraph
from causal_core.identification.algebra import quotient, total
from causal_core.identification.derivation import Step
from causal_core.identification.expression import Expression, Quotient, Sum
from causal_core.identification.id import Fail, identified
from causal_core.identification.naming import listed
from causal_core.identification.rules import Licence, probability, rule_2
from causal_core.identification.simplify import Simplifier

Names = frozenset[str]


def moved(graph: CausalGraph, x: Names, y: Names, z: Names) -> tuple[Names, Names, list[Step]]:
    """Line 1: do(x) and z after every move that rule 2 allows, and the moves."""
    steps: list[Step] = []
    while movable := next((n for n in sorted(z) if _licence(graph, x, y, z, n).holds), None):
        steps.append(_line_1(graph, x, y, z, movable))
        x, z = x | {movable}, z - {movable}
    return x, z, steps


def conditional(
    graph: CausalGraph, x: Names, y: Names, z: Names, simplify: Simplifier
) -> tuple[Expression, list[Step]]:
    """Line 2: the formula of P(y | do(x), z) once nothing more can be moved; raises Fail."""
    first = [_line_2(graph, x, y, z)] if z else []
    try:
        formula, steps = identified(graph, x, y | z, simplify)
    except Fail as fail:
        fail.steps = [*first, *fail.steps]
        raise
    ratio = simplify(quotient(formula, total(y, formula))) if z else formula
    return ratio, [*first, *steps]


def _licence(graph: CausalGraph, x: Names, y: Names, z: Names, name: str) -> Licence:
    return rule_2(graph, y, frozenset([name]), x, z - {name})


def _line_1(graph: CausalGraph, x: Names, y: Names, z: Names, name: str) -> Step:
    step = _licence(graph, x, y, z, name).step(
        "Set what was only seen",
        f"Nothing but its own arrows joins “{name}” to {listed(y)}: seeing it is as good as "
        "setting it.",
        probability(y, z, x),
        probability(y, z - {name}, x | {name}),
    )
    return replace(step, rule="IDC line 1 (rule 2)")


def _line_2(graph: CausalGraph, x: Names, y: Names, z: Names) -> Step:
    both = probability(y | z, do=x)
    return Step(
        rule="IDC line 2",
        title="Divide by the condition",
        reason=f"A probability given {listed(z)} is the joint one, divided by that of {listed(z)}.",
        before=str(probability(y, z, x)),
        after=str(Quotient(both, Sum(y, both))),
        graph=graph,
    )
