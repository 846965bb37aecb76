"""A formula as LaTeX and as plain words.

A bound name that already stands for something outside gets a prime.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from causal_core.identification.expression import (
    Expression,
    Probability,
    Product,
    Quotient,
    Sum,
)

Shown = Mapping[str, str]  # name → how it is printed here

_SYMBOL = re.compile(r"([A-Za-z])(?:_?(\d+))?")
_ESCAPED = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "{}$&#%_"},
}


def latex(formula: Expression, around: frozenset[str] = frozenset()) -> str:
    """LaTeX of `formula`, without dollar signs; names of several letters as upright text.

    Names of `around` stand for something outside too, as the names of a question do.
    """
    return _latex(formula, {name: symbol(name) for name in formula.free | around})


def words(formula: Expression, around: frozenset[str] = frozenset()) -> str:
    """`formula` read aloud, one English phrase without a full stop; `around` as in `latex`."""
    return _words(formula, {name: f"“{name}”" for name in formula.free | around})


def symbol(name: str) -> str:
    """One name in LaTeX: `x`, `x_{1}`, or escaped text.

    >>> symbol("x1"), symbol("years at_school")
    ('x_{1}', '\\\\text{years at\\\\_school}')
    """
    if match := _SYMBOL.fullmatch(name):
        letter, index = match.groups()
        return f"{letter}_{{{index}}}" if index else letter
    safe = "".join(_ESCAPED.get(sign, sign) for sign in " ".join(name.split()))
    return rf"\text{{{safe}}}"


def _latex(formula: Expression, shown: Shown) -> str:
    match formula:
        case Probability(of, given, do):
            parts = [*([f"do({_listed(do, shown)})"] if do else []), *_each(given, shown)]
            bar = r" \mid " + ", ".join(parts) if parts else ""
            return f"P({_listed(of, shown)}{bar})"
        case Sum(over, body):
            inner = _bound(over, shown, symbol, "'")
            return rf"\sum_{{{_listed(over, inner)}}} {_latex(body, inner)}"
        case Quotient(top, bottom):
            return rf"\frac{{{_latex(top, shown)}}}{{{_latex(bottom, shown)}}}"
        case Product(factors):
            *first, last = factors or (None,)
            if last is None:
                return "1"
            # A sum reaches to the end of the product, so only the last may go without brackets.
            return " ".join([*(_bracketed(f, shown) for f in first), _latex(last, shown)])


def _bracketed(factor: Expression, shown: Shown) -> str:
    text = _latex(factor, shown)
    return rf"\Bigl({text}\Bigr)" if isinstance(factor, Sum) else text


def _words(formula: Expression, shown: Shown) -> str:
    match formula:
        case Probability(of, given, do):
            setting = f" when {_and(do, shown)} is set" if do else ""
            seen = f"{' and' if do else ''} given {_and(given, shown)}" if given else ""
            return f"the probability of {_and(of, shown)}{setting}{seen}"
        case Sum(over, body):
            inner = _bound(over, shown, lambda name: f"“{name}”", "′")
            return f"the sum, over all values of {_and(over, inner)}, of [{_words(body, inner)}]"
        case Quotient(top, bottom):
            return f"[{_words(top, shown)}] divided by [{_words(bottom, shown)}]"
        case Product(factors):
            return " times ".join(_words(factor, shown) for factor in factors) or "one"


def _bound(over: Iterable[str], shown: Shown, plain: Callable[[str], str], mark: str) -> Shown:
    """`shown` inside a sum: each bound name with one prime more than outside."""
    return {
        **shown,
        **{name: shown[name] + mark if name in shown else plain(name) for name in over},
    }


def _each(names: Iterable[str], shown: Shown) -> list[str]:
    return [shown[name] for name in sorted(names)]


def _listed(names: Iterable[str], shown: Shown) -> str:
    return ", ".join(_each(names, shown))


def _and(names: Iterable[str], shown: Shown) -> str:
    *most, last = _each(names, shown)
    return f"{', '.join(most)} and {last}" if most else last
