"""Back-door and front-door sets: the textbook, brute force, and exact distributions."""

from __future__ import annotations

import sys
from itertools import chain, combinations
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "graphs"))
from causal_core.errors import GraphError
from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.identification.adjustment import (
    adjusts,
    backdoor_set,
    frontdoor_set,
    is_frontdoor,
)
from tests.graphs.random_graphs import random_admg


def subsets(names: list[str]) -> list[frozenset[str]]:
    sizes = (combinations(names, size) for size in range(len(names) + 1))
    return [frozenset(some) for some in chain.from_iterable(sizes)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x -> y", set()),
        ("x <- z -> y x -> y", {"z"}),
        ("x -> m -> y x <- z -> m", {"z"}),  # never the mediator
        ("x -> y x -> c <- y", set()),  # never the collider
        ("x <- a -> m <- b -> y x -> y", set()),  # M-bias: nothing is right
        ("x <- a -> m <- b -> y x -> y m -> {x y}", {"b", "m"}),
        ("x <- u -> y x -> y latent u\n", None),
        ("x <-> y x -> y", None),
        ("latent u\nx <- z <- u -> y x -> y", {"z"}),
        ("x <- z1 -> z2 -> y x -> y", {"z2"}),  # the one nearer to the outcome
        ("y -> x", None),
        ("x <- z -> y", {"z"}),  # no effect, and z shows it
    ],
)
def test_textbook_backdoor_sets(text: str, expected: set[str] | None) -> None:
    found = backdoor_set(CausalGraph.parse(text), "x", "y")
    assert found == (None if expected is None else frozenset(expected))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x -> m -> y x <-> y", {"m"}),
        ("x -> m -> y latent u\nu -> {x y}", {"m"}),
        ("x -> y x <-> y", None),
        ("x -> m -> y x <-> y x <-> m", None),
        ("x -> m -> y x <-> y m <-> y", None),
        ("x -> a -> y x -> b -> y x <-> y", {"a", "b"}),
        ("x -> a -> y x -> b -> y a -> b x <-> y", {"a", "b"}),
        ("x -> a -> b -> y x <-> y", {"b"}),
        ("x -> m -> y x <- c -> y x <-> y", {"m"}),
        ("x -> m -> y x -> y x <-> y", None),
    ],
)
def test_textbook_frontdoor_sets(text: str, expected: set[str] | None) -> None:
    found = frontdoor_set(CausalGraph.parse(text), "x", "y")
    assert found == (None if expected is None else frozenset(expected))


def hidden_dag(graph: CausalGraph) -> nx.DiGraph:
    dag = nx.DiGraph()
    dag.add_nodes_from(graph.nodes)
    for number, edge in enumerate(graph.edges):
        if edge.kind == "->":
            dag.add_edge(edge.source, edge.target)
        else:
            dag.add_edges_from([(f"u{number}", edge.source), (f"u{number}", edge.target)])
    return dag


def adjusts_by_paths(dag: nx.DiGraph, x: str, y: str, chosen: frozenset[str]) -> bool:
    """The adjustment criterion of Shpitser et al. (2010), word by word."""
    causal = list(nx.all_simple_paths(dag, x, y))
    between = {node for path in causal for node in path[1:]}
    if any(chosen & (nx.descendants(dag, node) | {node}) for node in between):
        return False
    open_ends = chosen | {a for z in chosen for a in nx.ancestors(dag, z)}
    for path in nx.all_simple_paths(dag.to_undirected(as_view=True), x, y):
        if path not in causal and _is_open(dag, path, chosen, open_ends):
            return False
    return True


def _is_open(dag: nx.DiGraph, path: list[str], known: frozenset[str], opened: set[str]) -> bool:
    for before, here, after in zip(path, path[1:], path[2:], strict=False):
        collider = dag.has_edge(before, here) and dag.has_edge(after, here)
        if (here not in opened) if collider else (here in known):
            return False
    return True


