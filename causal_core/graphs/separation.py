"""m-separation: which variables a graph makes independent, given others.

Information flows along a walk. It stops at a *collider* (two arrowheads meet,
`→ v ←`, `↔ v ←`) unless `v` or a descendant of it is given, and it stops at any other
node that is given. `xs` and `ys` are m-separated by `given` where no walk lets
information through; every distribution of the graph then has them independent given
`given` (Richardson 2003, *Markov properties for acyclic directed mixed graphs*).
"""

from __future__ import annotations

from collections.abc import Iterable

from causal_core.errors import GraphError
from causal_core.graphs import order
from causal_core.graphs.graph import CausalGraph

Step = tuple[str, bool]  # a node, and whether the walk enters it through an arrowhead


def m_separated(
    graph: CausalGraph,
    xs: str | Iterable[str],
    ys: str | Iterable[str],
    given: str | Iterable[str] = (),
) -> bool:
    """Whether `given` separates `xs` from `ys`; nodes marked latent count like any other.

    Raises GraphError for unknown nodes, overlapping sets and graphs with open edges.

    >>> fork = CausalGraph.parse("x <- z -> y")
    >>> m_separated(fork, "x", "y"), m_separated(fork, "x", "y", "z")
    (False, True)
    """
    starts, ends, known = _names(xs), _names(ys), _names(given)
    if starts & ends or starts & known or ends & known:
        raise GraphError("The sets to separate overlap.", "Name each variable once.")
    for name in starts | ends | known:
        graph.parents(name)  # refuses unknown names
    return not connected(graph, starts, known) & ends


def connected(
    graph: CausalGraph,
    xs: Iterable[str],
    given: Iterable[str] = (),
    rootless: frozenset[str] = frozenset(),
) -> frozenset[str]:
    """Every node outside `given` that `xs` is m-connected to, `xs` included.

    Arrows that leave the nodes `rootless` count as taken away.
    """
    if graph.partial:
        raise GraphError(
            "Some edges have no direction yet.", "Direct or remove them, then ask again."
        )
    starts, known = frozenset(xs), frozenset(given)
    parents = {name: graph.parents(name) - rootless for name in graph.nodes}
    opened = order.reach(known, parents)

    def ways(name: str) -> list[tuple[bool, Step]]:
        """The ways out of `name`: (arrowhead at `name`, (next node, arrowhead there))."""
        children = () if name in rootless else graph.children(name)
        return [
            *((False, (child, True)) for child in children),
            *((True, (parent, False)) for parent in parents[name]),
            *((True, (sibling, True)) for sibling in graph.siblings(name)),
        ]

    walk = list({step: None for start in starts for _, step in ways(start)})
    reached = set(walk)
    for name, arrowhead in walk:
        for head_here, step in ways(name):
            passes = name in opened if arrowhead and head_here else name not in known
            if passes and step not in reached:
                reached.add(step)
                walk.append(step)
    return (starts | {name for name, _ in reached}) - known


def _names(names: str | Iterable[str]) -> frozenset[str]:
    return frozenset([names] if isinstance(names, str) else names)
