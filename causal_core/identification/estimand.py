"""The formula that answers a causal question from the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from causal_core.identification.expression import Expression, Probability
from causal_core.identification.printing import latex, words

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Estimand:
    """`expression` equals P(outcome | do(treatment), given) in every model of the graph."""

    expression: Expression
    outcome: frozenset[str]
    treatment: frozenset[str]
    given: frozenset[str] = frozenset()

    def __str__(self) -> str:
        """LaTeX without dollar signs; a sum over a name of the question is primed."""
        return latex(self.expression, frozenset(self.names))

    def words(self) -> str:
        """The formula in plain words."""
        return words(self.expression, frozenset(self.names))

    @property
    def terms(self) -> tuple[Probability, ...]:
        """The probabilities to be taken from the data, each once."""
        return self.expression.terms

    @property
    def names(self) -> tuple[str, ...]:
        """Outcomes, then treatments, then conditions, each group sorted."""
        return (*sorted(self.outcome), *sorted(self.treatment), *sorted(self.given))

    def evaluate(self, joint: pd.Series) -> pd.Series:
        """P(outcome | do(treatment), given) for a discrete `joint`.

        `joint` maps levels (a MultiIndex named by columns) to probabilities that sum to 1. The
        answer's MultiIndex holds every combination of levels: outcomes first, then treatments,
        then conditions, sorted by name within each group; a treatment that changes nothing is
        there too. Other free names of the formula do not change its value: it is averaged over
        the levels at which it is defined, by their probability. NaN where a conditional that
        is needed has a condition of probability 0. Raises UnknownColumn and TableError.
        """
        from causal_core.identification.evaluation import evaluate

        return evaluate(self.expression, joint, self.names)
