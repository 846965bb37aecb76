"""The parts of a policy's rule as frozen values; `str` of each is text that parses back to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

KEYWORDS = frozenset({"when", "otherwise", "and", "or", "not", "same"})
BARE_NAME = r"[^\W\d][\w.]*"


@dataclass(frozen=True)
class Number:
    """A number as written: whole numbers stay whole, so that they match levels' texts."""

    value: int | float

    def __str__(self) -> str:
        return repr(self.value)


@dataclass(frozen=True)
class Label:
    """A level's text."""

    text: str

    def __str__(self) -> str:
        return "'" + self.text.replace("'", "''") + "'"


@dataclass(frozen=True)
class Column:
    """The value of a variable; the treated one's own name means what it would have been."""

    name: str

    def __str__(self) -> str:
        if re.fullmatch(BARE_NAME, self.name) and self.name not in KEYWORDS:
            return self.name
        return "`" + self.name.replace("`", "``") + "`"


@dataclass(frozen=True)
class Negative:
    """Minus an expression."""

    of: Expression

    def __str__(self) -> str:
        return "-" + _bracketed(self.of, isinstance(self.of, Chain))


@dataclass(frozen=True)
class Chain:
    """`parts` joined from left to right by `signs`: all of + and −, or all of × and ÷."""

    parts: tuple[Expression, ...]
    signs: tuple[str, ...]

    def __str__(self) -> str:
        first, *rest = (_bracketed(part, self._encloses(part)) for part in self.parts)
        joined = (f" {sign} {part}" for sign, part in zip(self.signs, rest, strict=True))
        return first + "".join(joined)

    @property
    def adds(self) -> bool:
        """Whether the signs are + and −."""
        return self.signs[0] in "+-"

    def _encloses(self, part: Expression) -> bool:
        return isinstance(part, Chain) and (part.adds or not self.adds)


@dataclass(frozen=True)
class Same:
    """What the variable would have been."""

    def __str__(self) -> str:
        return "same"


@dataclass(frozen=True)
class Compare:
    """A column beside a constant in its own unit, or one of its labels."""

    column: Column
    sign: str
    constant: Number | Label

    def __str__(self) -> str:
        return f"{self.column} {self.sign} {self.constant}"


@dataclass(frozen=True)
class Not:
    """The opposite of a condition."""

    of: Condition

    def __str__(self) -> str:
        return "not " + _bracketed(self.of, isinstance(self.of, Junction))


@dataclass(frozen=True)
class Junction:
    """Conditions of which all (`and`) or at least one (`or`) must hold."""

    word: str
    parts: tuple[Condition, ...]

    def __str__(self) -> str:
        return f" {self.word} ".join(_bracketed(p, self._encloses(p)) for p in self.parts)

    def _encloses(self, part: Condition) -> bool:
        return isinstance(part, Junction) and (part.word == "or" or self.word == "and")


Expression = Number | Column | Negative | Chain
Result = Same | Label | Expression
Condition = Compare | Not | Junction


@dataclass(frozen=True)
class Rule:
    """The result of the first of `clauses` whose condition holds, else `otherwise`."""

    clauses: tuple[tuple[Condition, Result], ...]
    otherwise: Result

    def __str__(self) -> str:
        clauses = (f"{condition} -> {result}; " for condition, result in self.clauses)
        return "".join(clauses) + f"otherwise -> {self.otherwise}"

    def reads(self, own: str) -> tuple[str, ...]:
        """The columns that the rule reads when it sets `own`; `same` reads `own`."""
        parts = [part for clause in self.clauses for part in clause] + [self.otherwise]
        return tuple(dict.fromkeys(name for part in parts for name in _columns(part, own)))


def _bracketed(part: object, enclose: bool) -> str:
    return f"({part})" if enclose else str(part)


def _columns(part: Condition | Result, own: str) -> Iterator[str]:
    match part:
        case Same():
            yield own
        case Column(name) | Compare(Column(name)):
            yield name
        case Negative(of) | Not(of):
            yield from _columns(of, own)
        case Chain(parts) | Junction(_, parts):
            for inner in parts:
                yield from _columns(inner, own)
