"""m-separation against networkx, on the graph itself or on its canonical DAG."""

from __future__ import annotations

import random

import networkx as nx
import pytest

from causal_core.errors import GraphError
from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.graphs.separation import connected, m_separated
from tests.graphs.random_graphs import random_admg


def canonical(graph: CausalGraph) -> nx.DiGraph:
    """Each `<->` as a hidden common cause: the DAG that says the same."""
    dag = nx.DiGraph()
    dag.add_nodes_from(graph.nodes)
    for edge in graph.edges:
        if edge.kind == "->":
            dag.add_edge(edge.source, edge.target)
        else:
            dag.add_edges_from([((edge,), edge.source), ((edge,), edge.target)])
    return dag


def check(seeds: range, bidirected: bool) -> None:
    for seed in seeds:
        graph, rng = random_admg(seed, 9, bidirected), random.Random(seed)
        roles = {name: rng.choice("xyzz-") for name in graph.nodes}
        xs, ys, zs = ({n for n in graph.nodes if roles[n] == role} for role in "xyz")
        if not xs or not ys:
            xs, ys, zs = {graph.nodes[0]}, {graph.nodes[-1]}, set(graph.nodes[1:-1])
        expected = nx.is_d_separator(canonical(graph), xs, ys, zs)
        assert m_separated(graph, xs, ys, zs) == expected, (seed, xs, ys, zs)
        assert m_separated(graph, ys, xs, zs) == expected, "separation is symmetric"


def test_two_thousand_random_dags_agree_with_networkx() -> None:
    check(range(2000), bidirected=False)


def test_two_thousand_random_admgs_agree_with_their_canonical_dag() -> None:
    check(range(2000, 4000), bidirected=True)


@pytest.mark.parametrize(
    ("text", "given", "separated"),
    [
        ("x -> m -> y", "", False),
        ("x -> m -> y", "m", True),
        ("x <- z -> y", "", False),
        ("x <- z -> y", "z", True),
        ("x -> c <- y", "", True),
        ("x -> c <- y", "c", False),
        ("x -> c <- y c -> d", "d", False),
        ("x <-> y", "", False),
        ("x <-> c <-> y", "", True),
        ("x <-> c <-> y", "c", False),
        ("x -> y x <-> z z -> y", "", False),
    ],
)
def test_chains_forks_and_colliders(text: str, given: str, separated: bool) -> None:
    assert m_separated(CausalGraph.parse(text), "x", "y", given.split()) is separated


def test_sets_that_overlap_unknown_names_and_open_edges_are_refused() -> None:
    graph = CausalGraph.from_edges([("x", "y")])
    with pytest.raises(GraphError, match="overlap"):
        m_separated(graph, "x", "y", "x")
    with pytest.raises(GraphError, match="no node"):
        m_separated(graph, "x", "z")
    with pytest.raises(GraphError, match="no direction"):
        connected(CausalGraph(("x", "y"), (Edge("x", "y", "--"),)), ["x"])
