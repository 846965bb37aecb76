"""What licenses an answer, and whether two answers agree, in words and marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from causal_core.estimation.bounds import BoundsMethod
from causal_core.estimation.licence import Licence, LicenceKind
from causal_core.views.amounts import change, interval, scale
from causal_core.views.theme import digits_for, number, plain

if TYPE_CHECKING:
    from causal_core.estimation.agreement import Agreement
    from causal_core.estimation.bounds import Bounds
    from causal_core.estimation.result import Arm, Estimate


@dataclass(frozen=True)
class Badge:
    """How a kind of licence is marked: an icon, a word and a colour of Streamlit's."""

    icon: str
    word: str
    colour: str

    @property
    def markdown(self) -> str:
        """The mark as Streamlit's Markdown."""
        return f":{self.colour}-badge[:material/{self.icon}: {self.word}]"


BADGES = {
    LicenceKind.NO_EFFECT: Badge("link_off", "No causal path", "gray"),
    LicenceKind.BACKDOOR: Badge("verified", "Identified by back-door", "green"),
    LicenceKind.FRONTDOOR: Badge("verified", "Identified by front-door", "green"),
    LicenceKind.ID: Badge("verified", "Identified by do-calculus", "green"),
    LicenceKind.INSTRUMENT: Badge("help_center", "Instrument, with one more assumption", "orange"),
    LicenceKind.BOUNDED: Badge("unfold_more", "Not identified, but bounded", "orange"),
    LicenceKind.ASSUMED: Badge("warning", "Only under the model’s assumption", "orange"),
    LicenceKind.NOT_ANSWERABLE: Badge("block", "Not answerable", "red"),
}
_NOTHING = Badge("verified", "Identified without adjustment", "green")
_SHORT = {  # x: the cause, y: the outcome, z: what is adjusted for, m: what carries the effect
    LicenceKind.NO_EFFECT: "$P(y \\mid do(x)) = P(y)$",
    LicenceKind.BACKDOOR: "$P(y \\mid do(x)) = \\sum_z P(y \\mid x, z)\\, P(z)$",
    LicenceKind.FRONTDOOR: "$P(y \\mid do(x)) = \\sum_m P(m \\mid x) "
    "\\sum_{x'} P(y \\mid x', m)\\, P(x')$",
}
_OFF = (
    "At least one of them is off: look at how well the equations fit and at whether the compared "
    "rows are alike, before you trust either."
)
_ASSUMES = (
    "The equations assume how strong the hidden cause is, and the second opinion does not: here "
    "rely on the second opinion."
)
_BOUNDED_BY = {
    BoundsMethod.BALKE_PEARL: "Balke–Pearl bounds",
    BoundsMethod.NATURAL: "assuming nothing about what is hidden",
}
_PLAIN = "$P(y \\mid do(x)) = P(y \\mid x)$"


def badge(licence: Licence) -> Badge:
    """The mark of this licence."""
    adjusts_for_none = licence.kind is LicenceKind.BACKDOOR and not licence.names
    return _NOTHING if adjusts_for_none else BADGES[licence.kind]


def short_formula(licence: Licence) -> str:
    """The estimand with x, y, z and m for the names, as inline LaTeX; empty where there is none."""
    if licence.kind is LicenceKind.BACKDOOR and not licence.names:
        return _PLAIN
    return _SHORT.get(licence.kind, "")


def opinion_words(found: Estimate, before: str, after: str) -> str:
    """The data's own estimate in a Markdown sentence; `before` and `after` are the settings."""
    low, high = found.interval()
    value = change(found.value, (high - low) / 2, found.unit)
    return (
        f"From {plain(before)} to {plain(after)}: **{plain(value)}** (90 % interval "
        f"{plain(interval(low, high, found.unit))}), {plain(found.method.value)}, from "
        f"{found.rows:,} rows."
    )


def beside_words(
    value: float, around: tuple[float, float], rho: float, unit: str, agreed: Agreement
) -> str:
    """The neural answer next to it, and whether the two agree, as plain text."""
    low, high = around
    who = f"The equations, at ρ = {number(rho, 1)}," if rho else "The equations"
    said = f"{who} say {change(value, (high - low) / 2, unit)}"
    if low == low:
        said += f" ({interval(low, high, unit)})"
    if agreed.allowed != agreed.allowed:
        return f"{said}."
    return f"{said}: the two {'disagree' if agreed.alarm else 'agree'}."


def alarm_words(unit: str, agreed: Agreement, followed: bool) -> str:
    """What it means that the two lie too far apart, as plain text.

    `followed`: whether the equations go the way that the licence names.
    """
    step = agreed.allowed / 2
    apart, allowed = (change(x, step, unit).lstrip("+") for x in (agreed.apart, agreed.allowed))
    return (
        f"The equations and the second opinion are {apart} apart; their intervals leave only "
        f"{allowed} open. {_OFF if followed else _ASSUMES}"
    )


def bounds_words(found: Bounds, before: str, after: str) -> str:
    """The bounds of the change from `before` to `after`, in a Markdown sentence."""
    ends = interval(found.low, found.high, found.unit).replace(" to ", " and ", 1)
    wider = interval(*found.interval, found.unit)
    tool = f", with “{found.instrument}” as the instrument" if found.instrument else ""
    return (
        f"From {plain(before)} to {plain(after)}, the effect lies between **{plain(ends)}** "
        f"({plain(_BOUNDED_BY[found.method] + tool)}; {plain(wider)} with sampling error, 90 %)."
    )


def arm_rows(found: Estimate) -> list[dict[str, str]]:
    """A table row for each setting: the mean outcome if everyone had it, with its interval."""
    from scipy.special import ndtri

    half = float(ndtri(0.95))
    widest = half * max((arm.error for arm in found.arms), default=0.0)
    digits = digits_for(widest * scale(found.unit))
    return [_arm_row(arm, half * arm.error, found.unit, digits) for arm in found.arms]


def _arm_row(arm: Arm, half: float, unit: str, digits: int) -> dict[str, str]:
    mean, low, high = (
        level_words(x, unit, digits) for x in (arm.mean, arm.mean - half, arm.mean + half)
    )
    return {"setting": str(arm.value), "average": mean, "90 %": f"{low} to {high}"}


def level_words(value: float, unit: str, digits: int) -> str:
    """A mean with its unit; a probability in per cent."""
    if unit == "probability":
        return f"{number(100 * value, digits)} %"
    return f"{number(value, digits)} {unit}".strip()
