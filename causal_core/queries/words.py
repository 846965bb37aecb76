"""Numbers as they stand in a sentence."""

from __future__ import annotations

import math


def said(value: float) -> str:
    """A number with three significant digits, thousands separators and a true minus sign.

    >>> said(-15204.78), said(0.3921), said(0.0)
    ('−15,205', '0.392', '0')
    """
    if not math.isfinite(value):
        return "–"
    digits = 2 - math.floor(math.log10(abs(value))) if value else 0
    text = f"{value:,.{min(6, max(0, digits))}f}"
    text = text.lstrip("-") if not text.strip("-0.,") else text
    return text.replace("-", "−")


def measured(value: float, unit: str) -> str:
    """A number with its unit; probabilities have none.

    >>> measured(3.4, "kg"), measured(0.25, "probability")
    ('3.40 kg', '0.250')
    """
    return said(value) if unit in ("", "probability") else f"{said(value)} {unit}"


def percent(share: float) -> str:
    """A share in 0..1 as a percentage.

    >>> percent(0.13878)
    '13.9 %'
    """
    return f"{100 * share:.1f} %"
