"""Minimal sets, judgements, paths, front doors and instruments on any small graph."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.identification import laws
from tests.identification.brute import Question, questions

many = settings(max_examples=100)


@st.composite
def with_sets(draw: st.DrawFn) -> tuple[Question, frozenset[str], frozenset[str]]:
    """A question and two disjoint sets of its variables."""
    question = draw(questions())
    roles = {name: draw(st.sampled_from("io--")) for name in question.free}
    forced, barred = ({n for n, role in roles.items() if role == kind} for kind in "io")
    return question, frozenset(forced), frozenset(barred)


@many
@given(with_sets())
def test_adjustment_sets(drawn: tuple[Question, frozenset[str], frozenset[str]]) -> None:
    laws.adjustment_sets(*drawn)


@many
@given(with_sets())
def test_judgements(drawn: tuple[Question, frozenset[str], frozenset[str]]) -> None:
    question, chosen, _ = drawn
    laws.judgements(question, chosen)


@many
@given(with_sets())
def test_paths(drawn: tuple[Question, frozenset[str], frozenset[str]]) -> None:
    question, chosen, _ = drawn
    laws.path_lists(question, chosen)


@many
@given(questions())
def test_front_doors(question: Question) -> None:
    laws.front_doors(question)
    laws.front_doors(question.confounded)


@many
@given(questions(single=True))
def test_instruments(question: Question) -> None:
    laws.all_instruments(question)
