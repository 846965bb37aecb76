"""Interventions as values: they can be stored, shown and compared.

A bare value sets a variable; the classes change it relative to what it would be.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from causal_core.errors import QuestionError, UnknownColumn
from causal_core.rng import derive_seed
from causal_core.scm.policies import Conditional, Policy
from causal_core.tables.schema import Value, Variable


@dataclass(frozen=True)
class Shift:
    """Add `by` (in the column's unit) to what the variable would be."""

    by: float


@dataclass(frozen=True)
class Scale:
    """Multiply what the variable would be by `by`."""

    by: float


@dataclass(frozen=True)
class Stochastic:
    """Draw the variable from `values`, with `weights` (equal when left out)."""

    values: tuple[Value, ...]
    weights: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(self.values))
        weights = tuple(map(float, self.weights)) or (1.0,) * len(self.values)
        bad = len(weights) != len(self.values) or not self.values
        if bad or min(weights) < 0 or not 0 < sum(weights) < math.inf:
            raise QuestionError(
                "A stochastic intervention needs one non-negative weight for each of its values.",
                "Give as many weights as values, or none.",
            )
        # Weights that came back from storage already sum to one, but for rounding.
        total = 1.0 if math.isclose(sum(weights), 1.0, rel_tol=1e-12) else sum(weights)
        object.__setattr__(self, "weights", tuple(w / total for w in weights))


Intervention = Value | Shift | Scale | Stochastic | Conditional
Do = Mapping[str, Intervention]


@dataclass(frozen=True)
class Action:
    """An intervention in codes, ready to run.

    `hard` [1, positions, 1] sets the variable; `policy` sets it by what it reads; otherwise
    `soft` changes its natural value.
    """

    variable: Variable
    hard: Tensor | None = None
    soft: Shift | Scale | Stochastic | None = None
    policy: Policy | None = None

    @property
    def reads(self) -> tuple[str, ...]:
        """What the action reads; the variable's own name means its natural value."""
        if self.policy is not None:
            return self.policy.reads
        return (self.variable.name,) if isinstance(self.soft, Shift | Scale) else ()

    def apply(self, read: Mapping[str, Tensor], like: Tensor, seed: int) -> Tensor:
        """The variable's codes after the action.

        `read` holds the codes of what it reads, `like` [.., .., rows] gives the rows.
        """
        if self.hard is not None:
            return self.hard.to(like.device)
        if self.policy is not None:
            return self.policy.codes(read, like.dtype)
        if isinstance(self.soft, Stochastic):
            return self._drawn(self.soft, like, seed)
        natural = read[self.variable.name]
        moved = natural + self.soft.by if isinstance(self.soft, Shift) else natural * self.soft.by  # type: ignore[union-attr]
        return moved if self.variable.kind == "continuous" else torch.round(moved)

    def _drawn(self, soft: Stochastic, like: Tensor, seed: int) -> Tensor:
        codes = torch.tensor([self.variable.code(v) for v in soft.values], dtype=torch.float64)
        stream = torch.Generator().manual_seed(derive_seed(seed, "do", self.variable.name))
        drawn = torch.multinomial(
            torch.tensor(soft.weights), like.shape[-1], replacement=True, generator=stream
        )
        return codes[drawn].reshape(1, 1, -1)


def actions(do: Do | None, variables: Mapping[str, Variable]) -> dict[str, Action]:
    """`do` checked against the variables, in codes.

    Raises UnknownColumn, UnknownLevel or QuestionError naming the variable.
    """
    return {name: _action(name, what, variables) for name, what in (do or {}).items()}


def _action(name: str, what: Intervention, variables: Mapping[str, Variable]) -> Action:
    if name not in variables:
        raise UnknownColumn(name, variables)
    variable = variables[name]
    if isinstance(what, Shift | Scale):
        _check_soft(variable, what)
        return Action(variable, soft=what)
    if isinstance(what, Stochastic):
        return Action(variable, soft=what)
    if isinstance(what, Conditional):
        return Action(variable, policy=Policy.of(what, variable, variables))
    return Action(variable, hard=torch.tensor([[[variable.code(what)]]], dtype=torch.float64))


def _check_soft(variable: Variable, what: Shift | Scale) -> None:
    if variable.kind.discrete:
        raise QuestionError(
            f"“{variable.name}” is {variable.kind}: its levels cannot be shifted or scaled.",
            "Set it to a level, or draw it with Stochastic.",
        )
    if not math.isfinite(what.by):
        raise QuestionError(f"“{what.by}” is not a finite number.", "Give a finite number.")


def sweep_action(variable: Variable, positions: Sequence[float]) -> Action:
    """The action that sets a variable to each of `positions` (codes) side by side."""
    return Action(variable, hard=torch.tensor(positions, dtype=torch.float64).reshape(1, -1, 1))
