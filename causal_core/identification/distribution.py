"""The distribution that ID works on: the joint at first, then what its lines make of it.

It is kept as one factor a node, causes before effects, P(v₁) P(v₂ | v₁) …, with the nodes that
were summed out. A conditional is then read from the distribution at hand, never from the joint
it came from (Shpitser & Pearl 2006, figure 3, lines 6 and 7).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from causal_core.graphs.graph import CausalGraph
from causal_core.identification.algebra import product, quotient, total
from causal_core.identification.expression import Expression, Probability
from causal_core.identification.simplify import Simplifier


@dataclass(frozen=True)
class Distribution:
    """A distribution over `nodes` (causes before effects) as the product of `factors`.

    `factors` has one pair (node, factor) for each of `nodes` and of `hidden`, which are summed
    out; None stands for the observed joint itself.
    """

    nodes: tuple[str, ...]
    simplify: Simplifier
    factors: tuple[tuple[str, Expression], ...] | None = None
    hidden: frozenset[str] = frozenset()

    def over(self, kept: frozenset[str]) -> Distribution:
        """The margin of `kept`."""
        nodes = tuple(name for name in self.nodes if name in kept)
        hidden = self.hidden | (frozenset(self.nodes) - kept if self.factors else frozenset())
        return Distribution(nodes, self.simplify, self.factors, hidden)

    def formula(self) -> Expression:
        """The distribution's probability of all `nodes`."""
        if self.factors is None:
            return Probability(frozenset(self.nodes))
        return self._margin(frozenset(self.nodes))

    def conditional(self, node: str, graph: CausalGraph) -> Expression:
        """The probability of `node` given the nodes before it; `graph` is over `nodes`.

        Of the conditions only those count that the graph does not make irrelevant: the node's
        district among what is before it, and its parents (Tian & Pearl 2002, lemma 1).
        """
        before = frozenset(self.nodes[: self.nodes.index(node)])
        needed = blanket(graph, node, before)
        if self.factors is None:
            return Probability(frozenset([node]), needed)
        if not self.hidden:
            return dict(self.factors)[node]
        options = {before, needed}
        return min((self._ratio(node, given) for given in options), key=_length)

    def _ratio(self, node: str, given: frozenset[str]) -> Expression:
        return self.simplify(quotient(self._margin(given | {node}), self._margin(given)))

    def _margin(self, kept: frozenset[str]) -> Expression:
        assert self.factors is not None
        names = frozenset(name for name, _ in self.factors)
        whole = product(factor for _, factor in self.factors)
        return self.simplify(total(names - kept, whole))


def blanket(graph: CausalGraph, node: str, before: Iterable[str]) -> frozenset[str]:
    """The node's district among `before` and itself, and that district's parents."""
    among = graph.subgraph({*before, node})
    district = next(part for part in among.districts if node in part)
    return district.union(*(among.parents(member) for member in district)) - {node}


def _length(formula: Expression) -> tuple[int, str]:
    text = str(formula)
    return len(text), text
