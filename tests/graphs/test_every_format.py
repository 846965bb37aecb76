"""What holds for every format of graphs: nothing is lost, nothing breaks the reader."""

from __future__ import annotations

import string
import time
from contextlib import suppress
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from causal_core.errors import GraphError, RungsError
from causal_core.graphs.formats import FORMATS, read_graph, sniff, write_graph
from causal_core.graphs.formats.format import Format
from causal_core.graphs.graph import ROLES, CausalGraph, Edge
from causal_core.limits import limit
from tests.graphs.monsters import monsters
from tests.graphs.random_graphs import PLACES

GRAPHS = 560  # times nine formats: 5,040 round trips
SAFE = [f"{letter}{number}" for letter in "abc" for number in range(2)]
AWKWARD = [
    "node", "graph", "digraph", "subgraph", "strict", "edge", "dag", "latent", "exposure",
    "label", "id", "kind", "note", "variable", "table", "probability", "source", "target", "kind",
    "from\\to", "NA", "if", "TRUE", "name", "pos", "0", "1", "-1", "1.5", ".2", "->", "<->",
    "o-o", "~", "=~", "{}", "[]", '"', '""', "\\", '\\"', "\\n", "\\\\", "#", "//", "/*", "*/",
    ";", ",", ":", "|", "(", ")", "+", "*", "=", "!", "@", "&", "&amp;", "&#10;", "&quot;",
    "<b>x</b>", "é", "身長", "🙂",
]  # fmt: skip
CHARACTERS = st.characters(codec="utf-8")
NAMES = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(st.sampled_from("ab \n\r\t\"'\\->~#,;={}[]é"), min_size=1, max_size=6),
    st.text(CHARACTERS, min_size=1, max_size=6),
).filter(str.strip)
PAIRS = st.sampled_from([(), (), ("->",), ("->", "<->"), ("<->",), ("--",), ("o->",), ("o-o",)])


@st.composite
def graphs(draw: st.DrawFn) -> CausalGraph:
    """Graphs with everything that one can have, under hostile names."""
    nodes = draw(st.lists(NAMES, unique=True, max_size=5))
    pairs = list(combinations(nodes, 2))
    kinds = draw(st.lists(PAIRS, min_size=len(pairs), max_size=len(pairs)))
    edges = [Edge(*pair, kind) for pair, there in zip(pairs, kinds) for kind in there]
    some = st.frozensets(st.sampled_from(nodes)) if nodes else st.just(frozenset())
    noted = draw(st.sets(st.sampled_from(pairs), max_size=2)) if pairs else set()
    return CausalGraph(
        tuple(draw(st.permutations(nodes))),
        tuple(edges),
        positions={name: draw(PLACES) for name in sorted(draw(some))},
        notes={pair: draw(NAMES) for pair in sorted(noted)},
        **{role: draw(some) for role in ROLES},
    )


def fitting(graph: CausalGraph, format: Format) -> CausalGraph:
    """`graph` without what the format cannot hold."""
    if format.names:
        called = dict(zip(graph.nodes, SAFE))
        for old, new in called.items():
            if not format.names.fullmatch(old) or old in format.reserved:
                graph = graph.rename(old, f"safe_{new}")
    graph = replace(graph, edges=tuple(e for e in graph.edges if e.kind in format.kinds))
    if not format.latent:
        graph = replace(graph, latent=frozenset())
    if format.key == "lavaan":
        graph = replace(graph, latent=frozenset(n for n in graph.latent if graph.children(n)))
    if "roles" not in format.besides:
        graph = replace(graph, **{r: frozenset() for r in ROLES if r != "latent"})
    return graph


@settings(max_examples=GRAPHS, suppress_health_check=list(HealthCheck))
@given(graphs())
def test_every_format_gives_back_what_it_was_given(graph: CausalGraph) -> None:
    for key, format in FORMATS.items():
        held = fitting(graph, format)
        if format.refusal(held):
            assert (key, held.nodes) == ("lavaan", ())
            continue
        text = write_graph(held, key)
        assert sniff(text) == key
        twin = read_graph(text)
        if key == "lavaan":  # which has no declarations, so nodes come in order of appearance
            assert twin.claims == held.claims
        else:
            assert twin == held
        if "positions" in format.besides:
            assert twin.positions == held.positions
        if "notes" in format.besides:
            assert twin.notes == held.notes


