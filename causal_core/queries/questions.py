"""Causal questions as frozen values: they can be stored, compared and shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from causal_core.scm import interventions
from causal_core.tables.schema import Level, Value


@dataclass(frozen=True)
class Association:
    """Seeing: the mean of `outcome` (or P(outcome = level)) among rows like `given`."""

    outcome: str
    given: Mapping[str, Value] = field(default_factory=dict)
    level: Level | None = None


@dataclass(frozen=True)
class Intervention:
    """Doing: the mean of `outcome` (or P(outcome = level)) if everyone got `do`."""

    outcome: str
    do: Mapping[str, interventions.Intervention] = field(default_factory=dict)
    level: Level | None = None


@dataclass(frozen=True)
class Effect:
    """The contrast E[outcome | do(treatment = values[1])] − E[outcome | do(… = values[0])]."""

    treatment: str
    outcome: str
    values: tuple[Value, Value]
    level: Level | None = None


@dataclass(frozen=True)
class Counterfactual:
    """Imagining: what `outcome` would have been for this `row` under `do`."""

    outcome: str
    row: Mapping[str, object]
    do: Mapping[str, interventions.Intervention] = field(default_factory=dict)
    level: Level | None = None


@dataclass(frozen=True)
class Sweep:
    """All three rungs over every value of `cause`, with `do` held on other variables.

    `row` is the position of a row of the table whose counterfactual is drawn. `rho`: the
    correlation that an unmeasured cause of `cause` and of its effects is said to bring.
    `orders`: categorical variables' levels, from least to greatest, where they are said to
    have an order (`StructuralCausalModel.ranked`).
    """

    cause: str
    outcome: str
    do: Mapping[str, Value] = field(default_factory=dict)
    row: int | None = None
    level: Level | None = None
    rho: float = 0.0
    orders: Mapping[str, tuple[Level, ...]] = field(default_factory=dict)


Question = Association | Intervention | Effect | Counterfactual
