"""Formulas as data: the rules of probability, one canonical form, and how they are printed."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from causal_core.graphs.graph import CausalGraph
from causal_core.identification.algebra import product, quotient, total
from causal_core.identification.estimand import Estimand
from causal_core.identification.evaluation import evaluate
from causal_core.identification.expression import (
    ONE,
    Expression,
    Probability,
    Product,
    Quotient,
    Sum,
)
from causal_core.identification.identify import identify
from causal_core.identification.printing import symbol
from causal_core.identification.simplify import Simplifier
from tests.identification.exact import ExactModel

FULL = CausalGraph.parse("dag { a -> {b c d}; b -> {c d}; c -> d }")


def p(of: str, given: str = "") -> Probability:
    return Probability(frozenset(of), frozenset(given))


RULES = [
    (total("a", p("ab", "c")), p("b", "c")),
    (total("ab", p("ab", "c")), ONE),
    (total("a", product([p("a"), p("b", "c")])), p("b", "c")),
    (product([p("a", "bc"), p("b", "c"), p("c")]), p("abc")),
    (quotient(p("ab", "c"), p("b", "c")), p("a", "bc")),
    (quotient(product([p("a"), p("b", "a")]), p("a")), p("b", "a")),
    (quotient(p("a"), p("a")), ONE),
    (product([quotient(p("a"), p("b", "c")), p("b", "c")]), p("a")),
    (quotient(p("a"), quotient(p("b"), p("c"))), quotient(product([p("a"), p("c")]), p("b"))),
    (
        total("b", product([p("a", "b"), p("b", "c"), p("d")])),
        product([p("d"), total("b", product([p("b", "c"), p("a", "b")]))]),
    ),
    (
        total("b", product([p("a", "b"), p("bc")])),
        product([p("c"), total("b", product([p("a", "b"), p("b", "c")]))]),
    ),
]


@pytest.mark.parametrize(("built", "expected"), RULES)
def test_the_rules_of_probability(built: Expression, expected: Expression) -> None:
    assert built == expected
    assert hash(built) == hash(expected)


def test_a_bound_name_never_catches_a_free_one() -> None:
    inner = total("x", product([p("y", "mx"), p("x")]))
    nested = total("m", product([p("m", "x"), inner]))
    assert nested.free == {"x", "y"}
    assert str(nested) == r"\sum_{m} P(m \mid x) \sum_{x'} P(y \mid m, x') P(x')"
    assert "“x”′" in nested.words()


def test_a_sum_over_a_name_of_the_question_is_primed() -> None:
    """Where a is both set and summed over, the two roles look different."""
    found = identify(CausalGraph.parse("dag { x <- a -> y; x -> y; a <-> y }"), "x", "y")
    assert str(found.estimand) == r"\sum_{a} P(y \mid a, x) P(a)"
    assert found.estimand is not None
    asked = Estimand(found.estimand.expression, frozenset("y"), frozenset("ax"))
    assert str(asked) == r"\sum_{a'} P(y \mid a', x) P(a')"


TERMS = st.builds(
    lambda of, given: Probability(frozenset(of), frozenset(given) - frozenset(of)),
    st.sets(st.sampled_from("abcd"), min_size=1, max_size=2),
    st.sets(st.sampled_from("abcd"), max_size=3),
)
RAW = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda some: Product(tuple(some))),
        st.tuples(inner, TERMS).map(lambda two: Quotient(*two)),
        inner.map(lambda body: Sum(frozenset([min(body.free)]), body) if body.free else body),
    ),
    max_leaves=6,
)


def rebuilt(formula: Expression) -> Expression:
    """The same formula through the functions that simplify."""
    match formula:
        case Product(factors):
            return product([rebuilt(factor) for factor in factors])
        case Quotient(top, bottom):
            return quotient(rebuilt(top), rebuilt(bottom))
        case Sum(over, body):
            return total(over, rebuilt(body))
    return formula


@settings(max_examples=80)
@given(RAW, st.integers(0, 3))
def test_canonical_forms_keep_the_value(formula: Expression, seed: int) -> None:
    joint = ExactModel(FULL, seed, most=3).joint()
    canonical = rebuilt(formula)
    assert canonical.free <= formula.free
    names = sorted(formula.free)
    # Products of a few conditionals, in float64.
    np.testing.assert_allclose(
        evaluate(canonical, joint, names), evaluate(formula, joint, names), rtol=1e-9
    )


@settings(max_examples=60)
@given(st.lists(TERMS, min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_factors_is_one(terms: list[Probability], shuffled: object) -> None:
    turned = list(terms)
    shuffled.shuffle(turned)  # type: ignore[attr-defined]
    assert str(product(terms)) == str(product(turned))


def test_separations_take_sums_in() -> None:
    """Tikka & Karvanen 2017, example 1: a middle node is summed out of a chain."""
    chain = Simplifier(CausalGraph.parse("dag { a -> b -> c -> d }"))
    assert chain(total("bc", product([p("d", "c"), p("c", "b"), p("b", "a")]))) == p("d", "a")
    assert chain(p("d", "abc")) == p("d", "c")
    fork = Simplifier(CausalGraph.parse("dag { z -> x; z -> y; x -> y }"))
    kept = total("z", product([p("y", "xz"), p("z")]))
    assert fork(kept) == kept


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("x", "x"),
        ("x12", "x_{12}"),
        ("Z_3", "Z_{3}"),
        ("x_", r"\text{x\_}"),
        ("dose", r"\text{dose}"),
        ("a\nb  c", r"\text{a b c}"),
        (
            r"$$\}&#^~%_",
            r"\text{\$\$\textbackslash{}\}\&\#\textasciicircum{}\textasciitilde{}\%\_}",
        ),
        ("é", r"\text{é}"),
    ],
)
def test_names_are_safe_in_latex(name: str, shown: str) -> None:
    assert symbol(name) == shown


def test_words_say_what_the_formula_says() -> None:
    backdoor = total("z", product([p("y", "xz"), p("z")]))
    assert backdoor.words() == (
        "the sum, over all values of “z”, of [the probability of “y” given “x” and “z” "
        "times the probability of “z”]"
    )
