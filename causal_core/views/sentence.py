"""The plain sentences beside the picture: templates that Python or the browser fills.

A template is text with tokens in braces. Names are tokens too, so that no name is ever
read as a template. `fill` is the reference; the browser does the same while dragging.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from causal_core.queries.sweep_answer import SweepAnswer

_TOKEN = re.compile(r"\{(\w+)\}")


def templates(answer: SweepAnswer, has_truth: bool) -> dict[str, str]:
    """The sentences for this question, by the part of the picture they speak of."""
    shares = answer.outcome.kind.discrete
    what, average = ("{level_of}", "a share of") if shares else ("{outcome}", "an average of")
    would = "the chance of {level_name} would have been" if shares else "it would have been"
    return {
        "main": (
            f"Rows that happen to have {{cause}} = {{x}} show {average} {{see}} for {what}. "
            "Giving {cause} = {x} to everyone would make it {do} "
            "(90 % interval {do_low} to {do_high})."
        ),
        "contrast": (
            "Against {cause} = {reference}, what is seen differs by {dsee} and what is caused "
            "by {ddo} ({ddo_low} to {ddo_high})."
        ),
        "row": (
            "Row {row} has {cause} = {row_cause} and {outcome} = {fact}; with {cause} = {x} "
            f"{would} {{cf}} ({{cf_low}} to {{cf_high}})."
        ),
        "truth": "The known truth is {truth}: doing is off by {error}." if has_truth else "",
        "band": (
            "The rows alone bound it: whatever is unmeasured, giving {cause} = {x} to everyone "
            "makes it at least {band_low} and at most {band_high}."
        ),
        "overlap": (
            "Only {overlap} of the rows could realistically have had {cause} = {x}, judged by "
            "their causes. For the others, doing is the model's extrapolation."
        ),
        "outside": (
            "Outside the data: hardly any row is near {cause} = {x}, so every number here is "
            "the model's extrapolation."
        ),
    }


def fill(template: str, values: Mapping[str, str]) -> str:
    """The template with its tokens replaced.

    >>> fill("{cause} = {x}", {"cause": "dose {x}", "x": "3 mg"})
    'dose {x} = 3 mg'
    """
    return _TOKEN.sub(lambda match: values[match.group(1)], template)


def reference(answer: SweepAnswer) -> int:
    """The position that contrasts are taken against: the first level, or the middle."""
    if answer.cause.kind.discrete:
        return 0
    supported = [i for i, s in enumerate(answer.support) if s >= max(answer.support) * 0.5]
    return supported[len(supported) // 2] if supported else len(answer.positions) // 2


def start(answer: SweepAnswer) -> float:
    """Where the slider begins: on good support, away from the reference."""
    ref = reference(answer)
    if answer.cause.kind.discrete:
        return float(answer.positions[min(1, len(answer.positions) - 1)])
    good = [i for i, s in enumerate(answer.support) if s >= 0.9 and i > ref]
    return float(answer.positions[good[len(good) // 2]] if good else answer.positions[ref])
