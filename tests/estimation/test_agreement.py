"""When two estimates of one effect are called at odds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_core.estimation.agreement import agreement

NUMBERS = st.floats(-1e6, 1e6)
WIDTHS = st.floats(0, 1e3)


def test_half_widths_add_in_squares() -> None:
    found = agreement(10.0, (7.0, 13.0), 4.0, (0.0, 8.0))
    assert found.allowed == pytest.approx(5.0)
    assert found.alarm


def test_overlapping_intervals_may_still_be_at_odds() -> None:
    """Half-widths of 1 each leave √2 open: intervals that touch at their ends are at odds."""
    assert agreement(0.0, (-1.0, 1.0), 1.5, (0.5, 2.5)).alarm
    assert not agreement(0.0, (-1.0, 1.0), 1.4, (0.4, 2.4)).alarm


def test_an_unknown_interval_raises_no_alarm() -> None:
    assert not agreement(0.0, (math.nan, math.nan), 100.0, (99.0, 101.0)).alarm


@given(NUMBERS, WIDTHS, NUMBERS, WIDTHS)
def test_it_does_not_matter_which_comes_first(a: float, s: float, b: float, t: float) -> None:
    one, other = (a, (a - s, a + s)), (b, (b - t, b + t))
    assert agreement(*one, *other) == agreement(*other, *one)
    assert not agreement(*one, *one).alarm


def test_two_independent_right_estimates_are_rarely_at_odds() -> None:
    """At 90 % intervals, one pair in ten: 2,000 pairs have a standard error of 0.7 points."""
    half = 1.6449
    draws = np.random.default_rng(0).normal(size=(2000, 2))
    alarms = [agreement(a, (a - half, a + half), b, (b - half, b + half)).alarm for a, b in draws]
    assert np.mean(alarms) == pytest.approx(0.10, abs=0.025)
