"""What a person decides about edges: what follows, what is refused, and in which words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_core.discovery.judgement import Say, Verdict, judge, read_verdicts, why_directed
from causal_core.errors import GraphError
from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.graphs.partial import cpdag, oriented
from tests.discovery import worlds

CHAIN = CausalGraph.parse("a -- b -- c -- d; x -> z; y -> z")


def said(graph: CausalGraph) -> set[str]:
    return {str(edge) for edge in graph.edges}


def test_an_arrow_and_what_follows_from_it() -> None:
    found = judge(CHAIN, [Verdict("b", "c", Say.ARROW)])
    assert said(found.graph) == {"a -- b", "b -> c", "c -> d", "x -> z", "y -> z"}
    assert found.followed == {Edge("c", "d")}


def test_an_edge_called_absent_goes_and_directs_nothing() -> None:
    found = judge(CHAIN, [Verdict("b", "c", Say.ABSENT), Verdict("a", "b", Say.ARROW)])
    assert said(found.graph) == {"a -> b", "c -> d", "x -> z", "y -> z"}
    assert "b -> c" in said(found.whole)


def test_an_accepted_edge_stays_as_it_is() -> None:
    found = judge(CHAIN, [Verdict("a", "b", Say.KEPT)])
    assert found.graph == CHAIN
    assert frozenset("ab") in found.verdicts


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ([("a", "b"), ("d", "c")], "does not go with the other arrows that you drew: “c → d”"),
        ([("z", "x")], "leave “y” and “x” no common effect"),
        ([("a", "d")], "no edge between “a” and “d”"),
    ],
)
def test_what_cannot_be_is_refused_in_words(verdicts: list[tuple[str, str]], words: str) -> None:
    with pytest.raises(GraphError, match=words):
        judge(CHAIN, [Verdict(*pair, Say.ARROW) for pair in verdicts])


def test_why_an_arrow_stands() -> None:
    triangle = CausalGraph.parse("a -> c; b -> c; c -> d; a -> d")
    assert "close a circle through “c”" in why_directed(triangle, Edge("a", "d"))
    after = CausalGraph.parse("a -> c; b -> c; c -> d")
    assert "make “c” a common effect of “d” and “a”" in why_directed(after, Edge("c", "d"))


@pytest.mark.parametrize("told", [None, [["a", "b"]], [["a", "b", "maybe"]], "ab", [3]])
def test_what_is_no_verdict_is_refused(told: object) -> None:
    with pytest.raises(GraphError, match="no verdicts"):
        read_verdicts(told)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=60)
def test_arrows_one_by_one_are_what_the_rules_say(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = worlds.named(worlds.graph(6, 3, rng))
    graph = cpdag(truth)
    arrows = [(e.source, e.target) for e in truth.edges if e not in graph.edges]
    chosen = [arrows[i] for i in rng.permutation(len(arrows))[:3]]
    found = judge(graph, [Verdict(*pair, Say.ARROW) for pair in chosen])
    assert found.graph == oriented(graph, chosen)
    assert found.followed.isdisjoint({Edge(*pair) for pair in chosen})
    assert {e for e in found.graph.edges if e.kind == "->"} <= set(truth.edges)
