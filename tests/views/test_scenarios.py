"""Kept settings side by side: the numbers are the picture's own, whatever the names are."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from causal_core.identification.verdict import Status
from causal_core.queries.questions import Sweep
from causal_core.queries.sweep_answer import Curve, RowCurve, SweepAnswer
from causal_core.tables.schema import Kind, Variable
from causal_core.views.scenarios import (
    Compared,
    compared,
    described,
    grouped,
    rows,
    scenarios_plot,
)

EVIL = "<img src=x onerror=alert(1)>"
DOSE = Variable("dose", Kind.CONTINUOUS, (), "mg", 0.0, 4.0)
DAYS = Variable("days", Kind.CONTINUOUS, (), "days", 0.0, 9.0)
WELL = Variable("well", Kind.BINARY, ("no", "yes"))
WARD = Variable("ward", Kind.CATEGORICAL, ("a", "b", EVIL))
KNOWN = {v.name: v for v in (DOSE, DAYS, WELL, WARD)}
AT = np.linspace(0.0, 4.0, 5)


def curve(start: float, slope: float) -> Curve:
    mean = start + slope * AT
    return Curve(np.full((5, 8), 1 / 8), mean, mean - 0.5, mean + 1.0)


def answer(outcome: Variable = DAYS, level: str | None = None, scale: float = 1.0) -> SweepAnswer:
    row = scale * (2.0 + AT)
    return SweepAnswer(
        cause=DOSE,
        outcome=outcome,
        level=level,
        positions=AT,
        bins=np.arange(8.0),
        edges=None,
        seeing=curve(0.0, scale),
        doing=curve(scale, -scale / 10),
        everyone=curve(scale * 7, 0.0),
        row=RowCurve(3.0, 2.0, row, row - 1, row + 1),
        support=np.array([1.0, 1.0, 1.0, 1.0, 0.01]),
        overlap=np.ones(5),
        status=Status.IDENTIFIED,
        evidence="",
    )


def one(title: str, position: float, asked: Sweep | None = None) -> Compared:
    asked = asked or Sweep("dose", "days", row=6)
    return compared(title, asked, answer(), KNOWN, position)


def test_between_two_positions_the_numbers_are_those_of_the_picture() -> None:
    found = one("a", 1.5)
    assert found.rungs["seeing"] == pytest.approx((1.5, 1.0, 2.5))
    assert found.rungs["doing"] == pytest.approx((0.85, 0.35, 1.85))
    assert found.rungs["imagining"] == pytest.approx((3.5, 2.5, 4.5))
    assert (found.unit, found.about, found.imagined) == ("days", "days", "row 7")
    assert found.rests == "identified"


def test_without_a_row_imagining_is_everyones() -> None:
    found = compared("a", Sweep("dose", "days"), replace(answer(), row=None), KNOWN, 1.0)
    assert found.rungs["imagining"] == pytest.approx((7.0, 6.5, 8.0))
    assert found.imagined == "all rows"


def test_outside_the_data_it_says_so() -> None:
    assert one("a", 4.0).rests == "identified; outside the data"


def test_the_chance_of_a_level_is_in_percent() -> None:
    asked = Sweep("dose", "well", level="yes", row=0)
    found = compared("a", asked, answer(WELL, "yes", 0.1), KNOWN, 2.0)
    assert found.rungs["seeing"][0] == pytest.approx(20.0)
    assert (found.unit, found.about) == ("%", "chance of well = yes")


def test_other_outcomes_are_never_on_one_axis() -> None:
    well, ill = (
        compared(level, Sweep("dose", "well", level=level), answer(WELL, level), KNOWN, 1.0)
        for level in ("yes", "no")
    )
    first, second = one("first", 1.0), one("second", 2.0)
    assert grouped([first, well, second, ill]) == [[first, second], [well], [ill]]


def test_a_setting_is_told_with_all_that_goes_with_it() -> None:
    asked = Sweep("dose", "days", {"ward": "b"}, 6, None, -0.3, {"ward": ("b", "a", EVIL)})
    assert (
        described(asked, KNOWN, 1.25)
        == f"dose = 1.25 mg, ward = b, ρ = −0.3, ward from b to {EVIL}"
    )


def test_the_table_has_a_row_for_each_and_the_unit_once() -> None:
    first, second = rows([one("first", 1.0), one("second", 4.0)])
    assert first == {
        "Scenario": "first",
        "Setting": "dose = 1.00 mg",
        "Seeing (days)": "1.00 (0.50 to 2.00)",
        "Doing (days)": "0.90 (0.40 to 1.90)",
        "Imagining (days)": "3.0 (2.0 to 4.0)",
        "Imagined for": "row 7",
        "Doing is": "identified",
    }
    assert second["Scenario"] == "second"


def test_a_single_member_has_no_interval_and_is_drawn_all_the_same() -> None:
    bare = replace(answer(), doing=Curve.of(np.ones((5, 8)), AT, np.empty((1, 5))))
    found = compared("a", Sweep("dose", "days"), bare, KNOWN, 2.0)
    assert rows([found])[0]["Doing (days)"] == "2.00 (– to –)"
    assert scenarios_plot([found]).to_json()


def test_the_picture_draws_what_the_table_says() -> None:
    settings = [one("first", 1.0), one(EVIL, 3.0)]
    figure = scenarios_plot(settings)
    assert [trace.name for trace in figure.data] == ["Seeing", "Doing", "Imagining"]
    for trace, rung in zip(figure.data, ("seeing", "doing", "imagining"), strict=True):
        value, low, high = np.array([s.rungs[rung] for s in settings]).T
        assert trace.x == pytest.approx(value)
        assert trace.x - trace.error_x.arrayminus == pytest.approx(low)
        assert trace.x + trace.error_x.array == pytest.approx(high)
        assert trace.y[0] > trace.y[1]
    assert len({trace.marker.symbol for trace in figure.data}) == 3
    assert figure.layout.xaxis.title.text == "days (days)"
    assert "<img" not in figure.to_json()


def test_a_hover_tells_outcomes_far_from_zero_apart() -> None:
    far = [replace(s, rungs={n: tuple(1.7e9 + v for v in r) for n, r in s.rungs.items()})
           for s in (one("first", 1.0), one("second", 3.0))]  # fmt: skip
    for trace in scenarios_plot(far).data:
        (spelled,) = re.findall(r"%{x:(,[.]\d+g)}", trace.hovertemplate)
        shown = [float(format(x, spelled).replace(",", "")) for x in trace.x]
        assert shown == pytest.approx(list(trace.x), abs=0.1)
