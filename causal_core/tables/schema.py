"""What a column is: its kind, its levels, its unit and the range it was seen in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from causal_core.errors import QuestionError, UnknownLevel

Level = str | int | float | bool
Value = str | int | float | bool


class Kind(StrEnum):
    """How a variable's values relate to one another."""

    CONTINUOUS = "continuous"  # real numbers
    INTEGER = "integer"  # counts and whole numbers
    BINARY = "binary"  # two levels
    CATEGORICAL = "categorical"  # levels without an order
    ORDINAL = "ordinal"  # levels in order

    @property
    def discrete(self) -> bool:
        """Whether the values are levels rather than numbers."""
        return self in (Kind.BINARY, Kind.CATEGORICAL, Kind.ORDINAL)


@dataclass(frozen=True)
class Variable:
    """A column's description.

    `levels` lists the values of a discrete variable in code order (empty otherwise);
    `low` and `high` are the least and greatest observed value of a numeric one.
    Codes are floats: the number itself, or the index of the level.
    """

    name: str
    kind: Kind
    levels: tuple[Level, ...] = ()
    unit: str = ""
    low: float = math.nan
    high: float = math.nan

    def code(self, value: object) -> float:
        """The code of `value`, given as a number, a level or a level's text.

        Raises UnknownLevel for a level never seen and QuestionError for what is not
        a finite number.
        """
        return self._level_code(value) if self.kind.discrete else self._number(value)

    def value(self, code: float) -> Value:
        """The value in the table's own units and labels that `code` stands for."""
        if self.kind.discrete:
            return self.levels[int(code)]
        return round(code) if self.kind is Kind.INTEGER else float(code)

    def _level_code(self, value: object) -> float:
        for index, level in enumerate(self.levels):
            if level == value:
                return float(index)
        for index, level in enumerate(self.levels):
            if str(level) == str(value):
                return float(index)
        raise UnknownLevel(self.name, value, self.levels)

    def _number(self, value: object) -> float:
        try:
            number = float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            number = math.nan
        if not math.isfinite(number):
            raise QuestionError(
                f"“{value}” is not a finite number, and “{self.name}” is {self.kind}.",
                "Give a number in the column's own unit.",
            )
        return number
