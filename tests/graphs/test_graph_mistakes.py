"""A mistake in the text of a graph is named with its line and column, in every format."""

from __future__ import annotations

import pytest

from causal_core.errors import CycleError, GraphError, GraphSyntaxError
from causal_core.graphs.formats import FORMATS, read_graph


@pytest.mark.parametrize(
    ("format", "text", "line", "column", "what"),
    [
        ("dot", "digraph {\n  a -> \n}", 3, 1, "where a name"),
        ("dot", "digraph { a -> b", 1, 9, "never closed"),
        ("dot", "digraph { a -- b }", 1, 13, "does not join"),
        ("dot", "graph { a -> b }", 1, 11, "does not join"),
        ("dot", "digraph { a -> a }", 1, 13, "itself"),
        ("dot", 'digraph { a [label="x] }', 1, 20, "quote"),
        ("dot", "digraph { a -> b [dir=both, arrowtail=odot, arrowhead=none] }", 1, 13, "circle"),
        ("dot", "digraph { } digraph { }", 1, 13, "after"),
        ("dot", "hello", 1, 1, "no graph"),
        ("dot", 'digraph { a [pos="1"] }', 1, 18, "two numbers"),
        ("gml", "graph [\n node [ label ]\n]", 2, 15, "no value"),
        ("gml", "graph [ node [ id 0 ] edge [ source 0 target 7 ] ]", 1, 46, "id “7”"),
        ("gml", "graph [ node [ id 0 ] node [ id 0 ] ]", 1, 33, "two nodes"),
        ("gml", "graph [ node [ id 0 ]", 1, 7, "never closed"),
        ("gml", "graph [ ] ]", 1, 11, "closes nothing"),
        ("gml", "graph [ node [ ] ]", 1, 14, "no id"),
        ("gml", "node [ id 0 ]", 1, 1, "no graph"),
        ("json", '{"nodes": [],\n "edges": [}', 2, 12, "no JSON"),
        ("json", '{"nodes": [{"name": "a"}],\n"edges": [{"source": "b"}]}', 2, 22, "“b”"),
        ("json", '{"edges": []}', 1, 1, "“nodes” is missing"),
        ("json", '{"nodes": [{}], "edges": []}', 1, 12, "“name” is missing"),
        ("node-link", '{"nodes": [{"id": [1]}], "links": []}', 1, 19, "no name"),
        ("node-link", '{"nodes": [{"id": 1}, {"id": 1}], "links": []}', 1, 23, "two nodes"),
        ("node-link", '[1, 2]', 1, 1, "an object"),
        ("lavaan", "y ~ x\ny ~ a*", 2, 7, "should follow"),
        ("lavaan", "y ~ x z", 1, 7, "line should end"),
        ("lavaan", "y ~ x:z", 1, 5, "product"),
        ("lavaan", "y <~ x", 1, 3, "composite"),
        ("lavaan", "just words", 1, 6, "operator"),
        ("lavaan", "y ~ c(a, b*x", 1, 6, "never closed"),
        ("lavaan", "# nothing", 1, 10, "no model"),
        ("bif", "variable a { }\nprobability ( b | a ) { }", 2, 15, "no variable"),
        ("bif", "variable a { }\nvariable a { }", 2, 10, "two variables"),
        ("bif", "variable a { type discrete [2] { x, y };", 1, 12, "never closed"),
        ("bif", "nothing", 1, 1, "block should begin"),
        ("edges", "a -> b\nb ->", 2, 5, "name should follow"),
        ("edges", 'a -> b\n"b" c', 2, 5, "line should end"),
        ("edges", "source,target,kind\na,b,=>", 2, 5, "no kind"),
        ("edges", "a,b,->,7", 1, 8, "three cells"),
        ("edges", 'a,"b', 1, 3, "never closed"),
        ("adjacency", "a,b\n0,2\n0,0", 2, 3, "neither 0 nor 1"),
        ("adjacency", "a,b\n0,1\n0", 3, 1, "1 cells"),
        ("adjacency", "a,a\n0,0\n0,0", 1, 3, "two nodes"),
        ("adjacency", ",a,b\na,0,0\nc,0,0", 3, 1, "“c” stands"),
        ("adjacency", "a,b\n1,0\n0,0", 2, 1, "itself"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_line_and_column(
    format: str, text: str, line: int, column: int, what: str
) -> None:
    with pytest.raises(GraphSyntaxError, match=what) as caught:
        read_graph(text, format, "row-to-column")
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "text",
    ["digraph { a -> b -> a }", "a ~ b\nb ~ a", "source,target\na,b\nb,a", "a -> b\nb -> a"],
)
def test_a_cycle_is_named_in_every_format(text: str) -> None:
    with pytest.raises(CycleError, match=r"a → b → a|b → a → b"):
        read_graph(text)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(GraphError, match="Choose one of: dagitty, dot"):
        read_graph("a -> b", "docx")
    assert len(FORMATS) == 9
