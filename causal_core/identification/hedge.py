"""Hedges: the graphs that make an effect impossible to read from the data.

A *C-forest* with root set R is a graph in which every node has at most one child, arcs join
all nodes, and R are the nodes without a child. A *hedge* for P(y | do(x)) is a pair of
C-forests F′ ⊂ F with the same roots, F meets X, F′ does not, and the roots lead to Y where
arrows into X are cut. An effect is identifiable exactly if it has none (Shpitser & Pearl
2006, *Identification of joint interventional distributions in recursive semi-Markovian
causal models*, definitions 5 and 6, theorems 4 and 6).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from causal_core.graphs import order
from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.identification.naming import listed


@dataclass(frozen=True)
class Hedge:
    """The pair of C-forests `larger` ⊃ `smaller` over `roots`, and why it is in the way.

    For a conditional question it is a hedge for P(`outcome` | do(`treatment`)) after rule 2
    moved what it can from the conditions to the treatments; both are kept here.
    """

    larger: CausalGraph
    smaller: CausalGraph
    roots: frozenset[str]
    treatment: frozenset[str]
    outcome: frozenset[str]

    @property
    def reason(self) -> str:
        """One sentence for people."""
        set_ = listed(set(self.larger.nodes) & self.treatment)
        return (
            f"Unmeasured causes tie {set_} to its own effect {listed(self.roots)}"
            f"{_on_the_way(self.roots, self.outcome)}, so that two worlds with the same data "
            "give different answers."
        )

    def holds_in(
        self, graph: CausalGraph, treatment: str | Iterable[str], outcome: str | Iterable[str]
    ) -> bool:
        """Whether it is, by definition, a hedge for P(outcome | do(treatment)) in `graph`."""
        projected = graph.project()
        xs, ys = _names(treatment), _names(outcome)
        inner, outer = set(self.smaller.nodes), set(self.larger.nodes)
        kept = (e for e in projected.edges if e.kind != "->" or e.target not in xs)
        without_arrows = replace(projected, edges=tuple(kept))
        return (
            _within(self.smaller, self.larger)
            and _within(self.larger, projected)
            and is_c_forest(self.larger, self.roots)
            and is_c_forest(self.smaller, self.roots)
            and bool(outer & xs)
            and not inner & xs
            and self.roots <= without_arrows.ancestors(ys)
        )


def hedge(
    graph: CausalGraph, inner: frozenset[str], treatment: frozenset[str], outcome: frozenset[str]
) -> Hedge:
    """A hedge in what line 5 of ID fails on: a district `graph` with the part `inner`.

    Nodes are left out while what is left still makes one. Then every node keeps one arrow,
    those of `inner` one within it, and arcs are kept as a tree that first joins `inner` (the
    proof of theorem 6).
    """
    kept = _smallest(graph, inner, treatment)
    graph, inner = graph.subgraph(kept), inner & kept
    roots = frozenset(name for name in inner if not graph.children(name) & inner)
    arrows = [
        Edge(name, min(graph.children(name) & inner or graph.children(name)))
        for name in graph.nodes
        if name not in roots
    ]
    larger = replace(graph, edges=(*arrows, *_tree(graph, inner)))
    return Hedge(larger, larger.subgraph(inner), roots, treatment, outcome)


def _smallest(
    graph: CausalGraph, inner: frozenset[str], treatment: frozenset[str]
) -> frozenset[str]:
    """Nodes of `graph` that still make a hedge, none of which can be left out."""
    kept = frozenset(graph.nodes)

    def makes_one(nodes: frozenset[str]) -> bool:
        outer = nodes - inner
        return (
            bool(nodes & treatment)
            and _joined(graph, nodes)
            and _joined(graph, nodes & inner)
            and all(graph.children(name) & nodes for name in outer)
        )

    while name := next(
        (n for n in graph.topological_order if n in kept and makes_one(kept - {n})), None
    ):
        kept -= {name}
    return kept


def _joined(graph: CausalGraph, nodes: frozenset[str]) -> bool:
    """Whether arcs among `nodes`, at least one, join them all."""
    arcs = {name: graph.siblings(name) & nodes for name in nodes}
    return bool(nodes) and order.reach([min(nodes)], arcs) == nodes


def _tree(graph: CausalGraph, inner: frozenset[str]) -> list[Edge]:
    """Arcs that join all nodes without a ring; those that join `inner` come first."""
    arcs = [edge for edge in graph.edges if edge.kind == "<->"]
    arcs.sort(key=lambda arc: not {arc.source, arc.target} <= inner)
    group = {name: frozenset([name]) for name in graph.nodes}
    kept = []
    for arc in arcs:
        if group[arc.source] != group[arc.target]:
            kept.append(arc)
            joined = group[arc.source] | group[arc.target]
            group.update(dict.fromkeys(joined, joined))
    return kept


def _on_the_way(roots: frozenset[str], outcome: frozenset[str]) -> str:
    return "" if roots <= outcome else f", on the way to {listed(outcome)}"


def is_c_forest(graph: CausalGraph, roots: frozenset[str]) -> bool:
    """Whether arcs join all nodes, each has at most one child, and `roots` have none."""
    childless = {name for name in graph.nodes if not graph.children(name)}
    return (
        len(graph.districts) == 1
        and all(len(graph.children(name)) <= 1 for name in graph.nodes)
        and childless == roots
    )


def _within(part: CausalGraph, whole: CausalGraph) -> bool:
    return set(part.nodes) <= set(whole.nodes) and set(part.edges) <= set(whole.edges)


def _names(names: str | Iterable[str]) -> frozenset[str]:
    return frozenset([names] if isinstance(names, str) else names)
