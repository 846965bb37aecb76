"""Sets to adjust for, front doors and instruments as labels and lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from causal_core.identification.instruments import Instrument
from causal_core.identification.minimal import Listed
from causal_core.views.theme import code_span, plain
from causal_core.views.verdict_words import spans

SHOWN = 12  # sets that are offered as buttons


@dataclass(frozen=True)
class Offer:
    """A set that adjusts: `names`, sorted; its `label` as Markdown; whether it is the `best`."""

    names: tuple[str, ...]
    label: str
    best: bool


def offers(
    found: Listed, best: frozenset[str] | None, given: Iterable[str] = ()
) -> tuple[Offer, ...]:
    """What can be adjusted for beside `given`: the most precise set first, then minimal ones."""
    beside = frozenset(given)
    sets = [one - beside for one in found.sets[:SHOWN]]
    first = [] if best is None else [best - beside]
    return tuple(
        Offer(tuple(sorted(one)), label(one), one in first)
        for one in dict.fromkeys([*first, *sets])
    )


def label(names: Iterable[str]) -> str:
    """A set as a button says it, as Markdown.

    >>> label(["b", "a"]), label([])
    ('a, b', 'nothing')
    """
    return ", ".join(plain(name) for name in sorted(names)) or "nothing"


def sets_line(found: Listed, asked: str) -> str:
    """How many minimal sets there are, as Markdown; `asked` says under which conditions."""
    many = len(found.sets)
    if not many:
        return f"No set of measured variables{asked} gives this effect by being held."
    least = "" if found.complete else "at least "
    there = "There is" if many == 1 else "There are"
    word = "minimal set" if many == 1 else "minimal sets"
    shown = f" The first {SHOWN} are shown." if many > SHOWN else ""
    return f"{there} {least}{many} {word}{asked}: no part of such a set would do.{shown}"


def front_door_lines(found: Listed) -> list[str]:
    """Each front-door set as Markdown."""
    return [spans(names) for names in found.sets[:SHOWN]]


def instrument_lines(found: Sequence[Instrument]) -> list[str]:
    """Each instrument as Markdown, with what must be held for it."""
    return [
        code_span(one.name) + (f", holding {spans(one.given)}" if one.given else "")
        for one in found[:SHOWN]
    ]
