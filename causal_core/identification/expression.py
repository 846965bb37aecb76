"""Formulas over observed probabilities, as data: P(·|·), sums, products and quotients.

A name stands for the value of its column. `Sum` binds names as a loop does: inside it they
run over all levels, whatever they stand for outside. So Σ_m P(m|x) Σ_x P(y|m,x) P(x) has two
different x, and the inner one is printed x′. The empty product is the number 1.

The functions of `algebra` build formulas in canonical form; equal formulas are equal values
and print the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import pandas as pd


class Formula:
    """What every kind of formula can do."""

    @cached_property
    def free(self) -> frozenset[str]:
        """The names that no sum binds: the formula is a function of their values."""
        raise NotImplementedError

    @property
    def terms(self) -> tuple[Probability, ...]:
        """The probabilities it is made of, each once, in the order they are written."""
        raise NotImplementedError

    def __str__(self) -> str:
        """LaTeX, without dollar signs."""
        from causal_core.identification.printing import latex

        return latex(self)  # type: ignore[arg-type]

    def words(self) -> str:
        """The formula read aloud in plain words."""
        from causal_core.identification.printing import words

        return words(self)  # type: ignore[arg-type]

    def evaluate(self, joint: pd.Series) -> pd.Series:
        """Its value at every combination of levels of `free`, in sorted order of names.

        `joint` maps levels (a MultiIndex named by columns) to probabilities that sum to 1;
        combinations it leaves out have probability 0. NaN where a conditional that is needed
        has a condition of probability 0. Raises UnknownColumn and TableError.
        """
        from causal_core.identification.evaluation import evaluate

        return evaluate(self, joint)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Probability(Formula):
    """P(of | do(do), given); a formula that the data can answer has no `do`."""

    of: frozenset[str]
    given: frozenset[str] = frozenset()
    do: frozenset[str] = frozenset()

    @cached_property
    def free(self) -> frozenset[str]:
        return self.of | self.given | self.do

    @property
    def terms(self) -> tuple[Probability, ...]:
        return (self,)


@dataclass(frozen=True)
class Sum(Formula):
    """Σ over all levels of `over` of `body`."""

    over: frozenset[str]
    body: Expression

    @cached_property
    def free(self) -> frozenset[str]:
        return self.body.free - self.over

    @property
    def terms(self) -> tuple[Probability, ...]:
        return self.body.terms


@dataclass(frozen=True)
class Product(Formula):
    """All `factors` multiplied; 1 where there are none."""

    factors: tuple[Expression, ...]

    @cached_property
    def free(self) -> frozenset[str]:
        return frozenset[str]().union(*(factor.free for factor in self.factors))

    @property
    def terms(self) -> tuple[Probability, ...]:
        return tuple(dict.fromkeys(term for factor in self.factors for term in factor.terms))


@dataclass(frozen=True)
class Quotient(Formula):
    """`numerator` divided by `denominator`."""

    numerator: Expression
    denominator: Expression

    @cached_property
    def free(self) -> frozenset[str]:
        return self.numerator.free | self.denominator.free

    @property
    def terms(self) -> tuple[Probability, ...]:
        return tuple(dict.fromkeys((*self.numerator.terms, *self.denominator.terms)))


Expression: TypeAlias = Probability | Sum | Product | Quotient

ONE = Product(())
