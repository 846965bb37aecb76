"""Trying to refute an estimate: where there is no effect it must find none.

The checks of Sharma & Kiciman (2020, *DoWhy: an end-to-end library for causal inference*).
None of them can show that the graph is right; each can show that something is wrong.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from causal_core.errors import EstimationError
from causal_core.estimation.estimate import Estimate, Method, opinion
from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.queries.words import difference
from causal_core.rng import generator
from causal_core.tables.schema import Kind, Level, Value, Variable
from causal_core.tables.table import Table

REPEATS = 4
_KEPT = 0.8  # of the rows in a subset
_DOUBTFUL = 0.05
_LEAST = 0.25  # of a standard error: what fitting the nuisances anew may move


@dataclass(frozen=True)
class Refutation:
    """One check. `value`: the mean estimate over its repetitions, in the estimate's unit.

    `reference`: what it should be: zero for a placebo, else the estimate itself. `error`: by
    how much chance alone moves `value` from it (one standard deviation), and `chance` the
    two-sided p-value of the difference. `passed` where that is at least 0.05.
    """

    name: str
    what: str
    value: float
    error: float
    reference: float
    chance: float
    passed: bool
    sentence: str


Tell = Callable[[tuple[Refutation, ...], float], None]


@dataclass(frozen=True)
class _Claim:
    """What is to be refuted: the question, and the estimate that answers it."""

    table: Table
    graph: CausalGraph
    treatment: str
    outcome: str
    values: tuple[Value, Value]
    level: Level | None
    estimate: Estimate

    @property
    def by_instrument(self) -> bool:
        """Whether it rests on an instrument, which would not move a shuffled treatment."""
        return self.estimate.method in (Method.TSLS, Method.WALD)

    def again(self, table: Table, graph: CausalGraph, more: frozenset[str], seed: int) -> Estimate:
        """The same question of other rows or another graph, `more` adjusted for as well."""
        held = self.estimate.adjusted | more if self.estimate.adjusted or more else None
        return opinion(
            table, graph, self.treatment, self.outcome, self.values,
            level=self.level, adjusted=held, seed=seed,
        )  # fmt: skip


def refute(
    table: Table,
    graph: CausalGraph,
    treatment: str,
    outcome: str,
    values: tuple[Value, Value] = (0, 1),
    level: Level | None = None,
    adjusted: frozenset[str] | None = None,
    seed: int = 0,
    tell: Tell | None = None,
) -> tuple[Refutation, ...]:
    """Placebo treatment, random common cause and subsets of the rows, a few times each.

    `tell` hears what is done and the share of the work (0..1). Raises what `opinion` raises,
    and EstimationError where the graph has no effect to estimate.
    """
    found = opinion(
        table, graph, treatment, outcome, values, level=level, adjusted=adjusted, seed=seed
    )
    if found.method is Method.NO_EFFECT:
        raise EstimationError(
            f"No arrows lead from “{treatment}” to “{outcome}”, so there is no estimate to refute.",
            "Ask about a cause of the outcome.",
        )
    claim = _Claim(table, graph, treatment, outcome, values, level, found)
    done: list[Refutation] = []
    for check in (_placebo, _random_cause, _subset):
        estimates = []
        for repeat, estimate in enumerate(_repeated(check, claim, seed), 1):
            estimates.append(estimate)
            if tell:
                tell(tuple(done), (len(done) + repeat / REPEATS) / 3)
        done.append(_judged(check, claim, estimates))
    if tell:
        tell(tuple(done), 1.0)
    return tuple(done)


Check = Callable[[_Claim, np.random.Generator, int], Estimate]


def _repeated(check: Check, claim: _Claim, seed: int) -> Iterator[Estimate]:
    """Each repetition's estimate; one that its rows cannot give is left out, but not all."""
    given, failed = 0, None
    for repeat in range(REPEATS):
        try:
            estimate = check(claim, generator(seed, check.__name__, repeat), seed + repeat)
        except EstimationError as error:
            failed = error
            continue
        given += 1
        yield estimate
    if failed is not None and not given:
        raise failed


