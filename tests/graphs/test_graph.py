"""The graph refuses what means nothing, keeps what it is told and projects latents away."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace

import networkx as nx
import pytest
from hypothesis import given

from causal_core.errors import CycleError, GraphError, LimitError, RungsError
from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.graphs.separation import m_separated
from tests.graphs.random_graphs import graphs, random_admg


def test_a_cycle_is_refused_with_its_path() -> None:
    with pytest.raises(CycleError) as caught:
        CausalGraph.from_edges([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")])
    assert caught.value.path == ("a", "b", "c", "a")
    assert "a → b → c → a" in str(caught.value)


def test_the_shortest_cycle_is_named() -> None:
    with pytest.raises(CycleError) as caught:
        CausalGraph.from_edges([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "c")])
    assert caught.value.path == ("c", "d", "c")


@pytest.mark.parametrize(
    ("edge", "word"),
    [(("a", "b", "<-"), "kind"), (("a", "b", ""), "kind"), (("a", "a", "->"), "itself")],
)
def test_an_edge_that_means_nothing_is_refused(edge: tuple[str, str, str], word: str) -> None:
    with pytest.raises(GraphError, match=word):
        Edge(*edge)


def test_unknown_ends_empty_names_and_twins_are_refused() -> None:
    with pytest.raises(GraphError, match="Did you mean “income”"):
        CausalGraph(("income", "y"), (Edge("incom", "y"),))
    with pytest.raises(GraphError, match="no name"):
        CausalGraph((" ",))
    with pytest.raises(GraphError, match="Two nodes"):
        CausalGraph(("a", "b", "a"))
    with pytest.raises(GraphError, match="no node"):
        CausalGraph(("a",), latent=frozenset({"b"}))


def test_edges_are_merged_and_symmetric_ones_sorted() -> None:
    graph = CausalGraph.from_edges([("a", "b"), ("a", "b")], [("b", "a"), ("a", "b")])
    assert graph.edges == (Edge("a", "b"), Edge("a", "b", "<->"))
    assert Edge("b", "a", "o-o") == Edge("a", "b", "o-o")


def test_an_open_edge_excludes_any_other() -> None:
    with pytest.raises(GraphError, match="contradict"):
        CausalGraph(("a", "b"), (Edge("a", "b"), Edge("a", "b", "--")))


def test_more_nodes_than_the_limit_are_refused() -> None:
    CausalGraph(tuple(f"n{i}" for i in range(60)))
    with pytest.raises(LimitError, match="201 nodes"):
        CausalGraph(tuple(f"n{i}" for i in range(201)))


@given(graphs())
def test_json_and_pickle_lose_nothing(graph: CausalGraph) -> None:
    for twin in (
        CausalGraph.from_json(graph.to_json()),
        pickle.loads(pickle.dumps(graph)),
        copy.deepcopy(graph),
    ):
        assert twin == graph
        assert twin.positions == graph.positions
        assert hash(twin) == hash(graph)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"nodes": 3, "edges": []}',
        '{"nodes": [{"name": "a"}]}',
        '{"nodes": ["a"], "edges": []}',
        '{"nodes": [{"name":"a","x":"left"}],"edges":[]}',
        '{"nodes": [{"name":"a","x":NaN,"y":0}],"edges":[]}',
        '{"nodes": [{"name":"a"}],"edges":[{"source":"a","target":"b","kind":"->"}]}',
        '{"nodes": [[]], "edges": [[]]}',
        "null",
        '"x"',
        "[" * 100_000,
    ],
)
def test_json_that_is_no_graph_is_one_sentence(text: str) -> None:
    with pytest.raises(RungsError) as caught:
        CausalGraph.from_json(text)
    assert caught.value.what


def test_positions_are_kept_but_are_no_part_of_equality() -> None:
    plain = CausalGraph(("a",))
    placed = CausalGraph(("a",), positions={"a": (1, 2), "gone": (0, 0)})
    assert placed == plain
    assert placed.positions == {"a": (1.0, 2.0)}
    with pytest.raises(TypeError):
        placed.positions["a"] = (0.0, 0.0)  # type: ignore[index]


def test_family_relations() -> None:
    graph = CausalGraph.parse("dag { z -> x; z -> y; x -> m -> y; x <-> w; w <-> v; u [latent] }")
    assert graph.parents("y") == {"z", "m"}
    assert graph.children("z") == {"x", "y"}
    assert graph.siblings("w") == {"x", "v"}
    assert graph.ancestors("m") == {"m", "x", "z"}
    assert graph.descendants({"x", "v"}) == {"x", "m", "y", "v"}
    assert frozenset({"x", "w", "v"}) in graph.districts
    assert graph.observed == ("z", "x", "y", "m", "w", "v")
    with pytest.raises(GraphError):
        graph.parents("nobody")


@pytest.mark.parametrize("seed", range(50))
def test_order_and_reach_agree_with_networkx(seed: int) -> None:
    graph = random_admg(seed, most=12)
    mirror = nx.DiGraph([(e.source, e.target) for e in graph.edges if e.kind == "->"])
    mirror.add_nodes_from(graph.nodes)
    place = {name: index for index, name in enumerate(graph.topological_order)}
    assert all(place[source] < place[target] for source, target in mirror.edges)
    for name in graph.nodes:
        assert graph.descendants(name) == nx.descendants(mirror, name) | {name}
        assert graph.ancestors(name) == nx.ancestors(mirror, name) | {name}


def test_adding_removing_and_reversing_give_new_graphs() -> None:
    graph = CausalGraph.from_edges([("a", "b"), ("b", "c")], nodes=("a", "b", "c"))
    assert graph.add(Edge("a", "d")).nodes == ("a", "b", "c", "d")
    assert graph.add("e").observed[-1] == "e"
    assert graph.remove("b").edges == ()
    assert graph.remove("b").nodes == ("a", "c")
    assert graph.remove(Edge("a", "b")).edges == (Edge("b", "c"),)
    assert graph.reverse(Edge("a", "b")).edges == (Edge("b", "a"), Edge("b", "c"))
    with pytest.raises(CycleError):
        graph.add(Edge("a", "c")).reverse(Edge("a", "c"))
    with pytest.raises(GraphError):
        graph.remove(Edge("a", "c"))
    assert graph.edges == (Edge("a", "b"), Edge("b", "c"))


@pytest.mark.parametrize(
    ("text", "projected"),
    [
        ("u [latent] u -> {x y}", "x <-> y"),
        ("u [latent] x -> u -> y", "x -> y"),
        ("latent u v\nu -> v -> {x y}", "x <-> y"),
        ("u [latent] u <-> x u -> y", "x <-> y"),
        ("u [latent] x -> u <- y", "x y"),
        ("latent u\na -> u -> {x y}", "a -> {x y} x <-> y"),
        ("latent u v\nu -> x u -> v v -> y v -> z", "x <-> y <-> z <-> x"),
    ],
)
def test_known_latent_projections(text: str, projected: str) -> None:
    found = CausalGraph.parse(text).project()
    wanted = CausalGraph.parse(projected)
    assert set(found.edges) == set(wanted.edges)
    assert not found.latent


@pytest.mark.parametrize("seed", range(60))
def test_projection_keeps_every_separation_and_ancestry(seed: int) -> None:
    graph = random_admg(seed, most=7, latent=2)
    small = graph.project()
    seen = graph.observed
    assert small.nodes == seen
    for one in seen:
        assert small.descendants(one) == graph.descendants(one) - graph.latent
        for other in set(seen) - {one}:
            rest = [name for name in seen if name not in (one, other)]
            for bits in range(2 ** len(rest)):
                known = [name for index, name in enumerate(rest) if bits >> index & 1]
                assert m_separated(small, one, other, known) == m_separated(
                    graph, one, other, known
                )


def test_notes_say_why_a_pair_has_an_edge_or_none() -> None:
    graph = CausalGraph.from_edges([("x", "y")], nodes=["z"])
    noted = replace(
        graph, notes={("y", "x"): " a trial ", ("z", "y"): "no way", ("x", "gone"): "?"}
    )
    assert dict(noted.notes) == {("x", "y"): "a trial", ("y", "z"): "no way"}
    assert noted == graph
    assert CausalGraph.from_json(noted.to_json()).notes == noted.notes
    assert dict(noted.subgraph(["x", "y"]).notes) == {("x", "y"): "a trial"}


def test_a_renamed_node_keeps_everything_else() -> None:
    graph = CausalGraph.parse("dag { u [latent] x [exposure] u -> x u -> y x -> y y [adjusted] }")
    graph = replace(graph, positions={"u": (1.0, 2.0)}, notes={("u", "y"): "known"})
    renamed = graph.rename("u", "z")
    assert renamed.nodes == ("z", *graph.nodes[1:])
    assert renamed.latent == {"z"}
    assert renamed.adjusted == {"y"}
    assert dict(renamed.positions) == {"z": (1.0, 2.0)}
    assert dict(renamed.notes) == {("y", "z"): "known"}
    assert renamed.rename("z", "u") == graph
    with pytest.raises(GraphError, match="Two nodes are called"):
        graph.rename("u", "x")
