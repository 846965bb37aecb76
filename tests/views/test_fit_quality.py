"""The verdicts say what the numbers say, and the pictures show names literally."""

from __future__ import annotations

import math
import re
from base64 import b64decode

import pytest

from causal_core.scm.ladder import rungs_for
from causal_core.tables.schema import Kind, Variable
from causal_core.views.fit_quality import Quality, gains, literal, noise_histogram
from causal_core.views.learning_curve import learning_curve, stage_words, stages_of

REPORT = {
    "name": "recovery",
    "kind": "continuous",
    "parents": ["age", "dose"],
    "rung": "polynomial",
    "rows": 4000,
    "held_out": -2.39,
    "linear": -2.42,
    "margin_se": 0.009,
    "pit": [0.1] * 10,
    "calibration": 0.02,
}
HOSTILE = "<a href='javascript:alert(1)'>x</a>"


def quality(**changes: object) -> Quality:
    return Quality.of({**REPORT, **changes})


def test_every_rung_is_put_into_words() -> None:
    ordered = Variable("y", Kind.CONTINUOUS)
    levels = [Variable("b", Kind.BINARY, ("0", "1")), Variable("c", Kind.CATEGORICAL, tuple("abc"))]
    for variable in (ordered, *levels):
        for context in ((), (ordered,), (levels[0],), (levels[1], ordered)):
            for rung in rungs_for(variable, context):
                assert quality(rung=rung.name).shape != rung.name


def test_the_gain_is_the_difference_to_the_simplest_equation() -> None:
    assert quality().gain == pytest.approx(0.03)
    assert quality().gained() == "+0.030 ± 0.009"
    assert quality(held_out=-2.45).gained() == "−0.030 ± 0.009"


def test_the_simplest_equation_has_nothing_to_beat() -> None:
    linear = quality(rung="linear", held_out=-2.42, margin_se=0.0)
    assert linear.gained() == "it is the simplest"
    assert "nothing richer" in linear.why()


def test_a_gain_within_two_standard_errors_is_not_called_clear() -> None:
    assert "clearly" in quality().why()
    assert "clearly" not in quality(margin_se=0.02).why()


@pytest.mark.parametrize(
    ("gap", "rows", "verdict"),
    [
        (0.02, 100_000, "calibrated"),
        (0.07, 100_000, "roughly calibrated"),
        (0.2, 100_000, "off"),
        (0.2, 200, "calibrated"),  # forty rows prove little
    ],
)
def test_calibration_allows_for_chance(gap: float, rows: int, verdict: str) -> None:
    assert quality(calibration=gap, rows=rows).noise().startswith(verdict)


def test_the_gains_carry_two_standard_errors_and_the_first_variable_is_on_top() -> None:
    figure = gains([quality(), quality(name="dose", margin_se=0.1)])
    (trace,) = figure.data
    assert list(trace.x) == pytest.approx([0.03, 0.03])
    assert list(trace.error_x.array) == pytest.approx([0.2, 0.018])
    assert figure.layout.yaxis.ticktext == ("dose", "recovery")


def test_the_noise_is_held_against_one_tenth_give_or_take_chance() -> None:
    figure = noise_histogram(quality())
    assert sum(figure.data[0].y) == pytest.approx(1)
    (band, line) = figure.layout.shapes
    slack = 2 * math.sqrt(0.09 / 800)
    assert (band.y0, band.y1) == pytest.approx((0.1 - slack, 0.1 + slack))
    assert line.y0 == pytest.approx(0.1)


def test_names_are_shown_literally_and_shortened() -> None:
    figure = gains([quality(name=HOSTILE), quality(name="1"), quality(name="1")])
    assert "<" not in "".join(figure.layout.yaxis.ticktext)
    assert len(figure.layout.yaxis.ticktext) == 3
    assert literal("a" * 40) == "a" * 23 + "…"
    assert literal("a\n b") == "a b"


def corners(drawn: str) -> list[str]:
    """The corners of each line in the drawing's image."""
    (encoded,) = re.findall(r'base64,([^"]+)"', drawn)
    return re.findall(r'points="([^"]+)"', b64decode(encoded).decode())


def test_a_learning_curve_shows_one_stage() -> None:
    points = [["race", 1, 3.0, 3.1], ["race", 2, 2.1, 2.2], ["final", 1, 9.9, 9.1]]
    assert stages_of(points) == ("race", "final")
    drawn = learning_curve(points, "race")
    learned, held_out = corners(drawn)
    assert learned == "0.00,10.00 100.00,100.00"
    assert held_out == "0.00,0.00 100.00,90.00"
    assert "Held-out loss 2.20 nats per row after epoch 2" in drawn
    assert "9.9" not in drawn


def test_a_curve_of_one_point_and_of_none_can_be_drawn() -> None:
    assert corners(learning_curve([["race", 1, 3.0, 3.0]], "race")) == ["0.00,0.00"] * 2
    assert learning_curve([], "race") == ""


@pytest.mark.parametrize("stage", ["start", "race", "association", "", "other"])
def test_every_stage_has_words(stage: str) -> None:
    assert stage_words(stage)[0].isupper()