@pytest.mark.parametrize("key", FORMATS)
@pytest.mark.parametrize("kind", ["->", "<->", "--", "o->", "o-o"])
def test_an_edge_is_held_or_refused_by_name(key: str, kind: str) -> None:
    graph = CausalGraph(("x", "y"), (Edge("x", "y", kind),))
    if kind in FORMATS[key].kinds:
        assert read_graph(write_graph(graph, key)).edges == graph.edges
        return
    with pytest.raises(GraphError, match=f"cannot hold “x {kind} y”.*dagitty"):
        write_graph(graph, key)


@pytest.mark.parametrize(
    ("key", "graph", "said"),
    [
        ("bif", CausalGraph(("u", "x"), latent="u"), "the latent node “u”"),
        ("edges", CausalGraph(("u", "x"), latent="u"), "the latent node “u”"),
        ("adjacency", CausalGraph(("u", "x"), latent="u"), "the latent node “u”"),
        ("lavaan", CausalGraph(("u", "x"), latent="u"), "“u” without an arrow"),
        ("lavaan", CausalGraph(("blood pressure",)), "the name “blood pressure”"),
        ("lavaan", CausalGraph(("TRUE",)), "the name “TRUE”"),
        ("lavaan", CausalGraph(), "an empty graph"),
        ("bif", CausalGraph(("a b",)), "the name “a b”"),
        ("bif", CausalGraph(("variable",)), "the name “variable”"),
        ("edges", CausalGraph(("=1+1",)), "the name “=1+1”"),
        ("adjacency", CausalGraph((" @x",)), "the name “ @x”"),
        ("word", CausalGraph(), "“word” is no format"),
    ],
)
def test_what_a_format_cannot_hold_is_refused(key: str, graph: CausalGraph, said: str) -> None:
    with pytest.raises(GraphError) as caught:
        write_graph(graph, key)
    assert said in caught.value.what
    assert caught.value.remedy


def test_what_is_left_out_is_said() -> None:
    graph = CausalGraph(("x", "y"), exposures="x", positions={"x": (0, 0)}, notes={("x", "y"): "?"})
    assert FORMATS["bif"].left_out(graph) == ("roles", "positions", "notes")
    assert FORMATS["dot"].left_out(graph) == ()


LANGUAGE = st.sampled_from(
    [*AWKWARD, " ", " ", "\n", "a", "b", "c", ",", "->", "--", "<->", "@->", "~", "=~", "graph",
     "digraph {", "dag {", "}", "[", "]", "graph [", "node [", "id", "label", '"', "edge [",
     "source", "target", "variable a {", "probability (", '{"nodes":', '[{"id":', "}]", ":", "0,1",
     "1,0", "\t", ";", "style=dashed", 'pos="1,2"', "comment", "subgraph", "a*", "c(", "\r\n",
     "\ufeff", "source,target\n", "from\\to,"]
)  # fmt: skip


@settings(max_examples=1000)
@given(
    st.one_of(
        st.lists(LANGUAGE, max_size=30).map("".join),
        st.lists(LANGUAGE, max_size=30).map(" ".join),
        st.text(max_size=60),
        st.text(st.sampled_from(string.printable), max_size=60),
    ),
    st.sampled_from(["auto", *FORMATS]),
    st.sampled_from([None, "row-to-column", "column-to-row"]),
)
def test_any_text_gives_a_graph_or_one_sentence(text: str, format: str, way: str | None) -> None:
    with suppress(RungsError):
        graph = read_graph(text, format, way)
        graph.to_json().encode()  # what the store must be able to hold
        return
    with pytest.raises(RungsError) as caught:
        read_graph(text, format, way)
    assert caught.value.what
    assert caught.value.remedy


@pytest.mark.parametrize(("name", "text"), monsters(100_000).items())
def test_a_monster_ends_soon(name: str, text: str) -> None:
    begun = time.process_time()
    with suppress(RungsError):
        read_graph(text)
    # Some 0.1 s; what takes the square of the length takes minutes. A megabyte: tests/soak.
    assert time.process_time() - begun < 10, name


def test_a_text_beyond_the_limit_is_refused() -> None:
    with pytest.raises(RungsError, match="the limit is"):
        read_graph("a" * (limit("graph_text") + 1))
