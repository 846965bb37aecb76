"""A policy's text: what it means, what is wrong with it, and that it survives being printed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_core import Conditional
from causal_core.errors import QuestionError
from causal_core.scm.rule_parser import parse
from causal_core.scm.rules import (
    Chain,
    Column,
    Compare,
    Junction,
    Label,
    Negative,
    Not,
    Number,
    Rule,
    Same,
)

FRAGMENTS = [
    "when", "otherwise", "and", "or", "not", "same", "->", ";", "(", ")", "=", "!=", "<", "<=",
    ">", ">=", "+", "-", "*", "/", "age", "x.1", "`a b`", "`", "'F'", "'", '"it''s"', "3", "0.5",
    "1e999", "1e-3", " ", "\n", "²", "é", "#", "__import__", "lambda", "\x00",
]  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=60), st.lists(st.sampled_from(FRAGMENTS), max_size=25).map(" ".join)
)

columns = st.text(max_size=6).map(Column)
labels = st.text(max_size=6).map(Label)
whole = st.integers(-(2**53) + 1, 2**53 - 1)
numbers = (whole | st.floats(allow_nan=False, allow_infinity=False)).map(Number)


def chains(of: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.sampled_from(["+-", "*/"]).flatmap(
        lambda signs: st.lists(st.tuples(of, st.sampled_from(signs)), min_size=2, max_size=4).map(
            lambda pairs: Chain(
                tuple(part for part, _ in pairs), tuple(sign for _, sign in pairs[1:])
            )
        )
    )


def negatives(of: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return of.filter(lambda part: not isinstance(part, Number)).map(Negative)


expressions = st.recursive(numbers | columns, lambda of: chains(of) | negatives(of), max_leaves=8)
comparisons = st.builds(
    Compare, columns, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), numbers | labels
)
conditions = st.recursive(
    comparisons,
    lambda of: (
        st.builds(Not, of)
        | st.builds(
            Junction,
            st.sampled_from(["and", "or"]),
            st.lists(of, min_size=2, max_size=3).map(tuple),
        )
    ),
    max_leaves=6,
)
results = st.just(Same()) | labels | expressions
rules = st.builds(Rule, st.lists(st.tuples(conditions, results), max_size=3).map(tuple), results)


def read_or_refused(text: str) -> Conditional | QuestionError:
    try:
        return Conditional(text)
    except QuestionError as error:
        return error


@settings(max_examples=500)
@given(text=TEXTS)
def test_any_text_is_a_policy_or_a_question_error(text: str) -> None:
    read = read_or_refused(text)
    if isinstance(read, QuestionError):
        assert "At character" in read.what
        assert read.remedy
    else:
        assert Conditional(str(read)) == read


@settings(max_examples=300)
@given(rule=rules)
def test_every_rule_is_read_back_from_its_text(rule: Rule) -> None:
    assert parse(str(rule)) == rule
    assert Conditional(str(rule)).text == str(rule)


@settings(max_examples=100)
@given(rule=rules, start=st.integers(0, 200), length=st.integers(0, 20))
def test_a_damaged_policy_is_a_policy_or_a_question_error(
    rule: Rule, start: int, length: int
) -> None:
    text = str(rule)
    read = read_or_refused(text[:start] + text[start + length :])
    assert isinstance(read, Conditional) or read.remedy


@pytest.mark.parametrize("nested", ["(" * 10_000, "not " * 10_000, "otherwise -> " + "-" * 10_000])
def test_depth_ends_in_a_sentence_and_not_in_a_crash(nested: str) -> None:
    with pytest.raises(QuestionError, match="inside one another"):
        Conditional(nested)


def test_length_is_no_depth() -> None:
    long = "otherwise -> " + " + ".join(["1"] * 5000)
    assert Conditional(long).text == long


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("age > 60 -> 'A'", "character 16", "otherwise"),
        ("age > 60 -> 'A';", "character 17", "otherwise"),
        ("", "character 1 ", "otherwise"),
        ("age >> 60 -> 1; otherwise -> 2", "character 6 ", "“>”"),
        ("age == 60 -> 1; otherwise -> 2", "character 6 ", "“=”"),
        ("sex = F -> 1; otherwise -> 2", "character 7 ", "quotes"),
        ("sex = 'F -> 1; otherwise -> 2", "character 7 ", "never closed"),
        ("age > 60 1; otherwise -> 2", "character 10 ", "->"),
        ("otherwise -> 2; age > 1 -> 3", "character 15 ", "last clause"),
        ("otherwise -> 1e999", "character 14 ", "too large"),
        ("otherwise -> a % b", "character 16 ", "“%”"),
        ("otherwise -> exp(z)", "character 17 ", "last clause"),
        ("otherwise -> (z", "character 16 ", "Close"),
    ],
)
def test_errors_say_what_where_and_what_to_do(text: str, where: str, what: str) -> None:
    with pytest.raises(QuestionError) as caught:
        Conditional(text)
    assert where in f"{caught.value} "
    assert what in str(caught.value)
    assert caught.value.remedy


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(QuestionError, match="text"):
        Conditional(3)  # type: ignore[arg-type]


def test_brackets_and_blanks_that_mean_nothing_are_left_out() -> None:
    loose = Conditional('when ((a>1)) and not (b="it\'s")->(2*x)+1;\notherwise->same')
    assert str(loose) == "a > 1 and not b = 'it''s' -> 2 * x + 1; otherwise -> same"
    assert loose == Conditional(str(loose))
    assert hash(loose) == hash(Conditional(str(loose)))
    assert Conditional("otherwise -> 1 - (2 - x)").text == "otherwise -> 1 - (2 - x)"
