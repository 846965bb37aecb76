"""Two changes of one study that knew nothing of each other, brought together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from causal_core.studies.store import Study

_TOGETHER = ("table", "undo", "source")  # a table is read from its source, less the repairs undone
_MERGED = "choices"
NOTES = "notes"  # the choice that holds a study's notes, one text


@dataclass(frozen=True)
class Merge:
    """What of a change can be written without loss, and what a person has to decide.

    `free` holds fields that only this side changed, with choices merged; `contested` those
    that both changed, as this side would write them.
    """

    free: Mapping[str, Any]
    contested: Mapping[str, Any]


def merge(base: Study, changes: Mapping[str, Any], newest: Study) -> Merge:
    """`changes` made on `base`, to be written on `newest`, which came from `base` as well."""
    mine = {name: value for name, value in changes.items() if value != getattr(base, name)}
    free: dict[str, Any] = {}
    contested: dict[str, Any] = {}
    for name, value in mine.items():
        if name == _MERGED:
            free[name] = _choices(base.choices, value, newest.choices)
        elif value == getattr(newest, name):
            continue
        elif any(getattr(newest, one) != getattr(base, one) for one in _with(name)):
            contested |= {one: changes.get(one, getattr(base, one)) for one in _with(name)}
        else:
            free[name] = value
    return Merge({n: v for n, v in free.items() if n not in contested}, contested)


def _with(name: str) -> tuple[str, ...]:
    """The fields that mean nothing without one another."""
    return _TOGETHER if name in _TOGETHER else (name,)


def _choices(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> dict[str, Any]:
    """Each choice from the side that changed it; where both did, the later: this side's."""
    changed = {name for name in {*base, *mine} if base.get(name) != mine.get(name)}
    merged = dict(theirs)
    for name in changed:
        if name in mine:
            merged[name] = mine[name]
        else:
            merged.pop(name, None)
    if NOTES in changed:
        texts = (str(side.get(NOTES, "")) for side in (base, mine, theirs))
        merged[NOTES] = merged_notes(*texts)
    return merged


def merged_notes(base: str, mine: str, theirs: str) -> str:
    """Both texts, one after the other where both sides wrote, so that no word is lost.

    >>> merged_notes("a", "a b", "a"), merged_notes("a", "a b", "a c")
    ('a b', 'a c\\n\\na b')
    """
    if theirs in (base, mine) or theirs in mine:
        return mine
    return theirs if mine == base or mine in theirs else f"{theirs}\n\n{mine}"