@pytest.mark.parametrize("seed", range(150))
def test_backdoor_sets_agree_with_brute_force(seed: int) -> None:
    graph = random_admg(seed, most=6, latent=seed % 2)
    x, y = graph.observed[:2]
    rest = [name for name in graph.observed if name not in (x, y)]
    dag = hidden_dag(graph)
    right = {some for some in subsets(rest) if adjusts_by_paths(dag, x, y, some)}
    assert right == {some for some in subsets(rest) if adjusts(graph, x, y, some)}
    found = backdoor_set(graph, x, y)
    assert found in right if right else found is None
    assert not any(some < found for some in right) if found is not None else True


@pytest.mark.parametrize("seed", range(150))
def test_frontdoor_sets_agree_with_brute_force(seed: int) -> None:
    graph = random_admg(seed, most=6, latent=seed % 2)
    x, y = graph.observed[:2]
    rest = [name for name in graph.observed if name not in (x, y)]
    right = [some for some in subsets(rest) if is_frontdoor(graph, x, y, some)]
    found = frontdoor_set(graph, x, y)
    assert found in right if right else found is None


def binary_world(graph: CausalGraph, seed: int) -> tuple[list[str], dict[str, np.ndarray]]:
    """Random tables P(node = 1 | parents) over the canonical DAG, hidden causes included."""
    dag, rng = hidden_dag(graph), np.random.default_rng(seed)
    order = list(nx.topological_sort(dag))
    parents = {n: sorted(dag.predecessors(n)) for n in order}
    return order, {n: (parents[n], rng.uniform(0.1, 0.9, 2 ** len(parents[n]))) for n in order}


def joint(order: list[str], world: dict, do: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """Every assignment [2^n, n] and its probability under `do`."""
    rows = np.array(np.meshgrid(*[[0, 1]] * len(order), indexing="ij")).reshape(len(order), -1).T
    weight = np.ones(len(rows))
    for place, name in enumerate(order):
        above, table = world[name]
        index = sum(rows[:, order.index(p)] << k for k, p in enumerate(above)) if above else 0
        one = table[index] if above else np.full(len(rows), table[0])
        chance = np.where(rows[:, place] == 1, one, 1 - one)
        weight = weight * ((rows[:, place] == do[name]) if name in do else chance)
    return rows, weight


@pytest.mark.parametrize("seed", range(60))
def test_adjusting_and_front_doors_recover_the_exact_effect(seed: int) -> None:
    graph = random_admg(seed, most=5)
    x, y = graph.nodes[:2]
    order, world = binary_world(graph, seed)
    rows, weight = joint(order, world, {})
    column = {name: rows[:, place] for place, name in enumerate(order)}

    def chance(event: dict[str, int]) -> float:
        hit = np.ones(len(rows), bool)
        for name, value in event.items():
            hit &= column[name] == value
        return float(weight[hit].sum())

    truth = joint(order, world, {x: 1})[1] @ column[y]
    sets = (("back", backdoor_set(graph, x, y)), ("front", frontdoor_set(graph, x, y)))
    for kind, chosen in sets:
        if chosen is None:
            continue
        names = sorted(chosen)
        total = 0.0
        for values in np.ndindex(*[2] * len(names)):
            z = dict(zip(names, map(int, values), strict=True))
            if kind == "back":
                total += chance(z) * chance({**z, x: 1, y: 1}) / chance({**z, x: 1})
            else:
                inner = sum(
                    chance({x: v}) * chance({**z, x: v, y: 1}) / chance({**z, x: v}) for v in (0, 1)
                )
                total += chance({**z, x: 1}) / chance({x: 1}) * inner
        assert total == pytest.approx(truth, abs=1e-12), (seed, kind)


def test_questions_that_make_no_sense_are_refused() -> None:
    graph = CausalGraph.parse("u [latent] u -> x -> y")
    for x, y, word in (("x", "x", "same"), ("u", "y", "unmeasured"), ("x", "q", "no node")):
        with pytest.raises(GraphError, match=word):
            backdoor_set(graph, x, y)
    with pytest.raises(GraphError, match="no direction"):
        frontdoor_set(CausalGraph(("x", "y"), (Edge("x", "y", "--"),)), "x", "y")
