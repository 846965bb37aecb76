"""What changed from one graph to another: nodes, edges, and edges that were turned."""

from __future__ import annotations

from dataclasses import dataclass

from causal_core.graphs.graph import CausalGraph, Edge


@dataclass(frozen=True)
class Difference:
    """From an earlier graph to a later one.

    `turned` holds edges of the later graph whose reverse the earlier one has; they are
    in neither `added` nor `removed`. A renamed node is one removed and one added. `hidden`
    and `measured` are nodes of both graphs that became latent, or ceased to be.
    """

    new_nodes: tuple[str, ...]
    gone_nodes: tuple[str, ...]
    hidden: tuple[str, ...]
    measured: tuple[str, ...]
    added: tuple[Edge, ...]
    removed: tuple[Edge, ...]
    turned: tuple[Edge, ...]

    def __bool__(self) -> bool:
        """Whether the graphs claim different things (roles, places and notes claim nothing)."""
        return any(vars(self).values())


def difference(before: CausalGraph, after: CausalGraph) -> Difference:
    """What `after` has otherwise than `before`.

    >>> found = difference(CausalGraph.parse("a -> b -> c"), CausalGraph.parse("a <- b; a -> c"))
    >>> [str(edge) for edge in (*found.added, *found.removed, *found.turned)]
    ['a -> c', 'b -> c', 'b -> a']
    """
    gone = [edge for edge in before.edges if edge not in after.edges]
    new = [edge for edge in after.edges if edge not in before.edges]
    turned = tuple(edge for edge in new if _reverse(edge) in gone)
    back = {_reverse(edge) for edge in turned}
    both = [name for name in after.nodes if name in before.nodes]
    return Difference(
        new_nodes=tuple(name for name in after.nodes if name not in before.nodes),
        gone_nodes=tuple(name for name in before.nodes if name not in after.nodes),
        hidden=tuple(n for n in both if n in after.latent and n not in before.latent),
        measured=tuple(n for n in both if n in before.latent and n not in after.latent),
        added=tuple(edge for edge in new if edge not in turned),
        removed=tuple(edge for edge in gone if edge not in back),
        turned=turned,
    )


def _reverse(edge: Edge) -> Edge:
    return Edge(edge.target, edge.source, edge.kind)
