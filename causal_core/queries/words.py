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
    return _rounded(value, max(0, _decimals(value, 3)))


def significant(value: float, step: float, least: int = 4) -> int:
    """How many significant digits of `value` show a difference of `step` with two of its own.

    >>> significant(2.5, 1.0), significant(1_700_000_002.5, 3.0)
    (4, 11)
    """
    if not (value and step > 0):
        return least
    return max(least, 2 + math.floor(math.log10(abs(value))) - math.floor(math.log10(step)))


def told_apart(value: float, step: float, least: int = 4) -> str:
    """A value with the digits that `significant` gives it.

    >>> told_apart(2.5, 1.0), told_apart(1_700_000_002.5, 3.0)
    ('2.5', '1700000002.5')
    """
    return f"{value:.{significant(value, step, least)}g}"


def _decimals(value: float, significant: int) -> int:
    return significant - 1 - math.floor(math.log10(abs(value))) if value else 0


def _rounded(value: float, decimals: int) -> str:
    text = f"{value:,.{min(6, decimals)}f}"
    text = text.lstrip("-") if not text.strip("-0.,") else text
    return text.replace("-", "−")


def measured(value: float, unit: str) -> str:
    """A number with its unit; probabilities have none.

    >>> measured(3.4, "kg"), measured(0.25, "probability")
    ('3.40 kg', '0.250')
    """
    return said(value) if unit in ("", "probability") else f"{said(value)} {unit}"


def difference(value: float, unit: str) -> str:
    """A signed difference with its unit; of probabilities, in points (percentage points).

    >>> difference(3.4, "kg"), difference(-0.05374, "probability"), difference(0.0, "")
    ('+3.40 kg', '−5.4 points', '0')
    """
    if unit == "probability":
        text = f"{_rounded(100 * value, max(1, _decimals(100 * value, 2)))} points"
    else:
        text = measured(value, unit)
    return f"+{text}" if value > 0 else text


def percent(share: float) -> str:
    """A share in 0..1 as a percentage.

    >>> percent(0.13878)
    '13.9 %'
    """
    return f"{100 * share:.1f} %"
