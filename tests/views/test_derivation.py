"""Derivations, judgements and hedges as the browser is told of them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from causal_core.graphs.graph import CausalGraph
from causal_core.identification.asked import Asked
from causal_core.identification.derivation import Separation
from causal_core.identification.identify import identify
from causal_core.identification.judgement import judge
from causal_core.tables.table import Table
from causal_core.views.asked_graph import asked_graph, drawn, unheld
from causal_core.views.derivation import separation_words, step_payloads
from causal_core.views.hedge_words import hedge_payload
from causal_core.views.judged import SHOWN, judged
from causal_core.views.mathml import Node
from causal_core.views.term_words import term_words

FRONT = "dag { x -> m -> y; x <-> y }"
NAPKIN = "dag { w -> r; r -> x; x -> y; w <-> x; w <-> y }"
BOW = "dag { x -> y; x <-> y }"


def steps(text: str) -> list[dict[str, Any]]:
    graph = CausalGraph.parse(text)
    whole = asked_graph(graph, Asked("x", "y")).project()
    return step_payloads(identify(graph, "x", "y"), whole, {})


def text(node: Node) -> str:
    inside = node[1]
    return inside if isinstance(inside, str) else "".join(map(text, inside))


def test_the_front_door_is_derived_in_pearls_seven_steps() -> None:
    found = steps(FRONT)
    # Pearl 2009, section 3.4.3: rules 2, 2, 3, then a case split, rules 3 and 2.
    rules = ["Probability", "Rule 2", "Rule 2", "Rule 3", "Probability", "Rule 3", "Rule 2"]
    assert [step["rule"] for step in found] == rules
    assert text(found[0]["before"]) == "P(y|do(x))"
    assert text(found[-1]["after"]) == "∑mP(m|x)∑x′P(y|m,x′)P(x′)"
    cuts = [sorted(step["cut"]) for step in found[1:4]]
    assert cuts == [["x → m"], ["m → y", "x ↔ y"], ["x → m", "x ↔ y"]]
    last = found[-1]
    assert [(path["text"], path["blockers"]) for path in last["paths"]] == [("m ← x ↔ y", ["x"])]
    assert "independent given x: every path between them is blocked" in last["separation"]


@pytest.mark.parametrize(
    "graph", [FRONT, NAPKIN, BOW, "dag { z -> x; z -> y; x -> y; u [latent] u -> z; u -> y }"]
)
def test_each_step_names_only_what_is_drawn(graph: str) -> None:
    whole = asked_graph(CausalGraph.parse(graph), Asked("x", "y")).project()
    keys = {f"{e.source} {'→' if e.kind == '->' else '↔'} {e.target}" for e in whole.edges}
    for step in steps(graph):
        assert set(step["cut"]) <= set(step["absent"]) <= keys
        assert set(step["gone"]) <= set(whole.nodes)
        assert all(set(path["edges"]) <= keys for path in step["paths"])
        assert all(path["kind"] == "blocked" for path in step["paths"])


def test_a_step_that_fails_says_what_the_question_is() -> None:
    last = steps(BOW)[-1]
    assert (last["becomes"], text(last["after"])) == ("is", "not identifiable")


def test_separations_in_words() -> None:
    x, y, z = map(frozenset, "xyz")
    assert separation_words(Separation(x, y, z, False), 0) == (
        "In this graph x and y depend on each other given z: a path is open."
    )
    assert separation_words(Separation(x, y, frozenset(), True), 0) == (
        "In this graph x and y are independent: no path joins them."
    )


def test_the_graph_is_drawn_in_its_places_with_the_roles_of_the_question() -> None:
    graph = CausalGraph.parse("dag { u [latent] x [outcome] u -> x; x -> y; z -> y }")
    shown = drawn(asked_graph(graph, Asked("x", "y", adjusted=("z",))))
    roles = {node["name"]: {k for k, v in node.items() if v is True} for node in shown["nodes"]}
    assert roles == {"u": {"latent"}, "x": {"exposure"}, "y": {"outcome"}, "z": {"adjusted"}}
    assert all({"x", "y"} <= set(node) for node in shown["nodes"])
    fixed = unheld(graph, Asked("x", "y", given=("z",)))
    assert set(fixed) == {"u", "x", "y", "z"}


def test_a_judgement_lists_biasing_causal_and_blocked_paths_by_kind() -> None:
    graph = CausalGraph.parse("dag { x <- a -> m <- b -> y; x -> y; x <- z -> y }")
    found = judged(judge(graph, "x", "y", {"m", "z"}))
    kinds = {path["text"]: (path["kind"], path["words"]) for path in found["paths"]}
    assert kinds == {
        "x ← a → m ← b → y": ("biasing", "open: it biases; opened by holding m"),
        "x → y": ("causal", "part of the effect"),
        "x ← z → y": ("blocked", "blocked at z"),
    }
    assert not found["correct"]
    assert "“m”" in found["sentence"]
    held = judged(judge(CausalGraph.parse("dag { x -> m -> y }"), "x", "y", "m"))
    assert held["paths"][0]["words"] == "part of the effect, but blocked at m"


def test_many_paths_leave_room_for_the_causal_ones() -> None:
    many = " ".join(f"x <- z{i} -> y" for i in range(SHOWN[0] + 5))
    found = judged(judge(CausalGraph.parse(f"dag {{ {many} x -> y }}"), "x", "y", ()))
    assert [path["kind"] for path in found["paths"]].count("causal") == 1
    assert found["more"]


def test_a_hedge_names_its_two_forests_and_what_would_help() -> None:
    graph = CausalGraph.parse("dag { x -> z -> y; x <-> z; q -> x }")
    found = identify(graph, "x", "y")
    assert found.hedge is not None
    told = hedge_payload(found.hedge, graph.project())
    assert set(told["gone"]) == {"q", "y"}
    assert told["held"] == ["z"]
    assert told["classes"] == {"x → z": "larger", "x ↔ z": "larger"}
    assert "“z”" in told["sentences"][0]
    assert "set x in an experiment" in told["sentences"][-1]


def test_the_rows_speak_for_a_derivations_terms() -> None:
    frame = pd.DataFrame(
        {"x": [0, 0, 1, 1, 1], "y": ["n", "y", "y", "y", "n"], "z": [0, 0, 0, 0, 1]}
    )
    table = Table.from_frame(frame)
    graph = CausalGraph.parse("dag { z -> x; z -> y; x -> y }")
    found = identify(graph, "x", "y")
    assert found.estimand is not None
    asked = Asked("x", "y", values=(0, 1), level="y")
    told = term_words(table, found.estimand.terms, asked)
    by_name = {str(term): words for term, words in told.items()}
    assert by_name[r"P(y \mid x, z)"] == "P(y = y | x = 1, z = 0) = 1.000, of 2 rows"
    assert by_name["P(z)"] == "P(z = 0) = 0.800, of 5 rows"
    fewer = Table.from_frame(frame[["x", "y"]])
    assert term_words(fewer, found.estimand.terms, asked) == {}
    odd = Asked("x", "y", values=(0, 7), level="y")
    assert len(term_words(table, found.estimand.terms, odd)) == 2
