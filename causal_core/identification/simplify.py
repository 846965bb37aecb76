"""What a graph's separations make of a formula (Tikka & Karvanen 2017, *Simplifying
probabilistic expressions in causal inference*).

A sum over a is taken in where a can be moved behind all other factors that name it, by adding
conditions that the graph makes irrelevant. Conditions that the graph makes irrelevant are left
out. Every separation is checked in the graph.
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
            having = [f for f in factors if name in f.free]
            terms = [f for f in having if isinstance(f, Probability)]
            if len(terms) == len(having) and (left := self._summed_out(name, terms)) is not None:
                rest = [f for f in factors if name not in f.free]
                return total(over - {name}, product([*rest, *left]))
        return None

    def _summed_out(self, name: str, terms: list[Probability]) -> list[Probability] | None:
        """The factors whose product is Σ over `name` of the product of `terms`, or None.

        P(a | k) P(t | a, c) is P(t | k, c) P(a | t, k, c) where the graph makes c irrelevant to a
        given k, and k to t given a and c. So `name` is moved behind one term after another,
        until it stands in one factor alone, which sums to 1.
        """
        first = [term for term in terms if name in term.of]
        waiting = sorted((t for t in terms if name not in t.of), key=rank, reverse=True)
        if len(first) != 1:
            return None
        known = first[0].given | first[0].of - {name}
        left = [Probability(first[0].of - {name}, first[0].given)] if len(first[0].of) > 1 else []
        only = frozenset([name])
        while waiting:
            known = self._needed(only, known)
            term = next((t for t in waiting if self._passes(only, known, t)), None)
            if term is None:
                return None
            waiting.remove(term)
            known |= term.given - only
            left.append(Probability(term.of, known))
            known |= term.of
        return left

    def _passes(self, name: frozenset[str], known: frozenset[str], term: Probability) -> bool:
        """Whether P(name | known) and `term`, which name is a condition of, change places."""
        others = term.given - name
        return (
            not known & term.of
            and self._apart(name, others - known, known)
            and self._apart(term.of, known - others, term.given)
        )

    def _apart(self, xs: frozenset[str], ys: frozenset[str], given: frozenset[str]) -> bool:
        return not ys or not self._reached(xs, given) & ys

    def _connected(self, xs: frozenset[str], given: frozenset[str]) -> frozenset[str]:
        return connected(self._graph, xs, given)
