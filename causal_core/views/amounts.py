"""Differences in words: a signed number in the outcome's unit, shares in percentage points."""

from __future__ import annotations

from causal_core.tables.schema import Kind, Value, Variable
from causal_core.views.theme import digits_for, number

_SHARE = "probability"


def unit_words(unit: str) -> str:
    """The unit of a difference; “points” (percentage points) where it is of probabilities."""
    return "points" if unit == _SHARE else unit


def scale(unit: str) -> float:
    """What a difference is multiplied by to be in `unit_words(unit)`."""
    return 100.0 if unit == _SHARE else 1.0


def change(value: float, step: float, unit: str) -> str:
    """A signed difference with the digits that a difference of `step` needs.

    >>> change(0.0512, 0.01, "probability"), change(-1204.0, 300.0, "USD")
    ('+5.1 points', '−1,204 USD')
    """
    factor = scale(unit)
    text = number(value * factor, digits_for(step * factor))
    sign = "+" if value > 0 and text.strip("0.,") else ""
    return f"{sign}{text} {unit_words(unit)}".strip()


def interval(low: float, high: float, unit: str) -> str:
    """Both ends of an interval, with the digits that its width needs.

    >>> interval(-0.4, 2.12, "kg")
    '−0.4 to +2.1 kg'
    """
    step = (high - low) / 2
    first = change(low, step, unit).removesuffix(unit_words(unit)).strip()
    return f"{first} to {change(high, step, unit)}"


def setting(variable: Variable, value: Value) -> str:
    """A setting of a column in words: its name, and a level or a number with its unit.

    >>> setting(Variable("dose", Kind.CONTINUOUS, unit="mg"), -0.25)
    'dose = −0.250 mg'
    """
    if variable.kind.discrete:
        return f"{variable.name} = {value}"
    size, span = abs(float(value)), variable.high - variable.low
    step = (span if span < size else size) / 10
    digits = 0 if variable.kind is Kind.INTEGER else digits_for(step)
    return f"{variable.name} = {number(float(value), digits)} {variable.unit}".strip()