def _placebo(claim: _Claim, stream: np.random.Generator, seed: int) -> Estimate:
    shuffled = claim.outcome if claim.by_instrument else claim.treatment
    codes, place = claim.table.codes.copy(), claim.table.columns.index(shuffled)
    codes[:, place] = stream.permutation(codes[:, place])
    table = Table(claim.table.variables, codes, name=claim.table.name)
    return claim.again(table, claim.graph, frozenset(), seed)


def _random_cause(claim: _Claim, stream: np.random.Generator, seed: int) -> Estimate:
    name = "random common cause"
    while name in claim.table.columns or name in claim.graph.nodes:
        name += "′"
    column = stream.normal(size=len(claim.table))
    variable = Variable(name, Kind.CONTINUOUS, (), "", float(column.min()), float(column.max()))
    codes = np.column_stack([claim.table.codes, column])
    table = Table((*claim.table.variables, variable), codes, name=claim.table.name)
    graph = claim.graph.add(Edge(name, claim.treatment)).add(Edge(name, claim.outcome))
    return claim.again(table, graph, frozenset([name]), seed)


def _subset(claim: _Claim, stream: np.random.Generator, seed: int) -> Estimate:
    rows = stream.permutation(len(claim.table))[: math.ceil(_KEPT * len(claim.table))]
    table = Table(claim.table.variables, claim.table.codes[np.sort(rows)], name=claim.table.name)
    return claim.again(table, claim.graph, frozenset(), seed)


def _told(check: Check, claim: _Claim) -> tuple[str, str]:
    """The name of a check, and what it does."""
    if check is _placebo:
        what = "outcome" if claim.by_instrument else "treatment"
        return f"Placebo {what}", (
            f"The {what}’s cells are shuffled among the rows, so that the effect must be zero."
        )
    if check is _random_cause:
        return "Random common cause", (
            "A column of random numbers joins the common causes, which must not move the estimate."
        )
    return "Subsets of the rows", (
        f"The estimate is made anew from {100 * _KEPT:.0f} % of the rows, drawn at random."
    )


def _judged(check: Check, claim: _Claim, estimates: list[Estimate]) -> Refutation:
    from scipy.special import ndtr

    values = np.array([one.value for one in estimates])
    reference = 0.0 if check is _placebo else claim.estimate.value
    value, error = float(values.mean()), _error(check, claim, estimates)
    chance = 2 * float(ndtr(-abs(value - reference) / error)) if error > 0 else 1.0
    name, what = _told(check, claim)
    judged = Refutation(name, what, value, error, reference, chance, chance >= _DOUBTFUL, "")
    return replace(judged, sentence=_sentence(judged, claim.estimate.unit))


def _error(check: Check, claim: _Claim, estimates: list[Estimate]) -> float:
    """By how much chance alone would move the mean of the repetitions."""
    values, own = np.array([one.value for one in estimates]), claim.estimate.error
    spread = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    if check is _placebo:
        return math.sqrt(sum(one.error**2 for one in estimates)) / len(values)
    if check is _random_cause:
        return max(spread, _LEAST * own)
    # of n rows a share s gives an estimate whose distance from theirs varies by 1/s − 1
    drawn = max(spread, math.sqrt(1 / _KEPT - 1) * own) / math.sqrt(len(values))
    return math.hypot(drawn, _LEAST * own)


def _sentence(judged: Refutation, unit: str) -> str:
    value, reference = difference(judged.value, unit), difference(judged.reference, unit)
    if judged.passed:
        return (
            f"Passed: {value} where {reference} was due, no further off than chance would be "
            f"(p = {judged.chance:.2f})."
        )
    return (
        f"Failed: {value} where {reference} was due, further off than chance would be "
        f"(p = {judged.chance:.2g}). Do not trust the estimate before you know why."
    )
