"""m-separation at volume: against networkx, and against the augmented graph criterion."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import combinations

import networkx as nx
import pytest

from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.separation import m_separated

DAGS, ADMGS = 20_000, 5_000
FEWEST, MOST = 3, 12
Question = tuple[set[str], set[str], set[str]]


def drawn(seed: int, bidirected: bool) -> tuple[CausalGraph, Question]:
    """A random acyclic graph of 3 to 12 nodes, and three disjoint sets of its nodes."""
    rng = random.Random(seed)
    names = [f"n{i}" for i in range(rng.randint(FEWEST, MOST))]
    order, share = rng.sample(names, len(names)), rng.uniform(0.1, 0.6)
    arrows = [pair for pair in combinations(order, 2) if rng.random() < share]
    arcs = [pair for pair in combinations(order, 2) if bidirected and rng.random() < share / 2]
    roles = {name: rng.choice("xyzz--") for name in names}
    xs, ys, zs = ({name for name in names if roles[name] == role} for role in "xyz")
    if not xs or not ys:
        xs, ys, zs = {names[0]}, {names[-1]}, zs - {names[0], names[-1]}
    return CausalGraph.from_edges(arrows, arcs, nodes=names), (xs, ys, zs)


def ancestors(graph: CausalGraph, names: Iterable[str]) -> set[str]:
    """These nodes and all that have a path of arrows to one of them."""
    found = set(names)
    while more := {e.source for e in graph.edges if e.kind == "->" and e.target in found} - found:
        found |= more
    return found


def augmented(graph: CausalGraph, question: Question) -> bool:
    """Theorem 1 of Richardson (2003): separation in the augmented graph of the ancestors.

    In it two nodes are joined where a path leads from one to the other on which every node
    between them is a collider; without `<->` it is the moral graph.
    """
    xs, ys, zs = question
    kept = ancestors(graph, xs | ys | zs)
    edges = [e for e in graph.edges if e.source in kept and e.target in kept]
    arcs = nx.Graph()
    arcs.add_nodes_from(kept)
    arcs.add_edges_from((e.source, e.target) for e in edges if e.kind == "<->")
    joined = nx.Graph()
    joined.add_nodes_from(kept)
    joined.add_edges_from((e.source, e.target) for e in edges)
    # Colliders in a row are joined by `<->`: a district, and the parents of its nodes.
    for district in nx.connected_components(arcs):
        into = {e.source for e in edges if e.kind == "->" and e.target in district}
        joined.add_edges_from(combinations(sorted(district | into), 2))
    joined.remove_nodes_from(zs)
    reached = set().union(*(nx.node_connected_component(joined, x) for x in xs))
    return not reached & ys


def answers(graph: CausalGraph, question: Question) -> bool:
    xs, ys, zs = question
    found = m_separated(graph, xs, ys, zs)
    assert m_separated(graph, ys, xs, zs) == found, "separation is symmetric"
    return found


@pytest.mark.timeout(1800)
def test_random_dags_agree_with_networkx_and_the_moral_graph() -> None:
    apart = 0
    for seed in range(DAGS):
        graph, question = drawn(seed, bidirected=False)
        dag = nx.DiGraph([(e.source, e.target) for e in graph.edges])
        dag.add_nodes_from(graph.nodes)
        found = answers(graph, question)
        assert found == nx.is_d_separator(dag, *question), (seed, question)
        assert found == augmented(graph, question), (seed, question)
        apart += found
    assert DAGS // 20 < apart < DAGS * 19 // 20, "both answers are asked for often"


@pytest.mark.timeout(1800)
def test_random_admgs_agree_with_their_augmented_graph() -> None:
    apart = 0
    for seed in range(DAGS, DAGS + ADMGS):
        graph, question = drawn(seed, bidirected=True)
        found = answers(graph, question)
        assert found == augmented(graph, question), (seed, question)
        apart += found
    assert ADMGS // 20 < apart < ADMGS * 19 // 20
