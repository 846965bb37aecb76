"""Formulas in canonical form: `product`, `total` and `quotient` simplify as they build.

Rules of probability alone, true for every distribution: what both parts of a quotient share
cancels, Σ_a P(a, b | c) = P(b | c), P(a | b, c) P(b | c) = P(a, b | c),
P(a, b | c) / P(b | c) = P(a | b, c), and a sum holds only what it must. Factors stand in one
order. What the graph's separations add is in `simplify`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from causal_core.identification.expression import (
    Expression,
    Probability,
    Product,
    Quotient,
    Sum,
)


def product(factors: Iterable[Expression]) -> Expression:
    """The factors multiplied: one quotient at most, chains of conditionals joined, sorted."""
    above, below = _split(factors)
    if below:
        return quotient(product(above), product(below))
    return _product(_chained(above))


def total(over: Iterable[str], body: Expression) -> Expression:
    """Σ over `over` of `body`, with all that does not depend on `over` outside.

    A name that `body` does not depend on is kept: its sum counts levels.
    """
    bound = frozenset(over)
    if not bound <= body.free:
        return Sum(bound - body.free, total(bound & body.free, body))
    if not bound:
        return body
    if isinstance(body, Quotient):
        return _sum_of_quotient(bound, body)
    return _sum_of_product(bound, _factors(body))


def quotient(numerator: Expression, denominator: Expression) -> Expression:
    """`numerator` / `denominator`, cancelled and collapsed as far as it goes."""
    above, below = _split([numerator])
    above_too, below_too = _split([denominator])
    top, bottom = Counter(above + below_too), Counter(below + above_too)
    shared = top & bottom
    tops, bottoms = _chained(list((top - shared).elements())), list((bottom - shared).elements())
    tops, bottoms = _collapsed(tops, _chained(bottoms))
    return Quotient(_product(tops), _product(bottoms)) if bottoms else _product(tops)


def rank(formula: Expression) -> tuple[object, ...]:
    """What formulas are sorted by: probabilities with the most conditions first, sums last."""
    match formula:
        case Probability(of, given, do):
            return (0, -len(given), sorted(of), sorted(given), sorted(do))
        case Quotient(top, bottom):
            return (1, rank(top), rank(bottom))
        case Product(factors):
            return (2, [rank(factor) for factor in factors])
        case Sum(over, body):
            return (3, sorted(over), rank(body))


def _product(factors: list[Expression]) -> Expression:
    return factors[0] if len(factors) == 1 else Product(tuple(sorted(factors, key=rank)))


def _factors(formula: Expression) -> list[Expression]:
    return list(formula.factors) if isinstance(formula, Product) else [formula]


def _split(factors: Iterable[Expression]) -> tuple[list[Expression], list[Expression]]:
    """What is multiplied and what it is divided by, products taken apart."""
    above: list[Expression] = []
    below: list[Expression] = []
    for factor in factors:
        if isinstance(factor, Quotient):
            above += _factors(factor.numerator)
            below += _factors(factor.denominator)
        elif isinstance(factor, Product):
            inner = _split(factor.factors)
            above += inner[0]
            below += inner[1]
        else:
            above.append(factor)
    return above, below


def _parted(
    factors: list[Expression], names: frozenset[str]
) -> tuple[list[Expression], list[Expression]]:
    """The factors without, and those with, one of `names` free."""
    outside = [factor for factor in factors if not factor.free & names]
    return outside, [factor for factor in factors if factor.free & names]


# ── sums ─────────────────────────────────────────────────────────────────────────────────────


def _sum_of_quotient(bound: frozenset[str], body: Quotient) -> Expression:
    above, top = _parted(_factors(body.numerator), bound)
    below, bottom = _parted(_factors(body.denominator), bound)
    inner = quotient(product(top), product(bottom))
    summed = Sum(bound, inner) if isinstance(inner, Quotient) else total(bound, inner)
    return quotient(product([*above, summed]), product(below))


def _sum_of_product(bound: frozenset[str], factors: list[Expression]) -> Expression:
    opened, inner = _opened(bound, factors)
    outside, inside = _parted(opened, bound | inner)
    rest, left = _marginalised(bound | inner, inside)
    rest = [part for factor in rest for part in _divided(factor, left)]
    sums = [_sum(part, some) for part, some in _components(left, rest)]
    kept = [factor for factor in rest if not factor.free & left]
    whole = product([*outside, *kept, *sums])
    lost = left.difference(*(factor.free for factor in rest))
    return Sum(lost, whole) if lost else whole


def _sum(over: frozenset[str], factors: list[Expression]) -> Expression:
    body = product(factors)
    # Joined chains can open a further way out of the sum.
    if body != _product(factors) or any(isinstance(f, Sum) for f in _openable(over, factors)):
        return total(over, body)
    return Sum(over, body)


def _opened(
    bound: frozenset[str], factors: list[Expression]
) -> tuple[list[Expression], frozenset[str]]:
    """Sums among the factors dissolved into the outer one where no name stands for two."""
    openable = _openable(bound, factors)
    inner = frozenset[str]().union(*(f.over for f in openable))
    flat = [part for f in factors for part in (_factors(f.body) if f in openable else [f])]  # type: ignore[union-attr]
    return flat, inner


def _openable(bound: frozenset[str], factors: list[Expression]) -> list[Sum]:
    found = []
    for place, factor in enumerate(factors):
        others = [other for index, other in enumerate(factors) if index != place]
        names = bound.union(*(_all_names(other) for other in others))
        if isinstance(factor, Sum) and not factor.over & names:
            found.append(factor)
    return found


def _all_names(formula: Expression) -> frozenset[str]:
    return frozenset[str]().union(*(term.free for term in formula.terms))


def _marginalised(
    bound: frozenset[str], factors: list[Expression]
) -> tuple[list[Expression], frozenset[str]]:
    """The factors, and the bound names left, after every Σ_a P(a, b | c) = P(b | c)."""
    rest, left = list(factors), bound
    while found := _removable(left, rest):
        name, factor = found
        rest.remove(factor)
        left -= {name}
        if factor.of != {name}:
            rest.append(Probability(factor.of - {name}, factor.given, factor.do))
    return rest, left


def _divided(factor: Expression, bound: frozenset[str]) -> list[Expression]:
    """P(a, b | c), of which only a is bound, as P(b | c) P(a | b, c)."""
    if isinstance(factor, Probability) and not (factor.given | factor.do) & bound:
        outer, inner = factor.of - bound, factor.of & bound
        if outer and inner:
            last = Probability(inner, factor.given | outer, factor.do)
            return [Probability(outer, factor.given, factor.do), last]
    return [factor]


def _removable(bound: frozenset[str], factors: list[Expression]) -> tuple[str, Probability] | None:
    for name in sorted(bound):
        having = [factor for factor in factors if name in factor.free]
        if len(having) == 1 and isinstance(having[0], Probability) and name in having[0].of:
            return name, having[0]
    return None


def _components(
    bound: frozenset[str], factors: list[Expression]
) -> list[tuple[frozenset[str], list[Expression]]]:
    """The bound names and their factors, in groups that share no bound name."""
    groups: list[tuple[frozenset[str], list[Expression]]] = []
    for factor in factors:
        names = factor.free & bound
        if not names:
            continue
        joined = [factor]
        for group in [g for g in groups if g[0] & names]:
            groups.remove(group)
            names |= group[0]
            joined = group[1] + joined
        groups.append((names, joined))
    return groups


# ── chains of conditionals ───────────────────────────────────────────────────────────────────


def _chained(factors: list[Expression]) -> list[Expression]:
    """Every P(a | b, c) P(b | c) joined to P(a, b | c)."""
    rest = sorted(factors, key=rank)
    while pair := _link(rest):
        last, first = pair
        rest.remove(last)
        rest.remove(first)
        rest.append(Probability(last.of | first.of, first.given, first.do))
        rest.sort(key=rank)
    return rest


def _link(factors: list[Expression]) -> tuple[Probability, Probability] | None:
    having = [factor for factor in factors if isinstance(factor, Probability)]
    for last in having:
        for first in having:
            if last.do == first.do and last.given == first.of | first.given:
                return last, first
    return None


def _collapsed(
    tops: list[Expression], bottoms: list[Expression]
) -> tuple[list[Expression], list[Expression]]:
    """Every P(a, b | c) / P(b | c) made P(a | b, c)."""
    while pair := _collapsible(tops, bottoms):
        top, bottom = pair
        tops.remove(top)
        bottoms.remove(bottom)
        tops.append(Probability(top.of - bottom.of, top.given | bottom.of, top.do))
    return tops, bottoms


def _collapsible(
    tops: list[Expression], bottoms: list[Expression]
) -> tuple[Probability, Probability] | None:
    for top in (factor for factor in tops if isinstance(factor, Probability)):
        for bottom in (factor for factor in bottoms if isinstance(factor, Probability)):
            if (top.given, top.do) == (bottom.given, bottom.do) and bottom.of < top.of:
                return top, bottom
    return None
