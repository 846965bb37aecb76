"""How far a graph is from the truth: edge by edge, and effect by effect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from causal_core.errors import GraphError
from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.partial import completed, cpdag, extension
from causal_core.rng import generator

_RANDOM = 200
_DIRECTION = "from row to column"  # of arrows in a matrix, as gadjid has it


@dataclass(frozen=True)
class Distance:
    """What is wrong of all `pairs`, beside a graph without edges and random ones.

    `random`: the mean over random graphs with as many edges as were found.
    """

    found: int
    empty: int
    random: float
    pairs: int


@dataclass(frozen=True)
class Effects:
    """Ordered pairs of `pairs` whose effect the graph would have computed wrongly.

    By adjusting for the cause's parents (`parents`; for graphs of arrows this is the
    structural intervention distance: Peters & Bühlmann 2015, definition 6), for its ancestors
    or for the optimal set (Henckel, Würtzen & Weichwald 2024, table 1).
    """

    parents: int
    ancestors: int
    optimal: int
    pairs: int


def hamming(found: CausalGraph, truth: CausalGraph) -> Distance:
    """Pairs whose edge is another one than the truth's (structural Hamming distance:
    Tsamardinos, Brown & Aliferis 2006).

    A pair counts once, whatever is wrong with its edge. Where `found` is a graph of arrows
    only, so is the truth; else both are taken as equivalence classes. Raises GraphError where
    the nodes differ.
    """
    return _beside(found, truth, _differ, len(found.nodes) * (len(found.nodes) - 1) // 2)


def wrong_effects(found: CausalGraph, truth: CausalGraph) -> Distance | None:
    """Ordered pairs whose effect is wrong after adjusting for ancestors; None as `effects`."""
    if effects(found, truth) is None:
        return None
    from gadjid import ancestor_aid

    def wrong(mine: np.ndarray, known: np.ndarray) -> int:
        return int(ancestor_aid(known, mine, edge_direction=_DIRECTION)[1])

    return _beside(found, truth, wrong, len(found.nodes) * (len(found.nodes) - 1))


def effects(found: CausalGraph, truth: CausalGraph) -> Effects | None:
    """The adjustment identification distances to the truth.

    A graph of arrows is compared with the truth, a class of equivalent graphs with the class
    of the truth: an effect that only one of them leaves open is then wrong. None where either
    is neither (open edges that knowledge directed in part, unmeasured causes): there the
    distance is not defined. Raises GraphError where the nodes differ.
    """
    from gadjid import ancestor_aid, oset_aid, parent_aid

    pair = _comparable(found, truth)
    if not (_is_class(found) and _is_class(truth)):
        return None
    mine, known = (marks.astype(np.int8) for marks in pair)
    parents, ancestors, optimal = (
        int(distance(known, mine, edge_direction=_DIRECTION)[1])
        for distance in (parent_aid, ancestor_aid, oset_aid)
    )
    return Effects(parents, ancestors, optimal, len(mine) * (len(mine) - 1))


def skeleton_f1(found: CausalGraph, truth: CausalGraph) -> float:
    """The harmonic mean of how many edges found are true and how many true ones are found,
    directions aside; 1 where neither graph has edges."""
    mine, known = (_joined(graph) for graph in (found, truth))
    return 2 * len(mine & known) / (len(mine) + len(known)) if mine or known else 1.0


def _beside(
    found: CausalGraph,
    truth: CausalGraph,
    distance: Callable[[np.ndarray, np.ndarray], int],
    pairs: int,
) -> Distance:
    mine, known = (marks.astype(np.int8) for marks in _comparable(found, truth))
    guesses = [distance(guess.astype(np.int8), known) for guess in _guesses(found)]
    empty = distance(np.zeros_like(known), known)
    return Distance(distance(mine, known), empty, float(np.mean(guesses)), pairs)


def _comparable(found: CausalGraph, truth: CausalGraph) -> tuple[np.ndarray, np.ndarray]:
    """The marks of both: of the truth's class where `found` leaves edges open."""
    if set(found.nodes) != set(truth.nodes):
        raise GraphError("The two graphs have other nodes.", "Compare graphs of the same columns.")
    if found.partial and all(edge.kind == "->" for edge in truth.edges):
        truth = cpdag(truth)
    return _marks(found, found.nodes), _marks(truth, found.nodes)


def _guesses(found: CausalGraph) -> Iterator[np.ndarray]:
    """The marks of random graphs with as many edges: classes where `found` is partly open."""
    rng, size = generator(0, "random graphs"), len(found.nodes)
    upper = np.triu_indices(size, 1)
    for _ in range(_RANDOM):
        order, dag = rng.permutation(size), np.zeros((size, size), dtype=bool)
        picked = rng.choice(len(upper[0]), min(len(found.edges), len(upper[0])), replace=False)
        dag[order[upper[0][picked]], order[upper[1][picked]]] = True
        directed, open_ = completed(dag) if found.partial else (dag, np.zeros_like(dag))
        yield directed + 2 * open_


def _is_class(graph: CausalGraph) -> bool:
    """Whether it is a graph of arrows or the class of one."""
    if any(edge.kind not in ("->", "--") for edge in graph.edges):
        return False
    if not graph.partial:
        return True
    try:
        return set(_said(cpdag(extension(graph)))) == set(_said(graph))
    except GraphError:
        return False


def _said(graph: CausalGraph) -> Iterator[tuple[str, frozenset[str], str]]:
    for edge in graph.edges:
        head = edge.target if edge.kind == "->" else ""
        yield edge.kind, frozenset((edge.source, edge.target)), head


def _joined(graph: CausalGraph) -> set[frozenset[str]]:
    return {frozenset((edge.source, edge.target)) for edge in graph.edges}


def _marks(graph: CausalGraph, names: tuple[str, ...]) -> np.ndarray:
    """int [p, p]: 1 for an arrow, 2 for an open edge, 3 for a common unmeasured cause."""
    place = {name: i for i, name in enumerate(names)}
    marks = np.zeros((len(names), len(names)), dtype=int)
    for edge in graph.edges:
        i, j = place[edge.source], place[edge.target]
        if edge.kind == "->":
            marks[i, j] = 1
        else:
            marks[i, j] = marks[j, i] = 3 if edge.kind == "<->" else 2
    return marks


def _differ(one: np.ndarray, other: np.ndarray) -> int:
    wrong = one != other
    return int(np.triu(wrong | wrong.T, 1).sum())
