"""Typed knowledge: what it means, and how a slip is answered."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_core.discovery.knowledge_text import parse_arrows, parse_tiers
from causal_core.errors import GraphSyntaxError

NAMES = ["age", "a, b", "x -> y", "dose"]


def test_names_with_commas_and_arrows_are_names() -> None:
    assert parse_tiers('age, "a, b"\n\n  dose  ', NAMES) == (("age", "a, b"), ("dose",))
    assert parse_arrows("age -> x -> y\nx -> y → dose", NAMES) == (
        ("age", "x -> y"),
        ("x -> y", "dose"),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("age\ndoes", "Line 2.*no column “does”.*“dose”"),
        ("age,, zebra", "Line 1.*“zebra”"),
    ],
)
def test_a_tier_with_no_such_column_names_the_line(text: str, said: str) -> None:
    with pytest.raises(GraphSyntaxError, match=said):
        parse_tiers(text, NAMES)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("age -> dose\nage dose", "Line 2.*no arrow"),
        ("age -> age", "Line 1.*itself"),
        ("age -> pony", "Line 1.*“pony”"),
        ("->", "Line 1"),
    ],
)
def test_what_is_no_arrow_is_said_with_its_line(text: str, said: str) -> None:
    with pytest.raises(GraphSyntaxError, match=said):
        parse_arrows(text, NAMES)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (parse_tiers, parse_arrows):
        with suppress(GraphSyntaxError):
            parse(text, NAMES)
