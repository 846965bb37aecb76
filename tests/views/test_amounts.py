"""Differences in words."""

from __future__ import annotations

import pytest

from causal_core.tables.schema import Kind, Variable
from causal_core.views.amounts import change, interval, setting


@pytest.mark.parametrize(
    ("value", "step", "unit", "shown"),
    [
        (3.4321, 0.5, "kg", "+3.43 kg"),
        (-0.0004, 0.5, "kg", "0.00 kg"),
        (0.1234, 0.05, "probability", "+12.3 points"),
        (1794.3, 600.0, "USD", "+1,794 USD"),
        (2.0, 1.0, "", "+2.0"),
    ],
)
def test_digits_follow_the_uncertainty(value: float, step: float, unit: str, shown: str) -> None:
    assert change(value, step, unit) == shown


def test_an_interval_says_its_unit_once() -> None:
    assert interval(-0.012, 0.2, "probability") == "−1 to +20 points"
    assert interval(-1.25, 4.5, "kg").count("kg") == 1


@pytest.mark.parametrize(
    ("low", "high", "value", "shown"),
    [
        (0.0, 3.0, 0.25, "t = 0.250 s"),
        (1.7e9, 1.7e9 + 10, 1.7e9 + 2.5, "t = 1,700,000,002.5 s"),
        (0.0, 1e6, 2500.0, "t = 2,500 s"),
    ],
)
def test_a_setting_shows_what_differs(low: float, high: float, value: float, shown: str) -> None:
    time = Variable("t", Kind.CONTINUOUS, unit="s", low=low, high=high)
    assert setting(time, value) == shown
