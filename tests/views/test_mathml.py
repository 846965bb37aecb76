"""LaTeX of formulas as MathML: every name comes out as it is, whatever it holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from causal_core.identification.expression import Probability, Product, Quotient, Sum
from causal_core.views.mathml import Node, mathml

NAMES = st.text(min_size=2).filter(lambda text: text == " ".join(text.split()))


def leaves(node: Node) -> list[tuple[str, str]]:
    tag, inside = node
    return [(tag, inside)] if isinstance(inside, str) else [x for n in inside for x in leaves(n)]


def text(node: Node) -> str:
    return "".join(words for _, words in leaves(node))


def p(of: str, *seen: str) -> Probability:
    return Probability(frozenset([of]), frozenset(seen))


def test_the_front_door_formula_is_drawn_with_its_sums_and_primes() -> None:
    inner = Sum(frozenset("x"), Product((p("y", "m", "x"), p("x"))))
    node = mathml(str(Sum(frozenset("m"), Product((p("m", "x"), inner)))))
    assert text(node) == "∑mP(m|x)∑x′P(y|m,x′)P(x′)"
    assert node[1][0][1][0] == ["munder", [["mo", "∑"], ["mrow", [["mi", "m"]]]]]


def test_a_quotient_is_a_fraction_and_a_group_keeps_its_brackets() -> None:
    group = Sum(frozenset("z"), p("z"))
    node = mathml(str(Product((group, Quotient(p("x1"), p("w"))))))
    assert text(node) == "(∑zP(z))P(x1)P(w)"
    assert [text(row) for row in node[1]] == ["(∑zP(z))", "P(x1)P(w)"]
    fraction = node[1][1][1][0]
    assert fraction[0] == "mfrac"
    assert [text(part) for part in fraction[1]] == ["P(x1)", "P(w)"]


def test_a_line_may_break_between_factors_and_nowhere_else() -> None:
    node = mathml(str(Sum(frozenset("z"), Product((p("y", "x", "z"), p("z"))))))
    assert [text(row) for row in node[1]] == ["∑zP(y|x,z)", "P(z)"]
    asked = Probability(frozenset(["y"]), frozenset(["P"]), frozenset(["x"]))
    assert len(mathml(str(asked))[1]) == 1


def test_what_is_set_reads_do() -> None:
    asked = Probability(frozenset(["y"]), frozenset(["z"]), frozenset(["x"]))
    assert ("mtext", "do") in leaves(mathml(str(asked)))
    assert text(mathml(str(asked))) == "P(y|do(x),z)"


@given(NAMES)
def test_any_name_is_there_literally(name: str) -> None:
    drawn = leaves(mathml(str(p(name, "z"))))
    index = text(["mrow", [[tag, words] for tag, words in drawn]])
    assert index == f"P({name}|z)" or index == f"P({name.replace('_', '')}|z)"
    assert len(name) < 3 or ("mtext", name) in drawn or name[1:].strip("_").isdigit()


def test_a_hostile_name_stays_text() -> None:
    name = r"<img src=x onerror=alert(1)> $_{\frac{1}{2}} do(x) \textbackslash ~^%&#'"
    assert ("mtext", name) in leaves(mathml(str(p(name))))


def test_text_in_a_step_is_read() -> None:
    assert leaves(mathml(r"\text{not identifiable}")) == [("mtext", "not identifiable")]
