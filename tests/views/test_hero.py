"""The hero picture's data and its sentences."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_core.identification.verdict import Status
from causal_core.queries.numbers import numbers
from causal_core.queries.sweep_answer import Curve, RowCurve, SweepAnswer
from causal_core.tables.schema import Kind, Variable
from causal_core.views.hero import Band, payload, setting
from causal_core.views.sentence import fill, reference, start, templates
from causal_core.views.theme import code_span, number, plain


def curve(positions: int, bins: int, slope: float) -> Curve:
    mean = slope * np.arange(positions, dtype=float)
    members = mean + np.array([[-0.1], [0.0], [0.1]])
    return Curve.of(np.full((positions, bins), 1 / bins), mean, members)


def made(positions: int = 5, bins: int = 8) -> SweepAnswer:
    at = np.linspace(0.0, 4.0, positions)
    edges = np.linspace(-1.0, 9.0, bins + 1)
    mean = np.linspace(1.0, 2.0, positions)
    return SweepAnswer(
        Variable("dose", Kind.CONTINUOUS, (), "mg", 0.0, 4.0),
        Variable("days", Kind.CONTINUOUS, (), "days", 0.0, 8.0),
        None,
        at,
        (edges[1:] + edges[:-1]) / 2,
        edges,
        curve(positions, bins, 1.0),
        curve(positions, bins, -0.5),
        curve(positions, bins, -0.5),
        RowCurve(3.0, 2.0, mean, mean - 1, mean + 1),
        np.array([1.0] * (positions - 1) + [0.01]),
        np.ones(positions),
        Status.IDENTIFIED,
        "Identified by adjusting for “severity”, if the graph is right.",
    )


def test_the_payload_is_json_and_small() -> None:
    sent = payload(made(41, 96), truth=np.linspace(0, 1, 41), row=7)
    text = json.dumps(sent, allow_nan=False)
    assert len(text) < 100_000
    raw = base64.b64decode(sent["curves"]["doing"]["density"])
    assert np.frombuffer(raw, "<f4").shape == (41 * 96,)
    assert payload(made())["digest"] != sent["digest"]
    assert payload(made())["digest"] == payload(made())["digest"]


def test_numbers_far_from_zero_keep_what_differs() -> None:
    answer = replace(made(), positions=1.7e9 + np.linspace(0.0, 4.0, 5))
    assert payload(answer)["cause"]["positions"] == answer.positions.tolist()
    same = replace(made(), positions=np.full(5, 1.7e9 + 0.25))
    assert payload(same)["cause"]["positions"] == [1.7e9 + 0.25] * 5


def test_missing_numbers_become_null() -> None:
    lone = made()
    single = Curve.of(lone.doing.density, lone.doing.mean, np.empty((0, 5)))
    sent = payload(SweepAnswer(**{**vars(lone), "doing": single}))
    assert sent["curves"]["doing"]["low"] == [None] * 5
    json.dumps(sent, allow_nan=False)


def test_a_band_is_sent_with_its_sentence_and_changes_the_picture() -> None:
    answer = made()
    band = Band(np.zeros(5), np.array([1.0, 2.0, np.nan, 4.0, 5.0]))
    sent = payload(answer, band=band)
    assert sent["band"] == {"low": [0.0] * 5, "high": [1.0, 2.0, None, 4.0, 5.0]}
    assert "{band_low}" in sent["templates"]["band"]
    assert payload(answer)["band"] is None
    assert payload(answer)["digest"] != sent["digest"]


def test_a_contrast_pairs_the_members() -> None:
    """Members that differ by a constant agree on every contrast exactly."""
    value, low, high = made().doing.contrast(4, 0)
    assert (value, low, high) == (-2.0, -2.0, -2.0)


def test_between_positions_a_contrast_is_drawn_as_the_browser_draws_it() -> None:
    answer = made()
    doing, at = answer.doing, answer.positions
    assert doing.contrast_at(at, at[3], 1) == doing.contrast(3, 1)
    middle = doing.contrast_at(at, (at[3] + at[4]) / 2, 1)
    ends = np.array([doing.contrast(3, 1), doing.contrast(4, 1)])
    np.testing.assert_allclose(middle, ends.mean(axis=0))
    assert doing.contrast_at(at, 1e9, 1) == doing.contrast(4, 1)


def test_a_setting_is_written_as_the_picture_writes_it() -> None:
    assert setting(made(), 2.0) == "2 mg"


def test_every_token_of_a_template_is_one_the_browser_fills() -> None:
    script = (Path(__file__).parents[2] / "static" / "hero.js").read_text()
    for template in templates(made(), True).values():
        for token in re.findall(r"\{(\w+)\}", template):
            assert re.search(rf"\b{token}\b[:,]", script), token


def test_a_name_is_never_read_as_a_template() -> None:
    assert fill("{cause} = {x}", {"cause": "{x}", "x": "3"}) == "{x} = 3"


def test_the_slider_starts_away_from_the_reference_on_good_support() -> None:
    answer = made()
    assert start(answer) != answer.positions[reference(answer)]
    assert answer.support[list(answer.positions).index(start(answer))] >= 0.9


def test_the_numbers_carry_support() -> None:
    frame = numbers(made(), np.zeros(5))
    assert list(frame["inside the data"]) == [True] * 4 + [False]
    assert "truth" in frame


@given(st.text(max_size=30))
def test_names_cannot_leave_their_code_span(name: str) -> None:
    span = code_span(name)
    fence = len(span) - len(span.lstrip("`"))
    assert fence >= 1
    assert "\n" not in span
    assert "`" * fence not in span[fence:-fence].strip("`") or fence == 0


@pytest.mark.parametrize("text", ["*a*", "![x](y)", "<b>", "`c`", "$d$", ":red[e]"])
def test_plain_text_has_no_markup(text: str) -> None:
    escaped = plain(text)
    assert escaped.replace("\\", "") == text
    assert escaped != text


@pytest.mark.parametrize(
    "address", ["http://evil.test", "HTTPS://evil.test", "www.evil.test", "a@b.c"]
)
def test_an_address_in_plain_text_is_no_link(address: str) -> None:
    escaped = plain(address)
    assert escaped.replace("\\", "").replace("\u2060", "") == address
    assert not re.search(r"https?:/|www\.|\w@", escaped.replace("\\", ""), re.IGNORECASE)


@pytest.mark.parametrize(
    "text", ["a -> b", "--", "x <-> y >= z", "p <- q ~= r <= s", ":material/home:", ":streamlit:"]
)
def test_plain_text_keeps_its_signs_and_makes_no_icon(text: str) -> None:
    shown = plain(text).replace("\\", "")
    assert shown.replace("\u2060", "") == text
    made = r":streamlit:|:material/\w+:|(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)"  # Streamlit's own
    assert not re.search(made, shown)


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [(1234.5, 1, "1,234.5"), (-0.04, 1, "0.0"), (-2, 0, "−2"), (float("nan"), 2, "–")],
)
def test_numbers_are_written_for_people(value: float, digits: int, shown: str) -> None:
    assert number(value, digits) == shown
