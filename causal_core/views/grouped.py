"""Long formulas made short: names that always stand together become one letter."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from causal_core.identification.expression import (
    Expression,
    Probability,
    Product,
    Quotient,
    Sum,
)
from causal_core.identification.printing import symbol

LETTER = r"\mathbf{Z}"
_FEWEST = 4  # names that are worth a letter of their own


@dataclass(frozen=True)
class Group:
    """`names`, sorted, that stand together wherever they stand; none: nothing is shortened."""

    names: tuple[str, ...] = ()

    def short(self, latex: str, known: Sequence[str]) -> str:
        """`latex` with one letter for the group; `known` are all names that it may hold."""
        if not self.names:
            return latex
        symbols = sorted(map(symbol, known), key=len, reverse=True)
        one = rf"(?:{'|'.join(map(re.escape, symbols))})'*"
        return re.sub(rf"{one}(?:, {one})*", lambda found: self._listed(found.group(), one), latex)

    def _listed(self, text: str, one: str) -> str:
        items = re.findall(one, text)
        for primes in ("", "'", "''"):
            group = [symbol(name) + primes for name in self.names]
            if set(group) <= set(items):
                items = [item for item in items if item not in group]
                items.append(LETTER + primes)
        return ", ".join(items)


def group(formula: Expression) -> Group:
    """The largest group of a formula, of four names or more."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, names in enumerate(_lists(formula)):
        for name in names:
            places[name].append(place)
    classes: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for name, where in places.items():
        classes[tuple(where)].append(name)
    largest = max(classes.values(), key=len, default=[])
    return Group(tuple(sorted(largest)) if len(largest) >= _FEWEST else ())


def _lists(formula: Expression) -> Iterator[frozenset[str]]:
    """Every list of names in a formula, in the order in which it is written."""
    match formula:
        case Probability(of, given, do):
            yield from (of, given, do)
        case Sum(over, body):
            yield over
            yield from _lists(body)
        case Product(factors):
            for factor in factors:
                yield from _lists(factor)
        case Quotient(top, bottom):
            yield from _lists(top)
            yield from _lists(bottom)
