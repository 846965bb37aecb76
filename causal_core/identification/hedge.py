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

from causal_core.graphs.graph import CausalGraph


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
        return ""

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
