"""The answer to “can this be answered?” in large plain words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from causal_core.identification.expression import Probability
from causal_core.identification.identify import Identification, Way
from causal_core.views.grouped import group
from causal_core.views.theme import code_span

KINDS = {
    Way.NO_EFFECT: "No causal path",
    Way.UNCONFOUNDED: "Identified without adjustment",
    Way.BACKDOOR: "Identified by back-door",
    Way.FRONTDOOR: "Identified by front-door",
    Way.ID: "Identified by do-calculus",
    Way.NONE: "Not identified",
}
_NAMED = 4  # names in a headline
_WIDE = 90  # characters of LaTeX that stand on one line


@dataclass(frozen=True)
class VerdictWords:
    """`headline`: the answer; `why`: the reason, both Markdown; `kind`: the licence, plain."""

    headline: str
    why: str
    kind: str


def verdict_words(found: Identification) -> VerdictWords:
    """What is said of an identification above its formula."""
    headline, why = _words(found)
    return VerdictWords(headline, why, KINDS[found.way])


@dataclass(frozen=True)
class FormulaWords:
    """The formula as LaTeX, whole and as it is `shown`; in `words`; what Z `stands` for."""

    latex: str
    shown: str
    words: str
    stands: tuple[str, ...]


def formula_words(found: Identification) -> FormulaWords:
    """The formula that answers an identifiable question."""
    assert found.estimand is not None
    question = Probability(found.outcome, found.given, found.treatment)
    latex = f"{question} = {found.estimand}"
    long = group(found.estimand.expression)
    left, right = (long.short(str(side), found.graph.nodes) for side in (question, found.estimand))
    shown = f"{left} = {right}"
    if len(shown) > _WIDE:
        shown = rf"\begin{{aligned}}&{left}\\&={right}\end{{aligned}}"
    return FormulaWords(latex, shown, found.estimand.words(), long.names)


def _words(found: Identification) -> tuple[str, str]:
    x, y = spans(found.treatment), spans(found.outcome)
    match found.way:
        case Way.NO_EFFECT:
            return "Yes: there is no effect.", f"No arrows lead from {x} to {y}."
        case Way.UNCONFOUNDED if _idle(found):
            return (
                "Yes: there is no effect.",
                f"Once {spans(found.given)} is known, setting {x} makes no difference to {y}.",
            )
        case Way.UNCONFOUNDED:
            return (
                "Yes, just as the rows are.",
                f"Nothing confounds {x} and {y}{_given(found)}: seeing is as good as doing.",
            )
        case Way.BACKDOOR:
            return (
                f"Yes, by adjusting for {_few(_summed(found))}.",
                f"Holding {spans(_summed(found))} closes every path between {x} and {y} that is "
                f"no effect{_given(found)}.",
            )
        case Way.FRONTDOOR:
            return (
                f"Yes, through {spans(_summed(found))}.",
                f"All of the effect passes there, and nothing else that {x} shares with {y} does: "
                "a front door.",
            )
        case Way.ID:
            return (
                "Yes, by a longer way.",
                "No adjustment does it, but the rules of do-calculus lead to a formula of what the "
                "rows show.",
            )
        case Way.NONE:
            return (
                "No. These data cannot tell, however many rows there are.",
                "Two worlds that look the same in every row differ in what setting "
                f"{x} does to {y}{_given(found)}.",
            )


def _idle(found: Identification) -> bool:
    """Whether the formula is the same whatever is set."""
    return found.estimand is not None and not found.estimand.expression.free & found.treatment


def _summed(found: Identification) -> frozenset[str]:
    """What the formula sums over beside the question's own names."""
    assert found.estimand is not None
    names = {name for term in found.estimand.terms for name in term.free}
    return frozenset(names - found.treatment - found.outcome - found.given)


def _few(names: frozenset[str]) -> str:
    return spans(names) if len(names) <= _NAMED else f"{len(names)} variables"


def _given(found: Identification) -> str:
    return f", given {spans(found.given)}" if found.given else ""


def spans(names: Iterable[str]) -> str:
    """Names as Markdown code: `a`, `b` and `c`.

    >>> spans({"b", "a"}), spans([])
    ('`a` and `b`', 'nothing')
    """
    *most, last = list(map(code_span, sorted(names))) or ["nothing"]
    return f"{', '.join(most)} and {last}" if most else last
