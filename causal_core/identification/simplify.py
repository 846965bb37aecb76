"""What a graph's separations make of a formula (Tikka & Karvanen 2017, *Simplifying
probabilistic expressions in causal inference*).

A sum over a is taken in where its factors that name a can be joined to one P(a, b | c), each
after conditions were added that the graph makes irrelevant. Conditions that the graph makes
irrelevant are left out in the end. Every separation is checked in the graph.
"""

from __future__ import annotations

from functools import cache

from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.separation import connected
from causal_core.identification.algebra import product, quotient, rank, total
from causal_core.identification.expression import (
    Expression,
    Probability,
    Product,
    Quotient,
    Sum,
)


class Simplifier:
    """Simplifies formulas over the observed distribution of one `graph` without latents."""

    def __init__(self, graph: CausalGraph) -> None:
        self._graph = graph
        self._reached = cache(self._connected)

    def __call__(self, formula: Expression) -> Expression:
        """An equal formula, in canonical form, that no rule here makes shorter."""
        while (shorter := self._once(formula)) != formula:
            formula = shorter
        return formula

    def _once(self, formula: Expression) -> Expression:
        match formula:
            case Probability(of, given):
                return Probability(of, self._needed(of, given))
            case Product(factors):
                return product([self._once(factor) for factor in factors])
            case Quotient(top, bottom):
                return quotient(self._once(top), self._once(bottom))
            case Sum(over, Product(factors)):
                return self._taken_in(over, list(factors)) or total(
                    over, product([self._once(factor) for factor in factors])
                )
            case Sum(over, body):
                return total(over, self._once(body))

    def _needed(self, of: frozenset[str], given: frozenset[str]) -> frozenset[str]:
        """The smallest part of `given` that tells as much about `of`; it is unique."""
        for name in sorted(given):
            if self._apart(of, frozenset([name]), given - {name}):
                given -= {name}
        return given

    def _taken_in(self, over: frozenset[str], factors: list[Expression]) -> Expression | None:
        """The sum with one name of `over` summed out, or None where none can be."""
        for name in sorted(over):
            having = [f for f in factors if name in f.free and isinstance(f, Probability)]
            if len(having) < sum(name in f.free for f in factors):
                continue
            if (joined := self._joined(having)) and name in joined.of:
                rest = [f for f in factors if name not in f.free]
                less = [Probability(joined.of - {name}, joined.given)] if len(joined.of) > 1 else []
                return total(over - {name}, product([*rest, *less]))
        return None

    def _joined(self, terms: list[Probability]) -> Probability | None:
        """The product of `terms` as one probability, or None."""
        of = frozenset[str]().union(*(term.of for term in terms))
        given = frozenset[str]().union(*(term.given for term in terms)) - of
        done: frozenset[str] = frozenset()
        waiting = sorted(terms, key=rank, reverse=True)
        while waiting:
            term = next((t for t in waiting if t.given <= given | done), None)
            if term is None or term.of & done:
                return None
            more = (given | done) - term.given
            if not self._apart(term.of, more, term.given):
                return None
            waiting.remove(term)
            done |= term.of
        return Probability(of, given)

    def _apart(self, xs: frozenset[str], ys: frozenset[str], given: frozenset[str]) -> bool:
        return not self._reached(xs, given) & ys

    def _connected(self, xs: frozenset[str], given: frozenset[str]) -> frozenset[str]:
        return connected(self._graph, xs, given)
