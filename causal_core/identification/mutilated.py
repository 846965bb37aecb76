"""Graphs that lack some arrows, as the rules of do-calculus ask for (Pearl 2009, section 3.4)."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from causal_core.graphs.graph import CausalGraph, Edge


def without_causes(graph: CausalGraph, names: Set[str]) -> CausalGraph:
    """`graph` without the arrows into `names`, those of `<->` included (a bar above)."""
    return _without(graph, {edge for edge in graph.edges if _enters(edge, names)})


def without_effects(graph: CausalGraph, names: Set[str]) -> CausalGraph:
    """`graph` without the arrows out of `names` (a bar below)."""
    return _without(graph, {e for e in graph.edges if e.kind == "->" and e.source in names})


def cut_between(graph: CausalGraph, mutilated: CausalGraph) -> tuple[Edge, ...]:
    """The edges of `graph` that `mutilated`, over the same nodes, lacks."""
    kept = set(mutilated.edges)
    return tuple(edge for edge in graph.edges if edge not in kept)


def _enters(edge: Edge, names: Set[str]) -> bool:
    return edge.target in names or (edge.kind == "<->" and edge.source in names)


def _without(graph: CausalGraph, edges: Set[Edge]) -> CausalGraph:
    return replace(graph, edges=tuple(edge for edge in graph.edges if edge not in edges))
