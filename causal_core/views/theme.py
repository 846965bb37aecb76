"""The look that every picture shares, and the escaping that every name goes through."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&@^=])")
_LINK = re.compile(r"(?<=https:)(?=//)|(?<=http:)(?=//)|(?<=www)(?=\.)|(?<=[\w.+-])(?=@)", re.I)
# What Streamlit makes of text once its escapes are gone: icons, its logo, “→” for “->”.
_ICON = re.compile(r"(?<=:)(?=material/|streamlit:)")
_SIGN = re.compile(r"(?<!\S)([-<>~])(?=(?:->|[->=])(?!\S))")
_JOINER = "\u2060"  # of no width: escapes alone do not keep an address from becoming a link


@dataclass(frozen=True)
class RungStyle:
    """How one rung is drawn, so that no one needs the colour to tell it."""

    label: str
    colour: str
    dash: str
    explained: str


RUNGS = {
    "seeing": RungStyle("Seeing", "#E69F00", "dot", "people who happen to have it"),
    "doing": RungStyle("Doing", "#0072B2", "solid", "everyone is given it"),
    "imagining": RungStyle("Imagining", "#CC79A7", "dash", "had it been different for them"),
    "truth": RungStyle("Truth", "#000000", "solid", "known for this example"),
}


def code_span(name: object) -> str:
    """A name from the user as a Markdown code span: shown literally, whatever it holds.

    >>> code_span("a`b")
    '`` a`b ``'
    """
    text = " ".join(str(name).split()) or " "
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if longest else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def plain(text: str) -> str:
    """Text with every Markdown character escaped, for sentences that quote names."""
    broken = _LINK.sub(_JOINER, " ".join(text.split()))
    broken = _SIGN.sub(rf"\1{_JOINER}", _ICON.sub(_JOINER, broken))
    return _MARKDOWN.sub(r"\\\1", broken)


def digits_for(step: float) -> int:
    """Decimals that show a difference of `step` with two significant digits."""
    if not math.isfinite(step) or step <= 0:
        return 2
    return int(min(6, max(0, 1 - math.floor(math.log10(step)))))


def number(value: float, digits: int) -> str:
    """A number with thousands separators and a true minus sign.

    >>> number(-1234.5, 1)
    '−1,234.5'
    """
    if not math.isfinite(value):
        return "–"
    text = f"{value:,.{digits}f}"
    return text.lstrip("-") if not text.strip("-0.,") else text.replace("-", "−")


def percent(share: float, digits: int = 1) -> str:
    """A share in 0..1 as a percentage."""
    return f"{number(100 * share, digits)} %"
