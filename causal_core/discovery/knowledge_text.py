"""Knowledge as a person types it: a tier or an arrow on each line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from causal_core.errors import GraphSyntaxError

_ARROW = "->"


def parse_tiers(text: str, names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Tiers, the earliest first: a line each, columns separated by commas.

    A name that holds a comma stands in double quotes. Raises GraphSyntaxError naming the
    line of a name that is no column.

    >>> parse_tiers("age, sex\\n\\ndose", ["age", "sex", "dose", "pain"])
    (('age', 'sex'), ('dose',))
    """
    tiers = []
    for number, line in enumerate(text.splitlines(), 1):
        cells = next(csv.reader([line], skipinitialspace=True), [])
        found = tuple(_known(cell.strip(), names, number) for cell in cells if cell.strip())
        if found:
            tiers.append(found)
    return tuple(tiers)


def parse_arrows(text: str, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Arrows “cause -> effect”, a line each (“→” too).

    Raises GraphSyntaxError naming the line that is none.

    >>> parse_arrows("age -> dose", ["age", "dose"])
    (('age', 'dose'),)
    """
    arrows = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        ends = _split(line.replace("→", _ARROW), names)
        if len(ends) != 2:
            raise GraphSyntaxError(
                "this is no arrow.", number, 1, "Write “cause -> effect”, one on each line."
            )
        cause, effect = (_known(end, names, number) for end in ends)
        if cause == effect:
            raise GraphSyntaxError("nothing causes itself.", number, 1, "Name two columns.")
        arrows.append((cause, effect))
    return tuple(arrows)


def tiers_text(tiers: Iterable[Sequence[str]]) -> str:
    """Text that `parse_tiers` reads back; empty tiers are left out.

    >>> tiers_text([("age", "a, b"), (), ("dose",)])
    'age, "a, b"\\ndose'
    """
    return "\n".join(", ".join(map(_cell, tier)) for tier in tiers if tier)


def arrows_text(arrows: Iterable[tuple[str, str]]) -> str:
    """Text that `parse_arrows` reads back.

    >>> arrows_text([("dose", "pain"), ("age", "dose")])
    'age -> dose\\ndose -> pain'
    """
    return "\n".join(f"{cause} {_ARROW} {effect}" for cause, effect in sorted(arrows))


def _cell(name: str) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow([name])
    return written.getvalue()


def _split(line: str, names: Sequence[str]) -> list[str]:
    """The ends of an arrow; a name may hold “->” itself."""
    parts = [part.strip() for part in line.split(_ARROW)]
    for cut in range(1, len(parts)):
        ends = [f" {_ARROW} ".join(half) for half in (parts[:cut], parts[cut:])]
        tight = [_ARROW.join(half) for half in (parts[:cut], parts[cut:])]
        for tried in (ends, tight):
            if all(end in names for end in tried):
                return tried
    return parts


def _known(name: str, names: Sequence[str], line: int) -> str:
    if name in names:
        return name
    if padded := next((known for known in names if known.strip() == name), None):
        return padded
    near = get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"Did you mean “{near[0]}”?" if near else "Use the columns' own names."
    raise GraphSyntaxError(f"there is no column “{name}”.", line, 1, hint)
