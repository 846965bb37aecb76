"""E-values: how strong an unmeasured cause would have to be, on the scale of risk ratios.

T. J. VanderWeele & P. Ding (2017), *Sensitivity analysis in observational research:
introducing the E-value*, Annals of Internal Medicine 167:268–274.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EValue:
    """`point` for the risk ratio itself; `limit` for the end of its interval nearer to 1."""

    point: float
    limit: float | None
    sentence: str


def e_value(risk_ratio: float, low: float | None = None, high: float | None = None) -> EValue:
    """The E-value of a risk ratio and of its interval from `low` to `high`.

    Raises QuestionError for what is no risk ratio, or an interval that does not hold it.
    """
    raise NotImplementedError
