"""A sweep as values that JSON keeps, and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from causal_core.errors import QuestionError, RungsError, UnknownColumn, UnknownLevel
from causal_core.queries.questions import Sweep
from causal_core.tables.schema import Level, Value, Variable


def to_dict(question: Sweep) -> dict[str, Any]:
    """The question with its levels as labels."""
    return {
        "cause": question.cause,
        "outcome": question.outcome,
        "level": None if question.level is None else str(question.level),
        "row": question.row,
        "do": dict(question.do),
        "rho": question.rho,
        "orders": {name: [str(x) for x in order] for name, order in question.orders.items()},
    }


def from_dict(kept: Mapping[str, Any], variables: Mapping[str, Variable]) -> Sweep:
    """The question of `to_dict` about these variables.

    Raises UnknownColumn, UnknownLevel or QuestionError for what does not fit them.
    """
    try:
        outcome = _variable(kept["outcome"], variables)
        level, row = kept.get("level"), kept.get("row")
        return Sweep(
            _variable(kept["cause"], variables).name,
            outcome.name,
            {n: _value(_variable(n, variables), v) for n, v in kept.get("do", {}).items()},
            None if row is None else int(row),
            None if level is None else _level(outcome, level),
            float(kept.get("rho", 0.0)),
            {
                name: tuple(_level(_variable(name, variables), x) for x in order)
                for name, order in kept.get("orders", {}).items()
            },
        )
    except RungsError:
        raise
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise QuestionError("This question was not kept whole.", "Ask it again.") from error


def position_from(kept: Mapping[str, Any], cause: Variable) -> float:
    """Where the slider of the kept question stood: a code of `cause`; else QuestionError."""
    try:
        position = float(kept["position"])
        if not math.isfinite(position) or (cause.kind.discrete and position < 0):
            raise ValueError(position)
        cause.value(position)
    except (LookupError, TypeError, ValueError) as error:
        raise QuestionError(
            f"The slider's place on “{cause.name}” was not kept.", "Move it there again."
        ) from error
    return position


def _variable(name: str, variables: Mapping[str, Variable]) -> Variable:
    if name not in variables:
        raise UnknownColumn(name, variables)
    return variables[name]


def _level(variable: Variable, label: str) -> Level:
    for level in variable.levels:
        if str(level) == str(label):
            return level
    raise UnknownLevel(variable.name, label, variable.levels)


def _value(variable: Variable, value: Value) -> Value:
    if variable.kind.discrete:
        return _level(variable, str(value))
    variable.code(value)
    return value
