"""Dagitty text: what it means, what is refused and where, and that printing loses nothing."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from causal_core.errors import CycleError, GraphSyntaxError, LimitError, RungsError
from causal_core.graphs.graph import CausalGraph, Edge
from tests.graphs.random_graphs import graphs


def edges(text: str) -> set[str]:
    return {str(edge) for edge in CausalGraph.parse(text).edges}


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(graphs())
def test_parsing_what_was_printed_gives_the_same_graph(graph: CausalGraph) -> None:
    twin = CausalGraph.parse(graph.to_dagitty())
    assert twin == graph
    assert twin.positions == graph.positions
    assert twin.to_dagitty() == graph.to_dagitty()


@settings(max_examples=500)
@given(st.text(st.sampled_from('ab" \n{}[];,=<->@-/*#\\.latentpos"dag1é'), max_size=40))
def test_any_text_gives_a_graph_or_one_sentence_with_a_place(text: str) -> None:
    with suppress(RungsError):
        CausalGraph.parse(text)
        return
    with pytest.raises(RungsError) as caught:
        CausalGraph.parse(text)
    assert caught.value.what
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dag { a -> b -> c }", {"a -> b", "b -> c"}),
        ("dag { a -> {b c} <- d }", {"a -> b", "a -> c", "d -> b", "d -> c"}),
        ("dag{a<-b}", {"b -> a"}),
        ("pdag { a -- b; c <-> a }", {"a -- b", "a <-> c"}),
        ("pag { a @-> b @-@ c <-@ d }", {"a o-> b", "b o-o c", "d o-> c"}),
        ('mag "my graph" { a -> b }', {"a -> b"}),
        ("a -> b\nb -> c", {"a -> b", "b -> c"}),
        ("a\n->\nb // the end\n# more\n/* and\nmore */ b -> c", {"a -> b", "b -> c"}),
        ('dag { a -> b [beta=-0.5, pos="0.1,2"] }', {"a -> b"}),
        ('dag { bb="-5,-5,5,5" a -> b }', {"a -> b"}),
        ("dag { {a; b}, -> c }", None),
        ("dag { größe -> 身長 }", {"größe -> 身長"}),
    ],
)
def test_arrows_chains_and_groups(text: str, expected: set[str] | None) -> None:
    if expected is None:
        with pytest.raises(GraphSyntaxError):
            CausalGraph.parse(text)
    else:
        assert edges(text) == expected


def test_attributes_become_roles_and_positions() -> None:
    graph = CausalGraph.parse(
        'dag { x [exposure,pos="-1.5,0.25"] y [outcome, pos="2,3e-1"]\n u [latent] {v w} [l] x->y }'
    )
    assert graph.exposures == {"x"}
    assert graph.outcomes == {"y"}
    assert graph.latent == {"u", "v", "w"}
    assert graph.positions == {"x": (-1.5, 0.25), "y": (2.0, 0.3)}


def test_latents_can_be_listed_bare() -> None:
    graph = CausalGraph.parse("dag {\n latent u v\n u -> x\n v -> y }")
    assert graph.latent == {"u", "v"}
    assert graph.observed == ("x", "y")
    plain = CausalGraph.parse("latent -> x")
    assert plain.nodes == ("latent", "x")
    assert not plain.latent


def test_quoted_names_hold_anything() -> None:
    graph = CausalGraph.parse('dag { "blood pressure" -> "say \\"hi\\" \\\\ {x} -> y" }')
    assert graph.edges == (Edge("blood pressure", 'say "hi" \\ {x} -> y'),)


@pytest.mark.parametrize(
    ("text", "line", "column", "what"),
    [
        ("", 1, 1, "no graph"),
        ("dag { x -> }", 1, 12, "name"),
        ("dag {\n  x -> y", 1, 5, "never closed"),
        ("dag {\n  x -> {y z\n", 2, 8, "never closed"),
        ("dag { x -> y } z", 1, 16, "after"),
        ("x -> y\nage-group -> y", 2, 4, "cannot stand"),
        ("x -> y\n y -> y", 2, 4, "itself"),
        ('x [pos="left"]', 1, 8, "two numbers"),
        ('x [pos="nan,1"]', 1, 8, "two numbers"),
        ("x [pos]", 1, 4, "two numbers"),
        ("x [latent", 1, 3, "never closed"),
        ('a -> "b', 1, 6, "quote"),
        ('a -> ""', 1, 6, "no name"),
        ("x -> -> y", 1, 6, "where a name"),
        ("dag { x -> y; & }", 1, 15, "cannot stand"),
    ],
)
def test_an_error_names_line_column_and_remedy(
    text: str, line: int, column: int, what: str
) -> None:
    with pytest.raises(GraphSyntaxError, match=what) as caught:
        CausalGraph.parse(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.remedy
    assert f"Line {line}, column {column}" in str(caught.value)


def test_a_pasted_cycle_is_named() -> None:
    with pytest.raises(CycleError, match="a → b → a"):
        CausalGraph.parse("a -> b -> a")


def test_a_huge_text_stops_at_the_limit_of_nodes() -> None:
    with pytest.raises(LimitError):
        CausalGraph.parse(" ".join(f"n{i}" for i in range(100_000)))
