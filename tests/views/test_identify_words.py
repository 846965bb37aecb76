"""What is said of an identification: headlines, formulas in short, and offers of sets."""

from __future__ import annotations

import numpy as np
import pytest

from causal_core.graphs.graph import CausalGraph
from causal_core.identification.identify import identify
from causal_core.identification.instruments import Instrument
from causal_core.identification.minimal import Listed
from causal_core.views.adjustment_words import SHOWN, instrument_lines, offers, sets_line
from causal_core.views.grouped import Group, group
from causal_core.views.verdict_words import formula_words, verdict_words
from causal_core.views.worlds import worlds


@pytest.mark.parametrize(
    ("graph", "headline", "kind"),
    [
        ("dag { y -> x }", "Yes: there is no effect.", "No causal path"),
        ("dag { x -> y }", "Yes, just as the rows are.", "Identified without adjustment"),
        ("dag { z -> x; z -> y; x -> y }", "Yes, by adjusting for `z`.", "Identified by back-door"),
        ("dag { x -> m -> y; x <-> y }", "Yes, through `m`.", "Identified by front-door"),
        (
            "dag { w -> r; r -> x; x -> y; w <-> x; w <-> y }",
            "Yes, by a longer way.",
            "Identified by do-calculus",
        ),
        (
            "dag { x -> y; x <-> y }",
            "No. These data cannot tell, however many rows there are.",
            "Not identified",
        ),
    ],
)
def test_the_verdict_says_whether_and_how(graph: str, headline: str, kind: str) -> None:
    told = verdict_words(identify(CausalGraph.parse(graph), "x", "y"))
    assert (told.headline, told.kind) == (headline, kind)
    assert "`x`" in told.why or "do-calculus" in told.why


def test_what_is_known_can_leave_no_effect() -> None:
    found = identify(CausalGraph.parse("dag { x -> z -> y }"), "x", "y", "z")
    assert verdict_words(found).why == (
        "Once `z` is known, setting `x` makes no difference to `y`."
    )


def many(count: int) -> CausalGraph:
    names = [f"cause {i}" for i in range(count)]
    arrows = [(name, end) for name in names for end in ("x", "y")]
    return CausalGraph.from_edges([*arrows, ("x", "y")])


def test_a_long_formula_is_written_with_one_letter() -> None:
    told = formula_words(identify(many(9), "x", "y"))
    assert told.shown == (
        r"P(y \mid do(x)) = \sum_{\mathbf{Z}} P(y \mid x, \mathbf{Z}) P(\mathbf{Z})"
    )
    assert told.stands == tuple(f"cause {i}" for i in range(9))
    assert r"\text{cause 3}" in told.latex
    assert "9 variables" in verdict_words(identify(many(9), "x", "y")).headline


def test_a_short_formula_stays_as_it_is_and_a_wide_one_takes_two_lines() -> None:
    graph = CausalGraph.parse("dag { x <- a -> y; x <- b -> y; x -> y }")
    short = formula_words(identify(graph, "x", "y"))
    assert short.shown == short.latex
    found = identify(many(3), "x", "y")
    assert formula_words(found).shown.startswith(r"\begin{aligned}&P(y \mid do(x))\\&=\sum_")
    assert found.estimand is not None
    assert group(found.estimand.expression) == Group()


def test_names_that_look_like_lists_are_not_taken_apart() -> None:
    names = ["a", "b", "c", "d", "a, b, c, d"]
    short = Group(("a", "b", "c", "d"))
    latex = r"P(y \mid \text{a, b, c, d}) P(a, b, c, d, y) \sum_{a', b', c', d', x}"
    wanted = r"P(y \mid \text{a, b, c, d}) P(y, \mathbf{Z}) \sum_{x, \mathbf{Z}'}"
    assert short.short(latex, [*names, "x", "y"]) == wanted


def test_sets_are_offered_once_the_most_precise_first() -> None:
    found = Listed((frozenset("a"), frozenset("bc")), True)
    told = offers(found, frozenset("bc"))
    assert [(one.names, one.label, one.best) for one in told] == [
        (("b", "c"), "b, c", True),
        (("a",), "a", False),
    ]
    beside = offers(Listed((frozenset("az"),), True), None, ("z",))
    assert [one.names for one in beside] == [("a",)]
    assert offers(Listed((frozenset(),), True), None)[0].label == "nothing"


def test_how_many_sets_there_are() -> None:
    one = Listed((frozenset("a"),), True)
    assert sets_line(one, "").startswith("There is 1 minimal set:")
    several = Listed(tuple(frozenset([str(i)]) for i in range(SHOWN + 1)), False)
    assert sets_line(several, "").startswith(f"There are at least {SHOWN + 1} minimal sets:")
    assert f"first {SHOWN} are shown" in sets_line(several, "")
    assert "No set of measured variables" in sets_line(Listed((), True), "")


def test_hostile_names_are_escaped_in_labels_and_code_in_lines() -> None:
    name = "![x](http://evil.test)"
    label = offers(Listed((frozenset([name]),), True), None)[0].label
    assert label == "\\!\\[x\\]\\(http\\:\u2060//evil\\.test\\)"
    assert instrument_lines([Instrument(name, frozenset("b"))]) == [f"`{name}`, holding `b`"]


@pytest.mark.parametrize(
    ("graph", "given"),
    [
        ("dag { x -> y; x <-> y }", ()),
        ("dag { x -> z -> y; x <-> z; q -> x }", ()),
        ("dag { x -> y; x <-> y; z -> y }", ("z",)),
    ],
)
def test_two_worlds_are_seen_alike_and_differ_where_one_acts(
    graph: str, given: tuple[str, ...]
) -> None:
    told = worlds(identify(CausalGraph.parse(graph), "x", "y", given))
    frame = told.frame
    seen = frame[frame[""].str.contains(", seen")]
    done = frame[frame[""].str.contains(", set")]
    assert np.allclose(seen["World A"], seen["World B"])
    assert (done["World A"] - done["World B"]).abs().max() > 0.01
    assert frame[["World A", "World B"]].stack().between(0, 1).all()
    assert told.title.startswith("The share with y = ")
    assert frame[""].str.contains("z = ").all() == bool(given)
