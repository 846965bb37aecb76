"""From a policy's text to its rule, without ever running any of it.

    rule       = { clause ";" } "otherwise" "->" result
    clause     = [ "when" ] condition "->" result
    condition  = both { "or" both }
    both       = negation { "and" negation }
    negation   = "not" negation | "(" condition ")" | comparison
    comparison = column ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) ( [ "-" ] number | label )
    result     = "same" | label | sum
    sum        = product { ( "+" | "-" ) product }
    product    = factor { ( "*" | "/" ) factor }
    factor     = "-" factor | "(" sum ")" | number | column

A column is a bare name, or any text in back-ticks; a label is any text in single or double
quotes. A quote or back-tick inside is written twice.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from causal_core.errors import QuestionError
from causal_core.scm.rules import (
    BARE_NAME,
    KEYWORDS,
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

_WORD = re.compile(
    rf"""(?P<blank>\s+)
      | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
      | (?P<name>{BARE_NAME})
      | (?P<quoted>`(?:[^`]|``)*`|'(?:[^']|'')*'|"(?:[^"]|"")*")
      | (?P<mark>->|<=|>=|!=|[=<>+\-*/();])
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_SIGNS = ("=", "!=", "<", "<=", ">", ">=")
_NESTED = 50  # far below Python's own limit of recursion
_EXACT = 2**53  # beyond this a float cannot tell neighbouring whole numbers apart
_Part = TypeVar("_Part")


@dataclass(frozen=True)
class Word:
    """One word: its kind (number, column, label, mark, key or end), text and offset."""

    kind: str
    text: str
    start: int


def parse(text: str) -> Rule:
    """The rule that `text` spells; QuestionError says what is wrong, where, and what to do.

    >>> str(parse("when age>60 and sex = 'F' -> 'A'; otherwise -> 'B'"))
    "age > 60 and sex = 'F' -> 'A'; otherwise -> 'B'"
    """
    if not isinstance(text, str):
        raise QuestionError(
            f"A policy is written as text, and “{text}” is none.", "Put it in quotes."
        )
    return _Parser(list(_words(text))).rule()


def _words(text: str) -> Iterator[Word]:
    for match in _WORD.finditer(text):
        kind = str(match.lastgroup)
        if kind != "blank":
            yield _word(kind, match[kind], match.start())
    yield Word("end", "", len(text.rstrip()))


def _word(kind: str, text: str, start: int) -> Word:
    if kind == "other":
        raise _unreadable(text, start)
    if kind == "name":
        return Word("key" if text in KEYWORDS else "column", text, start)
    if kind == "quoted":
        inner = text[1:-1].replace(text[0] * 2, text[0])
        return Word("column" if text[0] == "`" else "label", inner, start)
    return Word(kind, text, start)


def _unreadable(text: str, start: int) -> QuestionError:
    if text in "`'\"":
        return _error(start, f"the mark {text} is never closed", f"Add a second {text}.")
    return _error(start, f"“{text}” means nothing here", "Names with signs go in back-ticks.")


def _error(start: int, what: str, remedy: str) -> QuestionError:
    return QuestionError(f"At character {start + 1} of the policy, {what}.", remedy)


