"""Texts as dagitty.net, Graphviz, networkx, igraph, dowhy, lavaan and bnlearn write them."""

from __future__ import annotations

import json
from collections.abc import Iterable

import networkx
import pytest

from causal_core.errors import OrientationNeeded
from causal_core.graphs.formats import read_graph, sniff, write_graph
from causal_core.graphs.graph import CausalGraph, Edge


def read(text: str, format: str, **how: str) -> CausalGraph:
    """The graph of a text that is also recognised as this format."""
    assert sniff(text) == format
    assert read_graph(text, format, **how) == read_graph(text, **how)
    return read_graph(text, **how)


def edges(graph: CausalGraph) -> set[str]:
    return {str(edge) for edge in graph.edges}


DAGITTY = """dag {
bb="-2.2,-2.5,2.1,1.5"
"Birth weight" [outcome,pos="1.500,0.750"]
Smoking [exposure,pos="-1.200,0.500"]
Stress [latent,pos="0.100,-1.900"]
Age [adjusted,pos="0.000,1.000"]
Hospital [selected,pos="0.900,1.400"]
"Birth weight" -> Hospital
Age -> "Birth weight"
Smoking -> "Birth weight" [beta=-0.5,pos="0.2,0.3"]
Smoking <-> Age [pos="-0.800,0.900"]
Stress -> Smoking
}
"""


def test_dagitty_net() -> None:
    graph = read(DAGITTY, "dagitty")
    assert edges(graph) == {
        "Age -> Birth weight",
        "Smoking -> Birth weight",
        "Age <-> Smoking",
        "Stress -> Smoking",
        "Birth weight -> Hospital",
    }
    assert (graph.exposures, graph.outcomes) == ({"Smoking"}, {"Birth weight"})
    assert (graph.latent, graph.adjusted, graph.selected) == ({"Stress"}, {"Age"}, {"Hospital"})
    assert graph.positions["Smoking"] == (-1.2, 0.5)


def test_dagitty_circles_nested_groups_and_notes() -> None:
    graph = read(
        'pag { a @-> {b -> c} "d" + "e" @-@ a [note="seen in 2 \\"trials\\""] }', "dagitty"
    )
    assert edges(graph) == {"a o-> b", "a o-> c", "b -> c", "a o-o de"}
    assert graph.notes == {("a", "de"): 'seen in 2 "trials"'}
    apart = CausalGraph(("x", "y"), notes={("x", "y"): "a trial\nfound none"})
    assert (
        'note="[\\"x\\", \\"y\\"' in apart.to_dagitty()
    )  # a setting, which dagitty.net passes over
    assert CausalGraph.parse(apart.to_dagitty()).notes == apart.notes


def test_letters_that_dagitty_net_takes_only_in_quotes_are_quoted() -> None:
    assert '"größe" -> y' in CausalGraph.parse("größe -> y").to_dagitty()


DOT = r"""/* made by hand */
strict digraph "G" {
  graph [bb="0,0,54,108", rankdir=LR];
  node [shape=ellipse, label="\N"]; edge [color="#333333"]
  subgraph cluster_0 { label = "causes"; node [style="dashed,filled"]; u1; u2 }
  a [label=<<b>A</b> &#945;>, pos="27,90", height=0.5];
  "blood pressure" [exposure=true];  // a comment
# a line of a preprocessor
  {a u1} -> "blood pressure" -> c:n [weight=2, label="a long \
label"];
  c -> d [dir=back]; a -> d [dir=both]
  a -> e [dir=both arrowtail=odot]; d -> f [dir=both, arrowhead=odot, arrowtail=odot];
  e -> f [style=invis]
  c -> "long " + "name" [dir=none];
}
"""


def test_graphviz() -> None:
    graph = read(DOT, "dot")
    assert edges(graph) == {
        "a -> blood pressure",
        "u1 -> blood pressure",
        "blood pressure -> c",
        "d -> c",
        "a <-> d",
        "a o-> e",
        "d o-o f",
        "c -- long name",
    }
    assert graph.latent == {"u1", "u2"}
    assert graph.exposures == {"blood pressure"}
    assert graph.positions == {"a": (27.0, -90.0)}


def test_defaults_of_dot_count_at_a_nodes_first_mention() -> None:
    text = 'digraph { "a\\\\" -> b; node [style=dashed]; "a\\\\" [color=red]; u; v [style=solid] }'
    assert read(text, "dot").latent == {"u"}


