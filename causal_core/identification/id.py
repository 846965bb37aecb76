"""ID: P(y | do(x)) from the joint of a graph with arcs, or the hedge that forbids it.

Shpitser & Pearl 2006, *Identification of joint interventional distributions in recursive
semi-Markovian causal models*, figure 3; the lines are numbered as there. The algorithm is
sound and complete.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from causal_core.graphs.graph import CausalGraph
from causal_core.identification import trace
from causal_core.identification.algebra import product, total
from causal_core.identification.derivation import Step
from causal_core.identification.distribution import Distribution
from causal_core.identification.expression import Expression
from causal_core.identification.mutilated import without_causes
from causal_core.identification.simplify import Simplifier


@dataclass(frozen=True)
class Call:
    """ID(y, x, P, G). `fixed`: what line 7 left outside, set to any value, as in P."""

    y: frozenset[str]
    x: frozenset[str]
    p: Distribution
    graph: CausalGraph
    fixed: frozenset[str] = frozenset()


class Fail(Exception):
    """Line 5: the district `graph` with the part `inner` that no treatment is in."""

    def __init__(self, graph: CausalGraph, inner: frozenset[str]) -> None:
        super().__init__()
        self.graph = graph
        self.inner = inner
        self.steps: list[Step] = []


def identified(
    graph: CausalGraph, x: frozenset[str], y: frozenset[str], simplify: Simplifier
) -> tuple[Expression, list[Step]]:
    """The formula of P(y | do(x)) in `graph`, which has no latent nodes, and its trace.

    Raises Fail; its `steps` are the trace up to there.
    """
    steps: list[Step] = []
    joint = Distribution(graph.topological_order, simplify)
    try:
        return simplify(_id(Call(y, x, joint, graph), steps)), steps
    except Fail as fail:
        fail.steps = steps
        raise


def _id(call: Call, steps: list[Step]) -> Expression:
    y, x, p, graph = call.y, call.x, call.p, call.graph
    v = frozenset(graph.nodes)
    if not x:
        formula = p.simplify(p.over(y).formula())
        steps.append(trace.line_1(call, formula))
        return formula
    above = graph.ancestors(y)
    if v - above:
        steps += trace.line_2(call, above)
        smaller = graph.subgraph(above)
        return _id(replace(call, x=x & above, p=p.over(above), graph=smaller), steps)
    idle = v - x - without_causes(graph, x).ancestors(y)
    if idle:
        steps.append(trace.line_3(call, idle))
        return _id(replace(call, x=x | idle), steps)
    inner = graph.subgraph(v - x).districts
    if len(inner) > 1:
        steps.append(trace.line_4(call, inner))
        parts = [_id(replace(call, y=s, x=v - s), steps) for s in inner]
        return p.simplify(total(v - y - x, product(parts)))
    return _one_district(call, inner[0], steps)


def _one_district(call: Call, s: frozenset[str], steps: list[Step]) -> Expression:
    """Lines 5 to 7: one district `s` is left once x is set."""
    p, graph = call.p, call.graph
    if len(graph.districts) == 1:
        steps.append(trace.line_5(call, s))
        raise Fail(graph, s)
    whole = next(district for district in graph.districts if s <= district)
    members = [name for name in p.nodes if name in whole]
    factors = tuple((name, p.conditional(name, graph)) for name in members)
    if s == whole:
        formula = p.simplify(total(s - call.y, product(factor for _, factor in factors)))
        steps.append(trace.line_6(call, formula))
        return formula
    inside = Distribution(tuple(members), p.simplify, factors)
    steps.append(trace.line_7(call, whole, factors))
    outside = frozenset(graph.nodes) - whole
    smaller = graph.subgraph(whole)
    return _id(
        Call(call.y, call.x & whole, inside, smaller, call.fixed | outside),
        steps,
    )
