"""Marked ends: to edges and back, and one graph for a whole class."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from causal_core.discovery.fci import fci
from causal_core.discovery.knowledge import Knowledge
from causal_core.errors import GraphError
from causal_core.graphs.ancestral import (
    CIRCLE,
    HEAD,
    NONE,
    cautious,
    ends_of,
    from_ends,
    representative,
)
from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.partial import cpdag, extension
from tests.discovery.oracle import Oracle, ancestral, mag
from tests.graphs.random_graphs import random_admg


def pag(seed: int) -> CausalGraph:
    graph = random_admg(seed, most=7)
    return from_ends(graph.nodes, fci(Oracle(graph), Knowledge().over(graph.nodes))[0])


def test_every_kind_of_edge_is_read_and_written() -> None:
    graph = CausalGraph.parse("pag { a -> b <-> c @-> d @-@ e; e <-@ a }")
    assert from_ends(graph.nodes, ends_of(graph)) == graph


@pytest.mark.parametrize("text", ["a -- b", "a -> b; a <-> b"])
def test_what_has_no_such_ends_is_refused(text: str) -> None:
    with pytest.raises(GraphError, match="no edge of an ancestral graph"):
        ends_of(CausalGraph.parse(text))


@pytest.mark.parametrize("seed", range(30))
def test_the_representative_has_the_independencies_of_the_class(seed: int) -> None:
    graph = random_admg(seed, most=7)
    found = representative(pag(seed))
    assert ancestral(ends_of(found))
    assert Oracle(found).model() == Oracle(from_ends(graph.nodes, mag(graph))).model()


@pytest.mark.parametrize("seed", range(30))
def test_the_representative_keeps_what_is_definite_and_takes_half_arrows_for_arrows(
    seed: int,
) -> None:
    before = ends_of(pag(seed))
    after = ends_of(representative(pag(seed)))
    definite = before > CIRCLE
    assert np.array_equal(before[definite], after[definite])
    assert not (((before == CIRCLE) & (before.T == HEAD)) & (after == HEAD)).any()


@given(st.integers(0, 10**6))
def test_any_marks_at_all_have_a_representative(seed: int) -> None:
    """Few rows give edges of no class, even half arrows in a circle."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(2, 8))
    ends = np.zeros((size, size), dtype=np.int8)
    for i, j in zip(*np.triu_indices(size, 1), strict=True):
        kinds = [(0, 0), (CIRCLE, CIRCLE), (CIRCLE, HEAD), (HEAD, CIRCLE), (HEAD, HEAD)]
        ends[i, j], ends[j, i] = kinds[rng.integers(len(kinds))]
    found = representative(from_ends([f"n{i}" for i in range(size)], ends))
    assert not found.partial
    assert np.array_equal(ends_of(found) != NONE, ends != NONE)
    kept = ends == HEAD
    assert (ends_of(found)[kept] == HEAD).all()


@pytest.mark.parametrize("seed", range(20))
def test_circles_alone_are_directed_as_in_a_class_of_arrows(seed: int) -> None:
    dag = random_admg(seed, bidirected=False)
    open_ = [e for e in cpdag(dag).edges if e.kind == "--"]
    circles = CausalGraph.from_edges([], nodes=dag.nodes)
    for edge in open_:
        circles = circles.add(type(edge)(edge.source, edge.target, "o-o"))
    found = representative(circles)
    assert cpdag(found) == cpdag(extension(cpdag(found)))
    assert all(edge.kind == "--" for edge in cpdag(found).edges)  # no new collider


@pytest.mark.parametrize("seed", range(20))
def test_the_careful_reading_adds_unmeasured_causes_where_ends_are_open(seed: int) -> None:
    found = pag(seed)
    plain, careful = set(representative(found).edges), set(cautious(found).edges)
    assert plain <= careful
    added = {(e.source, e.target) for e in careful - plain}
    open_ = {tuple(sorted((e.source, e.target))) for e in found.edges if e.kind.startswith("o")}
    assert added <= open_
