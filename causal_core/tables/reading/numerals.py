"""How people write numbers: decimal commas, thousands, currencies, percent, brackets."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

EXACT = 2**53
_CURRENCY = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "CHF": "CHF", "US$": "USD"}
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_COMMA = re.compile(r"[+-]?(\d+,\d*|,\d+)([eE][+-]?\d+)?|[+-]?\d+([eE][+-]?\d+)?")
_COMMA_THOUSANDS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?")
_SPACED = re.compile(r"-?\d{1,3}(['’\u00a0\u202f ]\d{3})+([.,]\d+)?")
_AFFIX = re.compile(
    r"(?P<sign>[+-]?)(?P<before>US\$|CHF|USD|EUR|GBP|[$€£¥]?) ?"
    r"(?P<number>[+-]?[\d.,'’\u00a0\u202f ]*\d[.,]?([eE][+-]?\d+)?) ?"
    r"(?P<after>[A-Za-zµμ°%‰$€£¥/²³]{0,8})"
)
_LEADING_ZERO = re.compile(r"[+-]?0\d+")


@dataclass(frozen=True)
class Notation:
    """One way of writing numbers: `comma` is the decimal mark, groups are thousands."""

    code: str  # "" for plain numbers
    message: str = ""
    comma: bool = False


PLAIN = Notation("")
DECIMAL_COMMA = Notation("decimal-comma", "A comma is read as the decimal mark.", True)
THOUSANDS = Notation("thousands", "A comma is read as the separator of thousands.")
COMMA_THOUSANDS = Notation(
    "thousands", "A point is read as the separator of thousands, a comma as decimal mark.", True
)
SPACED = Notation("thousands", "A space or apostrophe is read as the separator of thousands.")


@dataclass(frozen=True)
class Affixes:
    """What stands around the numbers of a column: a currency, a percent sign, a unit."""

    code: str = ""
    unit: str = ""
    count: int = 0


def numeral(text: str) -> str:
    """`text` without outer space, with a plain minus sign, brackets of accountants undone."""
    text = text.strip().replace("\u2212", "-")
    if len(text) > 2 and text[0] == "(" and text[-1] == ")" and text[1:-1].strip()[:1].isdigit():
        return f"-{text[1:-1].strip()}"
    return text


def stripped(texts: Sequence[str]) -> tuple[list[str], Affixes]:
    """`texts` without the currency or unit that they share; unchanged where they share none."""
    bare, around = [], set()
    count = 0
    for text in texts:
        match = _AFFIX.fullmatch(text)
        if match is None or (match["sign"] and match["number"][:1] in "+-"):
            bare.append(text)
            continue
        affix = match["before"] or match["after"]
        count += bool(affix)
        if affix:
            around.add(affix)
        bare.append(match["sign"] + match["number"].strip())
    if len(around) != 1 or count < 0.5 * len(texts):
        return list(texts), Affixes()
    return bare, _affixes(around.pop(), count)


def _affixes(affix: str, count: int) -> Affixes:
    if affix in _CURRENCY or affix in _CURRENCY.values():
        return Affixes("currency", _CURRENCY.get(affix, affix), count)
    if affix in "%‰":
        return Affixes("percent", affix, count)
    return Affixes("unit-suffix", affix, count)


def notation(texts: Sequence[str], prefer_comma: bool, switched_off: frozenset[str]) -> Notation:
    """The notation that reads the most of `texts`, the plainest where several do.

    `prefer_comma` says that the rest of the file writes decimal commas, which decides
    what “1,234” is. Repairs whose code is in `switched_off` are not considered.
    """
    repairs = [DECIMAL_COMMA, THOUSANDS] if prefer_comma else [THOUSANDS, DECIMAL_COMMA]
    every = [PLAIN, *repairs, COMMA_THOUSANDS, SPACED]
    points = "decimal-comma" in switched_off
    known = [n for n in every if n.code not in switched_off and not (points and n.comma)]
    counts = [sum(number(t, n) is not None for t in texts) for n in known]
    return known[counts.index(max(counts))] if counts else PLAIN


def number(text: str, how: Notation) -> float | None:
    """The number that `text` is in the notation `how`; None if it is none."""
    if _PLAIN.fullmatch(text) and how in (PLAIN, THOUSANDS, SPACED):
        return _float(text)
    if how is DECIMAL_COMMA and _COMMA.fullmatch(text):
        return _float(text.replace(",", "."))
    if how is THOUSANDS and _THOUSANDS.fullmatch(text):
        return _float(text.replace(",", ""))
    if how is COMMA_THOUSANDS and (_COMMA_THOUSANDS.fullmatch(text) or _COMMA.fullmatch(text)):
        return _float(text.replace(".", "").replace(",", "."))
    if how is SPACED and _SPACED.fullmatch(text):
        return _float(re.sub(r"['’\u00a0\u202f ]", "", text).replace(",", "."))
    return None


def identifiers(texts: Sequence[str]) -> str:
    """“leading-zeros” or “big-id” where the digits are a name, not a number; else “”."""
    if any(_LEADING_ZERO.fullmatch(text) for text in texts):
        return "leading-zeros"
    big = (
        t for t in texts if len(t) >= 16 and t.lstrip("+-").isascii() and t.lstrip("+-").isdigit()
    )
    return "big-id" if any(abs(int(text)) > EXACT for text in big) else ""


def _float(text: str) -> float | None:
    value = float(text)
    return value if math.isfinite(value) else None