def test_undirected_dot() -> None:
    assert edges(read("graph { a -- b -- {c; d} }", "dot")) == {"a -- b", "b -- c", "b -- d"}


def test_dowhy_dot() -> None:
    text = 'digraph {v0;y; U[label="Unobserved Confounders", observed="no"]; U->v0; U->y; v0->y;}'
    assert read(text, "dot").latent == {"U"}


def test_dagitty_under_graphviz_words() -> None:
    assert read("digraph { x [latent] x <-> y }", "dagitty").latent == {"x"}


NETWORKX_GML = """graph [
  directed 1
  node [
    id 0
    label "blood &#38; pressure"
    latent 1
  ]
  node [
    id 1
    label "stroke"
    graphics [ x 1.5 y -2 w 30 ]
  ]
  edge [
    source 0
    target 1
    weight 0.5
  ]
]
"""


def test_networkx_gml() -> None:
    graph = read(NETWORKX_GML, "gml")
    assert edges(graph) == {"blood & pressure -> stroke"}
    assert graph.latent == {"blood & pressure"}
    assert graph.positions == {"stroke": (1.5, -2.0)}


def test_dowhy_and_igraph_gml() -> None:
    dowhy = (
        'graph[directed 1 node[ id "X" label "X"]node[ id "Y" label "Y"]'
        'edge[source "X" target "Y"]]'
    )
    assert edges(read(dowhy, "gml")) == {"X -> Y"}
    igraph = (
        'Creator "igraph version 0.10"\nVersion 1\ngraph\n[\n  directed 0\n  node\n  [\n    id 0\n'
        '    name "a"\n  ]\n  node\n  [\n    id 1\n    name "b"\n  ]\n'
        "  edge\n  [\n    source 1\n    target 0\n  ]\n]\n"
    )
    assert edges(read(igraph, "gml")) == {"a -- b"}


HOSTILE = CausalGraph(
    ('a "quoted" & <b>', "line\nbreak", "身長", "d"),
    (
        Edge('a "quoted" & <b>', "line\nbreak"),
        Edge('a "quoted" & <b>', "line\nbreak", "<->"),
        Edge("身長", "d", "o->"),
    ),
    latent="d",
    notes={("d", "身長"): "why", ('a "quoted" & <b>', "d"): "why not"},
)


def drawn(graph: networkx.Graph) -> set[tuple[str, str, str]]:
    return {(a, b, given["kind"]) for a, b, given in graph.edges(data=True)}


def wanted(graph: CausalGraph) -> set[tuple[str, str, str]]:
    return {(edge.source, edge.target, edge.kind) for edge in graph.edges}


def test_networkx_reads_our_gml_and_we_what_it_writes() -> None:
    theirs = networkx.parse_gml(write_graph(HOSTILE, "gml"))
    assert drawn(theirs) == wanted(HOSTILE)
    assert read("\n".join(networkx.generate_gml(theirs)), "gml") == HOSTILE


@pytest.mark.parametrize("key", ["edges", "links"])
def test_through_networkx_and_back(key: str) -> None:
    record = json.loads(write_graph(HOSTILE, "node-link"))
    theirs = networkx.node_link_graph(record)
    assert drawn(theirs) == wanted(HOSTILE)
    text = json.dumps(networkx.node_link_data(theirs, edges=key))
    twin = read(text, "node-link")
    assert twin == HOSTILE
    assert twin.notes == HOSTILE.notes


@pytest.mark.parametrize("kind", [networkx.DiGraph, networkx.Graph, networkx.MultiDiGraph])
def test_plain_networkx_graphs(kind: type[networkx.Graph]) -> None:
    theirs = kind([(1, 2), (2, 3)])
    arrow = "->" if theirs.is_directed() else "--"
    graph = read(json.dumps(networkx.node_link_data(theirs)), "node-link")
    assert graph.nodes == ("1", "2", "3")
    assert edges(graph) == {f"1 {arrow} 2", f"2 {arrow} 3"}


def test_our_json() -> None:
    assert read(HOSTILE.to_json(), "json") == HOSTILE


LAVAAN = """
 # measurement model
   ind60 =~ x1 + x2 + x3
   dem60 =~ y1 + a*y2 + b*y3 +
            c(c1, c1)*y4
 # regressions
   dem60 ~ 0.5*ind60 + start(0.8)*age
   age ~ 1 ; y1 + y2 ~ age      ! intercept, and two at once
 # residual correlations
   y1 ~~ y3
     + y4
   y1 ~~ y1
   alone ~~ 1*alone
   indirect := a*b
   a > 0
   b == a
   y4 | t1 + t2
"""


