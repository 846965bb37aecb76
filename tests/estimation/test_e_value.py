"""E-values against the numbers of VanderWeele & Ding (2017)."""

from __future__ import annotations

import pytest

from causal_core.errors import QuestionError
from causal_core.estimation.e_value import e_value, risk_ratio


def test_the_published_examples() -> None:
    """Breastfeeding and deaths of infants; smoking and lung cancer (Hammond & Horn)."""
    feeding = e_value(3.9, 1.8, 8.7)
    assert feeding.point == pytest.approx(7.26, abs=0.005)
    assert feeding.limit == pytest.approx(3.0, abs=0.005)
    smoking = e_value(10.73, 8.02, 14.36)
    assert smoking.point == pytest.approx(20.95, abs=0.005)
    assert smoking.limit == pytest.approx(15.52, abs=0.01)
    assert "20.9 times" in smoking.sentence or "21.0 times" in smoking.sentence


def test_protection_is_the_mirror_image() -> None:
    assert e_value(1 / 3.9).point == pytest.approx(e_value(3.9).point)
    assert e_value(0.5, 0.25, 0.8).limit == pytest.approx(e_value(1.25).point)


def test_an_interval_that_holds_one_needs_no_cause() -> None:
    assert e_value(1.2, 0.9, 1.6).limit == 1
    assert e_value(1.0).point == 1


def test_the_ratio_of_two_chances() -> None:
    ratio, low, high = risk_ratio((0.2, 0.3), (0.02, 0.03))
    assert ratio == pytest.approx(1.5)
    # √(0.1² + 0.1²) on the logarithm, times 1.645
    assert high / ratio == pytest.approx(ratio / low) == pytest.approx(1.2619, abs=1e-4)


@pytest.mark.parametrize("ratio", [0.0, -1.0, float("nan"), float("inf")])
def test_what_is_no_ratio_is_refused(ratio: float) -> None:
    with pytest.raises(QuestionError):
        e_value(ratio)
    with pytest.raises(QuestionError):
        e_value(2.0, 2.5, 3.0)
    with pytest.raises(QuestionError):
        risk_ratio((0.0, 0.3), (0.1, 0.1))
