"""A question in plain words, and what is made of it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_core.errors import QuestionError
from causal_core.identification.asked import Asked, asked

NAMES = ["dose", "recovery", "age", "sex", "blood pressure", "blood", "BMI"]


@pytest.mark.parametrize(
    "text",
    [
        "does dose cause recovery?",
        "Does *dose* cause **recovery**",
        "does `dose` affect “recovery” ?",
        "How much does the dose change recovery?",
        "what does DOSE do to Recovery?",
        "the effect of dose on recovery",
        "What is the average causal effect of dose on the recovery?",
        "would recovery change if dose were set?",
        "Would recovery be different if we changed dose?",
        "what happens to recovery if dose is changed?",
        "is recovery affected by dose?",
        "does recovery depend on dose",
        "dose -> recovery",
        "dose → recovery",
        "P(recovery | do(dose))",
        "  does   dose\ncause recovery ?",
    ],
)
def test_many_ways_to_ask_the_same(text: str) -> None:
    assert asked(text, NAMES) == Asked("dose", "recovery")


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("effect of dose on recovery given age", ("age",)),
        ("effect of dose on recovery, given age, sex and blood pressure", None),
        ("what does dose do to recovery among sex?", ("sex",)),
        ("does dose cause recovery for each age?", ("age",)),
        ("P(recovery | do(dose), age, sex)", ("age", "sex")),
    ],
)
def test_for_whom_it_is_asked(text: str, held: tuple[str, ...] | None) -> None:
    wanted = held or ("age", "sex", "blood pressure")
    assert asked(text, NAMES) == Asked("dose", "recovery", given=wanted)


def test_what_is_adjusted_for_is_not_what_is_given() -> None:
    found = asked("effect of dose on recovery given sex, adjusting for age and BMI", NAMES)
    assert found == Asked("dose", "recovery", ("sex",), ("age", "BMI"))


def test_the_longest_name_is_meant() -> None:
    assert asked("does blood pressure cause recovery", NAMES).treatment == "blood pressure"
    assert asked("does blood cause blood pressure", NAMES) == Asked("blood", "blood pressure")


def test_words_of_the_question_may_be_names() -> None:
    names = ["does", "cause", "a", "effect", "of", "and", "given"]
    assert asked("does does cause cause", names) == Asked("does", "cause")
    assert asked("the effect of effect on of given and and a", names) == Asked(
        "effect", "of", ("and", "a")
    )


@pytest.mark.parametrize(
    "name",
    [
        "<b>x</b>",
        "a|b",
        "(x",
        "x*",
        "`x`",
        "x?",
        "$x$",
        "cause of death",
        "x -> y",
        "do(x)",
        "ß",
        "変数",
    ],
)
def test_hostile_names_are_taken_literally(name: str) -> None:
    assert asked(f"does {name} cause pain?", [name, "pain"]) == Asked(name, "pain")
    assert asked(f"effect of pain on “{name}”", [name, "pain"]) == Asked("pain", name)


def test_names_that_differ_by_case_need_their_case() -> None:
    names = ["X", "x", "Y"]
    assert asked("does x cause Y", names) == Asked("x", "Y")
    assert asked("does X cause x", names) == Asked("X", "x")
    with pytest.raises(QuestionError, match="“DOSE” may be “Dose” or “dose”"):
        asked("does DOSE cause y", ["Dose", "dose", "y"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("does dsoe cause recovery?", "“dsoe” is no variable.*Did you mean “dose”"),
        ("effect of dose on recovry given age", "“recovry” is no variable.*“recovery”"),
        ("effect of dose on recovery given agee", "“agee” is no variable.*“age”"),
        ("does luck cause recovery?", "“luck” is no variable.*There are: dose, recovery"),
        ("does dose cause dose?", "is the cause and the outcome"),
        ("does dose cause recovery given dose", "cannot be held as well"),
        ("dose recovery", "is no question that is understood.*Does dose cause recovery"),
        ("", "Nothing is asked"),
        ("why " * 200, "very long"),
    ],
)
def test_what_is_not_understood_is_said_with_a_remedy(text: str, words: str) -> None:
    with pytest.raises(QuestionError, match=words):
        asked(text, NAMES)


def test_many_names_that_hold_one_another_are_read_at_once() -> None:
    names = [" and ".join("a" * n) for n in range(1, 30)] + ["x", "y"]
    text = "effect of x on y given " + " and ".join("a" * 60) + " !nonsense"
    with pytest.raises(QuestionError):
        asked(text, names)


@given(st.lists(st.text(min_size=1).filter(str.strip), min_size=2, max_size=6))
def test_any_text_ends_in_a_question_or_in_an_error_for_people(names: list[str]) -> None:
    text = f"does {names[0]} cause {names[1]}?"
    with suppress(QuestionError):
        found = asked(text, names)
        assert {found.treatment, found.outcome} <= set(names)


@given(st.permutations(NAMES))
def test_its_words_are_read_back(names: list[str]) -> None:
    told = Asked(names[0], names[1], tuple(names[2:4]))
    assert asked(told.words, names) == told