def test_lavaan() -> None:
    graph = read(LAVAAN, "lavaan")
    assert graph.latent == {"ind60", "dem60"}
    assert edges(graph) == {
        *(f"ind60 -> {x}" for x in ("x1", "x2", "x3", "dem60")),
        *(f"dem60 -> {y}" for y in ("y1", "y2", "y3", "y4")),
        *("age -> dem60", "age -> y1", "age -> y2", "y1 <-> y3", "y1 <-> y4"),
    }
    assert "alone" in graph.nodes


def test_lavaan_is_written_as_lavaan_says_it() -> None:
    graph = CausalGraph.parse("dag { f [latent] f -> {x y} z -> f x <-> y  w }")
    assert write_graph(graph, "lavaan") == "f =~ x + y\nf ~ z\nx ~~ y\nw ~~ w\n"


BIF = """network asia {
}
variable asia {
  type discrete [ 2 ] { yes, no };
}
variable tub {
  type discrete [ 2 ] { yes, no };
  property position = (73, 165) ;
}
variable lung.x1 { type discrete [ 2 ] { yes, no }; }
variable either { type discrete [ 2 ] { yes, no }; }
probability ( asia ) {
  table 0.01, 0.99;
}
probability ( tub | asia ) {
  (yes) 0.05, 0.95;
  (no) 0.01, 0.99;
}
probability ( either | lung.x1, tub ) { // old writers leave out the bar
  (yes, yes) 1.0, 0.0;
  default 0.5, 0.5;
}
"""


def test_bnlearn_bif() -> None:
    graph = read(BIF, "bif")
    assert graph.nodes == ("asia", "tub", "lung.x1", "either")
    assert edges(graph) == {"asia -> tub", "lung.x1 -> either", "tub -> either"}
    assert edges(read_graph("variable a {} variable b {} probability(b, a) {}")) == {"a -> b"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("blood pressure -> stroke\nage → stroke", {"blood pressure -> stroke", "age -> stroke"}),
        ("a <-> b\n# a comment\n\nb <- c o-> d\nalone", {"a <-> b", "c -> b", "c o-> d"}),
        ("a-1 -> b\nzoo-ozone -> b", {"a-1 -> b", "zoo-ozone -> b"}),
        ("source,target\na,b\nb,c", {"a -> b", "b -> c"}),
        ("From;To;Type\na;b;undirected\nb;c;Directed", {"a -- b", "b -> c"}),
        ('cause\teffect\tkind\n"a, b"\tc\t<->\nd\t\t', {"a, b <-> c"}),
        ("a,b\nb,c,--\n", {"a -> b", "b -- c"}),
        ('"say ""hi""",y\n', {'say "hi" -> y'}),
    ],
)
def test_lists_of_edges(text: str, expected: set[str]) -> None:
    assert edges(read(text, "edges")) == expected


R_MATRIX = '"","A","B","C"\n"A",0,1,1\n"B",0,0,1\n"C",0,0,0\n'


def test_an_asymmetric_matrix_is_asked_which_way_it_reads() -> None:
    assert sniff(R_MATRIX) == "adjacency"
    with pytest.raises(OrientationNeeded, match=r"row causes the column.*column causes the row"):
        read_graph(R_MATRIX)
    rows = read(R_MATRIX, "adjacency", orientation="row-to-column")
    assert edges(rows) == {"A -> B", "A -> C", "B -> C"}
    columns = read_graph(R_MATRIX, orientation="column-to-row")
    assert edges(columns) == {"B -> A", "C -> A", "C -> B"}


@pytest.mark.parametrize(
    ("text", "nodes", "expected"),
    [
        ("a,b,c\n0,1,0\n1,0,1\n0,1,0", "abc", {"a -- b", "b -- c"}),
        ("0;1\n1;0", ("x1", "x2"), {"x1 -- x2"}),
        ("a\tb\nFALSE\tTRUE\nTRUE\tFALSE", "ab", {"a -- b"}),
        ("from\\to,a,b\na,0,1\nb,0,0", "ab", {"a -> b"}),
        ("to\\from,a,b\na,0,1\nb,0,0", "ab", {"b -> a"}),
        ("a,b\na,0,0\nb,0,0", "ab", set()),
    ],
)
def test_matrices_that_need_no_question(
    text: str, nodes: Iterable[str], expected: set[str]
) -> None:
    graph = read(text, "adjacency")
    assert graph.nodes == tuple(nodes)
    assert edges(graph) == expected
