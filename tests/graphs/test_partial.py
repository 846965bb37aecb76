"""Equivalence classes against the enumeration of every graph of four nodes."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from causal_core.errors import GraphError
from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.partial import adjacency, completed, cpdag, extension, oriented, to_graph

NODES = "abcd"
PAIRS = [(i, j) for j in range(4) for i in range(j)]


def every_dag() -> list[np.ndarray]:
    """All 543 graphs of arrows over four nodes (Robinson 1973)."""
    found = []
    for kinds in product(range(3), repeat=6):
        dag = np.zeros((4, 4), dtype=bool)
        for (i, j), kind in zip(PAIRS, kinds, strict=True):
            dag[i, j], dag[j, i] = kind == 1, kind == 2
        walks = dag.astype(int)
        if not np.trace(walks @ walks @ walks) and not np.trace(walks @ walks @ walks @ walks):
            found.append(dag)
    return found


def key(dag: np.ndarray) -> tuple[bytes, frozenset[tuple[int, int, int]]]:
    """Skeleton and colliders: what makes graphs equivalent (Verma & Pearl 1990)."""
    adjacent = dag | dag.T
    colliders = {
        (i, k, j)
        for k in range(4)
        for i, j in PAIRS
        if dag[i, k] and dag[j, k] and not adjacent[i, j]
    }
    return adjacent.tobytes(), frozenset(colliders)


@pytest.fixture(scope="module")
def classes() -> list[list[np.ndarray]]:
    found: dict[object, list[np.ndarray]] = {}
    for dag in every_dag():
        found.setdefault(key(dag), []).append(dag)
    return list(found.values())


def test_there_are_as_many_classes_as_are_known(classes: list[list[np.ndarray]]) -> None:
    assert sum(map(len, classes)) == 543
    assert len(classes) == 185  # Gillispie & Perlman 2001, table 1


def test_what_all_of_a_class_share_is_directed_and_nothing_else(
    classes: list[list[np.ndarray]],
) -> None:
    for mine in classes:
        shared = np.logical_and.reduce(mine)
        for dag in mine:
            directed, open_ = completed(dag)
            assert np.array_equal(directed, shared)
            assert np.array_equal(open_, (dag | dag.T) & ~(shared | shared.T))


def test_an_extension_is_of_the_class(classes: list[list[np.ndarray]]) -> None:
    for mine in classes:
        whole = cpdag(to_graph(NODES, mine[0], np.zeros_like(mine[0])))
        assert key(adjacency(extension(whole))) == key(mine[0])


def test_what_follows_from_one_more_arrow_is_what_is_left_of_the_class(
    classes: list[list[np.ndarray]],
) -> None:
    for mine in classes:
        whole = cpdag(to_graph(NODES, mine[0], np.zeros_like(mine[0])))
        for edge in whole.edges:
            if edge.kind != "--":
                continue
            i, j = NODES.index(edge.source), NODES.index(edge.target)
            left = [dag for dag in mine if dag[i, j]]
            found = oriented(whole, [(edge.source, edge.target)])
            arrows = {(e.source, e.target) for e in found.edges if e.kind == "->"}
            shared = np.logical_and.reduce(left)
            assert arrows == {(NODES[a], NODES[b]) for a, b in zip(*shared.nonzero(), strict=True)}


def test_what_cannot_be_is_said() -> None:
    square = CausalGraph.parse("a -- b -- c -- d -- a")
    with pytest.raises(GraphError, match="No graph of arrows"):
        extension(square)  # a chordless cycle: every way makes a collider or goes round
    with pytest.raises(GraphError, match="does not fit"):
        oriented(CausalGraph.parse("a -> b"), [("b", "a")])
    with pytest.raises(GraphError, match="Only a graph of arrows"):
        cpdag(CausalGraph.parse("a <-> b"))
