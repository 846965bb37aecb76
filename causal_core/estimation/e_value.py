"""E-values: how strong an unmeasured cause would have to be, on the scale of risk ratios.

T. J. VanderWeele & P. Ding (2017), *Sensitivity analysis in observational research:
introducing the E-value*, Annals of Internal Medicine 167:268–274.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from causal_core.errors import QuestionError
from causal_core.queries.words import said


@dataclass(frozen=True)
class EValue:
    """`point` for the risk ratio itself; `limit` for the end of its interval nearer to 1."""

    point: float
    limit: float | None
    sentence: str


def e_value(risk_ratio: float, low: float | None = None, high: float | None = None) -> EValue:
    """The E-value of a risk ratio and of its interval from `low` to `high`.

    Raises QuestionError for what is no risk ratio, or an interval that does not hold it.

    >>> round(e_value(3.9, 1.8, 8.7).point, 2), round(e_value(3.9, 1.8, 8.7).limit, 2)
    (7.26, 3.0)
    """
    if not (math.isfinite(risk_ratio) and risk_ratio > 0):
        raise QuestionError(
            f"{said(risk_ratio)} is no risk ratio.", "An E-value needs two chances above zero."
        )
    if not (low or risk_ratio) <= risk_ratio <= (high or risk_ratio):
        raise QuestionError("The interval does not hold the risk ratio.", "Give its two ends.")
    point = _needed(risk_ratio)
    nearer = low if risk_ratio >= 1 else high
    limit = None if nearer is None else _limit(risk_ratio, nearer)
    return EValue(point, limit, _sentence(risk_ratio, point, limit))


def risk_ratio(
    chances: tuple[float, float], errors: tuple[float, float]
) -> tuple[float, float, float]:
    """(ratio, low, high): second chance over the first, with a 90 % interval.

    By the delta method on the logarithm, from the chances' standard errors, which are taken
    as independent. Raises QuestionError where a chance is not above zero.
    """
    if not min(chances) > 0:
        raise QuestionError(
            "One of the two chances is zero, so they have no ratio.", "Ask about another level."
        )
    ratio = chances[1] / chances[0]
    spread = math.hypot(errors[0] / chances[0], errors[1] / chances[1])
    return ratio, ratio * math.exp(-1.645 * spread), ratio * math.exp(1.645 * spread)


def _needed(ratio: float) -> float:
    """RR + √(RR (RR − 1)), of 1/RR for a protective one."""
    ratio = max(ratio, 1 / ratio)
    return ratio + math.sqrt(ratio * (ratio - 1))


def _limit(ratio: float, nearer: float) -> float:
    """The E-value of the interval's end, 1 where the interval holds 1."""
    across = nearer <= 1 if ratio >= 1 else nearer >= 1
    return 1.0 if across else _needed(nearer)


def _sentence(ratio: float, point: float, limit: float | None) -> str:
    told = (
        f"An unmeasured cause would have to make both the cause and the outcome {said(point)} "
        f"times as likely, beyond what is adjusted for, to explain a risk ratio of {said(ratio)}"
    )
    if limit is None:
        return told + "."
    if limit == 1.0:
        return told + "; the interval holds 1 already, so that it needs none."
    return told + f", and {said(limit)} times to move its interval to 1."
