"""The adjustment criterion of one question: which nodes may not be held, and what must be cut.

A set of variables adjusts for the effect of `causes` on `outcomes` exactly where it holds no
forbidden node and separates the two in the proper back-door graph, in which the first arrow of
every causal path is gone. The criterion is sound and complete, for sets and with unmeasured
nodes (van der Zander, Liśkiewicz & Textor 2014, *Constructing separators and adjustment sets
in ancestral graphs*; 2019, *Separators and adjustment sets in causal graphs*).

Nodes that selected the rows are always held: whatever is computed, is computed given them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from causal_core.errors import GraphError
from causal_core.graphs.augmented import Neighbours, augmented, bridged, merged
from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.separation import m_separated

Names = str | Iterable[str]


@dataclass(frozen=True)
class Criterion:
    """What adjusting for the effect of `causes` on `outcomes` in `graph` takes."""

    graph: CausalGraph
    causes: frozenset[str]
    outcomes: frozenset[str]

    @classmethod
    def of(cls, graph: CausalGraph, treatment: Names, outcome: Names) -> Criterion:
        """The criterion of a question; GraphError where the question means nothing."""
        return cls(graph, *need_question(graph, treatment, outcome))

    @cached_property
    def mediators(self) -> frozenset[str]:
        """The nodes on directed paths that leave the causes for good, outcomes included."""
        rest = self.graph.subgraph(n for n in self.graph.nodes if n not in self.causes)
        starts = {child for cause in self.causes for child in self.graph.children(cause)}
        below = rest.descendants(starts - self.causes)
        return below & rest.ancestors(self.outcomes)

    @cached_property
    def spoiling(self) -> frozenset[str]:
        """The mediators and all that they cause: holding one takes away part of the effect."""
        return self.graph.descendants(self.mediators)

    @cached_property
    def forbidden(self) -> frozenset[str]:
        """The nodes that no adjustment set may hold, unmeasured ones included."""
        return self.spoiling | self.causes | self.outcomes | (self.graph.latent - self.held)

    @property
    def held(self) -> frozenset[str]:
        """What is given whether one likes it or not: the nodes that selected the rows."""
        return self.graph.selected

    @cached_property
    def backdoor(self) -> CausalGraph:
        """The graph without the first arrow of every causal path."""
        kept = (
            edge
            for edge in self.graph.edges
            if not (
                edge.kind == "->" and edge.source in self.causes and edge.target in self.mediators
            )
        )
        return replace(self.graph, edges=tuple(kept))

    def met_by(self, chosen: frozenset[str]) -> bool:
        """Whether adjusting for `chosen` gives the effect."""
        if chosen & self.forbidden or self.held & self.spoiling:
            return False
        return m_separated(self.backdoor, self.causes, self.outcomes, chosen | self.held)

    def field(
        self, forced: frozenset[str] = frozenset(), barred: frozenset[str] = frozenset()
    ) -> tuple[Neighbours, str, str] | None:
        """The graph whose cuts complete `forced`, and the two nodes between which they are.

        Causes and outcomes are drawn together into one node each; nodes that may not be held
        are bridged. None where no set of measured nodes will do.
        """
        if forced & (self.forbidden | barred) or self.held & self.spoiling:
            return None
        cause, outcome = min(self.causes), min(self.outcomes)
        near = augmented(self.backdoor, self.causes | self.outcomes, forced | self.held)
        near = merged(merged(near, self.causes, cause), self.outcomes, outcome)
        near = bridged(near, (self.forbidden | barred) - {cause, outcome})
        return None if outcome in near[cause] else (near, cause, outcome)


def need_question(
    graph: CausalGraph, treatment: Names, outcome: Names
) -> tuple[frozenset[str], frozenset[str]]:
    """Treatment and outcome as sets; GraphError where they make no question for this graph."""
    causes, outcomes = named(graph, treatment), named(graph, outcome)
    if graph.partial:
        raise GraphError("Some edges have no direction yet.", "Direct or remove them first.")
    if not causes or not outcomes:
        raise GraphError("A cause or an outcome is missing.", "Choose at least one of each.")
    if causes & outcomes:
        raise GraphError("Cause and outcome are the same.", "Choose two different variables.")
    for name in sorted(causes | outcomes):
        if name in graph.latent:
            raise GraphError(f"“{name}” is unmeasured.", "Choose a column of the table.")
        if name in graph.selected:
            raise GraphError(
                f"“{name}” decided which rows there are, so it may not vary in them.",
                "Choose another variable, or take the mark “selects rows” away.",
            )
    return causes, outcomes


def named(graph: CausalGraph, names: Names) -> frozenset[str]:
    """One name or several as a set; GraphError for a name that the graph does not have."""
    found = frozenset([names] if isinstance(names, str) else names)
    for name in sorted(found):
        graph.parents(name)  # refuses unknown names
    return found
