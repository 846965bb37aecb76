"""Policies: a variable set row by row, according to what other variables are."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from causal_core.errors import QuestionError, UnknownColumn
from causal_core.mechanisms.choose import code_limits
from causal_core.scm.rule_parser import parse
from causal_core.scm.rules import (
    Chain,
    Column,
    Compare,
    Condition,
    Expression,
    Junction,
    Label,
    Negative,
    Not,
    Number,
    Result,
    Rule,
    Same,
)
from causal_core.tables.schema import Kind, Variable

Variables = Mapping[str, Variable]
Run = Callable[[Mapping[str, Tensor]], Tensor]
_COMPARED: dict[str, Callable[[Tensor, float], Tensor]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Conditional:
    """Set the variable by a rule that reads other variables, in the table's units and labels.

    Clauses are tried in order; `same`, or the variable's own name, is what it would have
    been. `causal_core.scm.rule_parser` has the grammar. `text` is kept in one normal form,
    so that equal rules are equal values. Raises QuestionError where it cannot be read.

    >>> Conditional("dose<20 -> dose+10; otherwise -> same")
    Conditional(text='dose < 20 -> dose + 10; otherwise -> same')
    """

    text: str
    rule: Rule = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rule", parse(self.text))
        object.__setattr__(self, "text", str(self.rule))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Policy:
    """A Conditional bound to the variable that it sets, ready to run on codes.

    `reads` names what it reads; the variable's own name there means its natural value.
    """

    variable: Variable
    reads: tuple[str, ...]
    run: Run

    @classmethod
    def of(cls, conditional: Conditional, variable: Variable, variables: Variables) -> Policy:
        """Raises UnknownColumn, UnknownLevel or QuestionError where the rule does not fit."""
        reads = conditional.rule.reads(variable.name)
        if unknown := next((name for name in reads if name not in variables), None):
            raise UnknownColumn(unknown, variables)
        return cls(variable, reads, _rule(conditional.rule, variable, variables))

    def codes(self, read: Mapping[str, Tensor], dtype: torch.dtype) -> Tensor:
        """The variable's codes, float64 and broadcast over codes `read` [.., .., rows or 1].

        Raises QuestionError where a number is not finite in the equations' `dtype`.
        """
        codes = self.run({name: read[name].double() for name in self.reads})
        if not bool(torch.isfinite(codes.to(dtype)).all()):
            raise QuestionError(
                f"The policy on “{self.variable.name}” divides by zero or grows beyond all "
                "numbers in some rows.",
                "Put a clause for these rows first, such as “z = 0 -> same”.",
            )
        return codes


def _rule(rule: Rule, variable: Variable, variables: Variables) -> Run:
    clauses = [
        (_condition(condition, variables), _result(result, variable, variables))
        for condition, result in reversed(rule.clauses)
    ]
    otherwise = _result(rule.otherwise, variable, variables)

    def run(read: Mapping[str, Tensor]) -> Tensor:
        codes = otherwise(read)
        for holds, result in clauses:
            codes = torch.where(holds(read), result(read), codes)
        return codes

    return run


def _condition(part: Condition, variables: Variables) -> Run:
    if isinstance(part, Compare):
        return _comparison(part, variables[part.column.name])
    if isinstance(part, Not):
        of = _condition(part.of, variables)
        return lambda read: ~of(read)
    return _junction(part, variables)


def _junction(part: Junction, variables: Variables) -> Run:
    first, *rest = (_condition(inner, variables) for inner in part.parts)
    joined = operator.and_ if part.word == "and" else operator.or_

    def run(read: Mapping[str, Tensor]) -> Tensor:
        holds = first(read)
        for inner in rest:
            holds = joined(holds, inner(read))
        return holds

    return run


def _comparison(part: Compare, variable: Variable) -> Run:
    ordered = not variable.kind.discrete or variable.kind is Kind.ORDINAL
    if part.sign not in ("=", "!=") and not ordered:
        raise QuestionError(
            f"“{part}”: “{variable.name}” is {variable.kind}, and its levels have no order.",
            "Compare it with = or !=.",
        )
    compared, code = _COMPARED[part.sign], variable.code(_constant(part.constant))
    return lambda read: compared(read[variable.name], code)


def _constant(part: Number | Label) -> int | float | str:
    return part.value if isinstance(part, Number) else part.text


def _result(part: Result, variable: Variable, variables: Variables) -> Run:
    if isinstance(part, Same) or part == Column(variable.name):
        return lambda read: read[variable.name]
    if isinstance(part, Number | Label):
        return _always(variable.code(_constant(part)))
    levels = _level_numbers(variable, part)
    number = _number(part, variables)
    if levels is not None:
        return lambda read: _nearest(number(read), levels)
    if variable.kind is Kind.CONTINUOUS:
        return number
    low, high = code_limits(variable)
    return lambda read: torch.round(number(read)).clamp(low, high)


def _always(code: float) -> Run:
    codes = torch.full((1, 1, 1), code, dtype=torch.float64)
    return lambda read: codes


def _nearest(numbers: Tensor, levels: Tensor) -> Tensor:
    """The codes of the levels nearest to `numbers`, NaN where there is no number."""
    codes = (numbers.unsqueeze(-1) - levels).abs().argmin(-1).double()
    return torch.where(torch.isfinite(numbers), codes, torch.nan)


def _level_numbers(variable: Variable, part: Expression) -> Tensor | None:
    """The numbers that levels stand for; None for a variable whose codes are its numbers."""
    if not variable.kind.discrete:
        return None
    if variable.kind is Kind.CATEGORICAL or any(isinstance(x, str) for x in variable.levels):
        raise QuestionError(
            f"“{part}” calculates with “{variable.name}”, whose values are labels.",
            "Write one clause for each label, such as sex = 'F' -> 1.",
        )
    return torch.tensor([float(level) for level in variable.levels], dtype=torch.float64)


def _number(part: Expression, variables: Variables) -> Run:
    if isinstance(part, Number):
        return _always(float(part.value))
    if isinstance(part, Column):
        return _column(part, variables[part.name])
    if isinstance(part, Negative):
        of = _number(part.of, variables)
        return lambda read: -of(read)
    return _chain(part, variables)


def _column(part: Column, variable: Variable) -> Run:
    levels = _level_numbers(variable, part)
    if levels is None:
        return lambda read: read[variable.name]
    return lambda read: levels[read[variable.name].long()]


def _chain(part: Chain, variables: Variables) -> Run:
    first, *rest = (_number(inner, variables) for inner in part.parts)

    def run(read: Mapping[str, Tensor]) -> Tensor:
        total = first(read)
        for sign, inner in zip(part.signs, rest, strict=True):
            total = _ARITHMETIC[sign](total, inner(read))
        return total

    return run


def _divided(number: Tensor, by: Tensor) -> Tensor:
    # NaN rather than infinity, so that 1 / (1 / 0) is caught as well.
    return torch.where(by == 0, torch.nan, number / by)


_ARITHMETIC: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divided,
}