@dataclass
class _Parser:
    words: list[Word]
    at: int = 0
    depth: int = 0

    def rule(self) -> Rule:
        clauses = []
        while not self._take("otherwise"):
            self._need_more()
            self._take("when")
            clauses.append((self._condition(), self._result()))
            self._need_more()
            self._need(";", "Put “;” between clauses.")
        rule = Rule(tuple(clauses), self._result())
        if self._word.kind != "end":
            raise self._unexpected("the end", "“otherwise” is the last clause; join sums by signs.")
        return rule

    def _need_more(self) -> None:
        if self._word.kind == "end":
            what = "the policy ends without saying what happens otherwise"
            raise _error(self._word.start, what, "End it with “; otherwise -> same”.")

    # ── conditions ───────────────────────────────────────────────────────────────

    def _condition(self) -> Condition:
        parts = self._joined(self._both, "or")
        return parts[0] if len(parts) == 1 else Junction("or", parts)

    def _both(self) -> Condition:
        parts = self._joined(self._negation, "and")
        return parts[0] if len(parts) == 1 else Junction("and", parts)

    def _joined(self, part: Callable[[], Condition], word: str) -> tuple[Condition, ...]:
        parts = [part()]
        while self._take(word):
            parts.append(part())
        return tuple(parts)

    def _negation(self) -> Condition:
        if self._take("not"):
            return Not(self._nested(self._negation))
        if self._take("("):
            return self._closed(self._condition)
        return self._comparison()

    def _comparison(self) -> Compare:
        if self._word.kind != "column":
            raise self._unexpected("a column", "Write a comparison, such as age > 60.")
        column = Column(self._next().text)
        sign = next((sign for sign in _SIGNS if self._take(sign)), None)
        if sign is None:
            raise self._unexpected("a comparison", f"Use one of {', '.join(_SIGNS)}.")
        return Compare(column, sign, self._constant())

    def _constant(self) -> Number | Label:
        negative = self._take("-")
        if self._word.kind == "number":
            number = self._number()
            return Number(-number.value) if negative else number
        if self._word.kind == "label" and not negative:
            return Label(self._next().text)
        raise self._unexpected("a number or a label", "Put labels in quotes, such as sex = 'F'.")

    # ── results ──────────────────────────────────────────────────────────────────

    def _result(self) -> Result:
        self._need("->", "Put “->” before the result.")
        if self._take("same"):
            return Same()
        return Label(self._next().text) if self._word.kind == "label" else self._sum()

    def _sum(self) -> Expression:
        return self._chain(self._product, "+-")

    def _product(self) -> Expression:
        return self._chain(self._factor, "*/")

    def _chain(self, part: Callable[[], Expression], allowed: str) -> Expression:
        parts, signs = [part()], list[str]()
        while sign := next((sign for sign in allowed if self._take(sign)), None):
            signs.append(sign)
            parts.append(part())
        return Chain(tuple(parts), tuple(signs)) if signs else parts[0]

    def _factor(self) -> Expression:
        if self._take("-"):
            of = self._nested(self._factor)
            return Number(-of.value) if isinstance(of, Number) else Negative(of)
        if self._take("("):
            return self._closed(self._sum)
        if self._word.kind == "number":
            return self._number()
        if self._word.kind == "column":
            return Column(self._next().text)
        raise self._unexpected("a result", "Write a number, a sum, a label in quotes or “same”.")

    # ── words ────────────────────────────────────────────────────────────────────

    @property
    def _word(self) -> Word:
        return self.words[self.at]

    def _next(self) -> Word:
        self.at += 1
        return self.words[self.at - 1]

    def _take(self, text: str) -> bool:
        found = self._word.kind in ("mark", "key") and self._word.text == text
        self.at += found
        return found

    def _need(self, text: str, remedy: str) -> None:
        if not self._take(text):
            raise self._unexpected(f"“{text}”", remedy)

    def _closed(self, inner: Callable[[], _Part]) -> _Part:
        found = self._nested(inner)
        self._need(")", "Close the bracket.")
        return found

    def _nested(self, inner: Callable[[], _Part]) -> _Part:
        if self.depth == _NESTED:
            what = f"more than {_NESTED} brackets or negations stand inside one another"
            raise _error(self._word.start, what, "Split the rule into several clauses.")
        self.depth += 1
        found = inner()
        self.depth -= 1
        return found

    def _number(self) -> Number:
        word = self._next()
        value = float(word.text)
        if not math.isfinite(value):
            raise _error(word.start, "the number is too large", "Give a smaller number.")
        return Number(int(value) if word.text.isdigit() and value < _EXACT else value)

    def _unexpected(self, wanted: str, remedy: str) -> QuestionError:
        found = f"“{self._word.text}” stands" if self._word.kind != "end" else "the policy ends"
        return _error(self._word.start, f"{found} where {wanted} should be", remedy)
