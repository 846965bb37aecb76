"""A difference of means on the scale of risk ratios, so that it has an E-value too."""

from __future__ import annotations

import math

from causal_core.errors import EstimationError

_RATE = 0.91  # the logarithm of the risk ratio that one standard deviation is worth


def standardised_ratio(
    difference: float, interval: tuple[float, float], spread: float
) -> tuple[float, float, float]:
    """(ratio, low, high) that a `difference` with its `interval` is worth, roughly.

    RR ≈ exp(0.91 d), d the difference in standard deviations (`spread`) of the outcome
    (VanderWeele & Ding 2017, table 2, after Chinn 2000). Raises EstimationError for an
    outcome that does not vary.

    >>> [round(ratio, 2) for ratio in standardised_ratio(1.0, (0.0, 2.0), 2.0)]
    [1.58, 1.0, 2.48]
    """
    if not spread > 0:
        raise EstimationError("The outcome does not vary.", "Ask about another one.")
    low, high = interval
    ratio, least, most = (math.exp(_RATE * end / spread) for end in (difference, low, high))
    return ratio, least, most
