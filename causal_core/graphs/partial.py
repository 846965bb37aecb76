"""Graphs whose arrows are partly open: equivalence classes, Meek's rules, extensions.

Inside, a graph is two boolean matrices over the same nodes: `directed[i, j]` says i → j,
`open_[i, j]` (symmetric) says i — j.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from causal_core.errors import GraphError
from causal_core.graphs.graph import CausalGraph, Edge

Matrix = np.ndarray  # bool [p, p]


def cpdag(dag: CausalGraph) -> CausalGraph:
    """The class of graphs that imply the same independencies as `dag`.

    Arrows that all of them share stay `->`, the others become `--` (Verma & Pearl 1990;
    Meek 1995). Raises GraphError where `dag` has other edges than arrows.

    >>> [str(edge) for edge in cpdag(CausalGraph.parse("x -> y -> z")).edges]
    ['x -- y', 'y -- z']
    """
    if any(edge.kind != "->" for edge in dag.edges):
        raise GraphError("Only a graph of arrows has this class.", "Direct its other edges first.")
    return to_graph(dag.nodes, *completed(adjacency(dag)))


def oriented(graph: CausalGraph, arrows: Iterable[tuple[str, str]] = ()) -> CausalGraph:
    """`graph` with its open edges among `arrows` directed so, and all that follows from it.

    What follows is Meek's (1995) four rules. Raises GraphError where an arrow is against
    one that is there, has no edge, or leads to a cycle.
    """
    directed, open_ = matrices(graph)
    place = {name: i for i, name in enumerate(graph.nodes)}
    for source, target in arrows:
        i, j = place[source], place[target]
        if not (directed[i, j] or open_[i, j]):
            raise GraphError(
                f"“{source} -> {target}” does not fit the graph.",
                "Only an open edge can be directed; turn an arrow around by hand.",
            )
        _direct(directed, open_, i, j)
        close(directed, open_)
    return to_graph(graph.nodes, directed, open_)


def extension(graph: CausalGraph) -> CausalGraph:
    """A graph of arrows from the class, with no new collider (Dor & Tarsi 1992).

    Raises GraphError where there is none.
    """
    directed, open_ = matrices(graph)
    found = directed.copy()
    left = list(range(len(graph.nodes)))
    while left:
        sink = next((v for v in left if _is_sink(v, left, directed, open_)), None)
        if sink is None:
            raise GraphError(
                "No graph of arrows fits these edges.", "Direct one of the open edges by hand."
            )
        for other in left:
            if open_[other, sink]:
                found[other, sink] = True
        left.remove(sink)
    none = np.zeros_like(found)
    return to_graph(graph.nodes, found, none)


def _is_sink(v: int, left: Sequence[int], directed: Matrix, open_: Matrix) -> bool:
    """Whether all open edges of v may point at it: none leaves it, no collider arises."""
    if directed[v, left].any():
        return False
    near = [u for u in left if open_[u, v]]
    around = [u for u in left if open_[u, v] or directed[u, v]]
    adjacent = directed | directed.T | open_
    return all(adjacent[u, w] for u in near for w in around if u != w)


# ── matrices ─────────────────────────────────────────────────────────────────────


def adjacency(graph: CausalGraph) -> Matrix:
    """The arrows of a graph, bool [p, p]."""
    return matrices(graph)[0]


def matrices(graph: CausalGraph) -> tuple[Matrix, Matrix]:
    """(arrows, open edges); GraphError where there are edges of other kinds."""
    place = {name: i for i, name in enumerate(graph.nodes)}
    directed = np.zeros((len(place), len(place)), dtype=bool)
    open_ = directed.copy()
    for edge in graph.edges:
        i, j = place[edge.source], place[edge.target]
        if edge.kind == "->":
            directed[i, j] = True
        elif edge.kind == "--":
            open_[i, j] = open_[j, i] = True
        else:
            raise GraphError(f"“{edge}” is neither an arrow nor an open edge.", "Remove it.")
    return directed, open_


def to_graph(nodes: Sequence[str], directed: Matrix, open_: Matrix) -> CausalGraph:
    """The graph of these matrices."""
    arrows = [Edge(nodes[i], nodes[j]) for i, j in zip(*directed.nonzero(), strict=True)]
    lines = [Edge(nodes[i], nodes[j], "--") for i, j in zip(*np.triu(open_).nonzero(), strict=True)]
    return CausalGraph(tuple(nodes), (*arrows, *lines))


def completed(dag: Matrix, fixed: Matrix | None = None) -> tuple[Matrix, Matrix]:
    """(arrows, open edges) of the class of a graph of arrows.

    `fixed[i, j]`: an arrow i → j is known from elsewhere and stays.
    """
    adjacent = dag | dag.T
    directed = np.zeros_like(dag)
    for j in range(len(dag)):
        parents = dag[:, j].nonzero()[0]
        apart = ~adjacent[np.ix_(parents, parents)]
        np.fill_diagonal(apart, False)
        directed[parents[apart.any(1)], j] = True
    if fixed is not None:
        directed |= dag & fixed
    open_ = adjacent & ~(directed | directed.T)
    close(directed, open_)
    return directed, open_


def close(directed: Matrix, open_: Matrix) -> None:
    """Direct, in place, every open edge that Meek's (1995) rules 1 to 4 direct."""
    while open_.any():
        adjacent = directed | directed.T | open_
        apart = ~adjacent
        np.fill_diagonal(apart, False)
        new = _first(directed, apart) | _second(directed)
        new &= open_
        if not new.any():
            new = _third_or_fourth(directed, open_, apart)
        if not new.any():
            return
        for i, j in zip(*new.nonzero(), strict=True):
            if open_[i, j]:
                _direct(directed, open_, int(i), int(j))


def on_circle(directed: Matrix) -> Matrix:
    """The arrows that lie on a circle of arrows."""
    leads = directed.astype(np.float32)
    for _ in range(int(np.ceil(np.log2(max(2, len(leads)))))):
        leads = ((leads + leads @ leads) > 0).astype(np.float32)
    return np.asarray(directed & (leads.T > 0))


def _first(directed: Matrix, apart: Matrix) -> Matrix:
    """a → b — c, a and c apart: b → c, or there were another collider."""
    return np.asarray((directed.T.astype(np.float32) @ apart) > 0)


def _second(directed: Matrix) -> Matrix:
    """a → b → c and a — c: a → c, or there were a cycle."""
    whole = directed.astype(np.float32)
    return np.asarray((whole @ whole) > 0)


def _third_or_fourth(directed: Matrix, open_: Matrix, apart: Matrix) -> Matrix:
    """Rules 3 (a — c → b ← d — a, c and d apart) and 4 (a — c → d → b, c and b apart)."""
    found = np.zeros_like(open_)
    for a, b in zip(*open_.nonzero(), strict=True):
        into = open_[a] & directed[:, b]
        third = apart[np.ix_(into, into)].any()
        ahead = (directed[:, b] & (open_[a] | directed[a] | directed[:, a])).nonzero()[0]
        behind = (open_[a] & apart[:, b]).nonzero()[0]
        found[a, b] = third or directed[np.ix_(behind, ahead)].any()
        if found[a, b]:
            return found
    return found


def _direct(directed: Matrix, open_: Matrix, i: int, j: int) -> None:
    directed[i, j] = True
    open_[i, j] = open_[j, i] = False
