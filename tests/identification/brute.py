"""Adjustment by trying everything, each definition word by word, to hold the fast ways to.

Bidirected edges are hidden causes of their own here, and paths are listed by networkx.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, combinations, pairwise

import networkx as nx
from hypothesis import strategies as st

from causal_core.graphs.graph import CausalGraph, Edge

Sets = set[frozenset[str]]
Node = str | Edge


@dataclass(frozen=True)
class Question:
    """A graph and what is asked of it."""

    graph: CausalGraph
    causes: frozenset[str]
    outcomes: frozenset[str]

    @property
    def free(self) -> list[str]:
        """What may be in a set: measured, not asked about, not what selected the rows."""
        taken = self.causes | self.outcomes | self.graph.selected
        return [name for name in self.graph.observed if name not in taken]

    @property
    def confounded(self) -> Question:
        """One that front doors may answer: nothing leads into causes or out of outcomes, and
        each cause and outcome are joined by `<->` alone."""
        asked = self.causes | self.outcomes
        edges = {Edge(x, y, "<->") for x in self.causes for y in self.outcomes}
        for edge in self.graph.edges:
            ends = {edge.source, edge.target}
            if edge.kind == "<->" and not ends & asked:
                edges.add(edge)
            elif edge.kind == "->" and not ends <= asked:
                turned = edge.target in self.causes or edge.source in self.outcomes
                edges.add(Edge(edge.target, edge.source) if turned else edge)
        return Question(replace(self.graph, edges=tuple(edges)), self.causes, self.outcomes)

    @cached_property
    def dag(self) -> nx.DiGraph:
        """The graph with a hidden node for every `<->`."""
        dag = nx.DiGraph()
        dag.add_nodes_from(self.graph.nodes)
        for edge in self.graph.edges:
            if edge.kind == "->":
                dag.add_edge(edge.source, edge.target)
            else:
                dag.add_edges_from([(edge, edge.source), (edge, edge.target)])
        return dag

    @cached_property
    def ways(self) -> list[list[Node]]:
        """All paths from a cause to an outcome that leave the causes for good."""
        both = self.dag.to_undirected(as_view=True)
        found = [
            path
            for x in sorted(self.causes)
            for y in sorted(self.outcomes)
            for path in nx.all_simple_paths(both, x, y)
        ]
        return [path for path in found if not self.causes.intersection(path[1:])]

    def causal(self, path: list[Node]) -> bool:
        """Whether all arrows of a path point the same way."""
        return all(self.dag.has_edge(one, other) for one, other in pairwise(path))

    @cached_property
    def spoiling(self) -> frozenset[Node]:
        """The nodes of causal paths, causes left out, and their descendants."""
        between = {node for path in self.ways if self.causal(path) for node in path[1:]}
        return frozenset(between.union(*(nx.descendants(self.dag, node) for node in between)))

    def open(self, path: list[Node], chosen: Iterable[str]) -> bool:
        """Whether information passes all nodes of a path, what selected the rows held too."""
        held = self.graph.selected.union(chosen)
        above = held.union(*(nx.ancestors(self.dag, name) for name in held))
        for before, here, after in zip(path, path[1:], path[2:], strict=False):
            collider = self.dag.has_edge(before, here) and self.dag.has_edge(after, here)
            if (here not in above) if collider else (here in held):
                return False
        return True

    def adjusts(self, chosen: frozenset[str]) -> bool:
        """The adjustment criterion (Shpitser, VanderWeele & Robins 2010)."""
        if (chosen | self.graph.selected) & self.spoiling:
            return False
        return not any(self.open(path, chosen) for path in self.ways if not self.causal(path))

    def is_frontdoor(self, chosen: frozenset[str]) -> bool:
        """Pearl's front-door criterion (2009, definition 3.3.3), given what selected the rows.

        Nothing that the causes change may have selected them.
        """
        held, causes, outcomes = self.graph.selected, self.causes, self.outcomes
        if held & frozenset().union(*(nx.descendants(self.dag, cause) for cause in causes)):
            return False
        around = self.dag.subgraph(self.dag.nodes - chosen)
        if any(nx.has_path(around, x, y) for x in causes for y in outcomes):
            return False
        if not chosen:
            return True
        from_causes, from_chosen = self._rootless(causes), self._rootless(chosen)
        return nx.is_d_separator(from_causes, causes, chosen, held) and nx.is_d_separator(
            from_chosen, chosen, outcomes, causes | held
        )

    def _rootless(self, names: frozenset[str]) -> nx.DiGraph:
        cut = self.dag.copy()
        cut.remove_edges_from(list(self.dag.out_edges(names)))
        return cut

    @cached_property
    def adjusting(self) -> Sets:
        """All adjustment sets."""
        return {chosen for chosen in subsets(self.free) if self.adjusts(chosen)}


def subsets(names: Iterable[str]) -> Iterator[frozenset[str]]:
    items = list(names)
    sizes = (combinations(items, size) for size in range(len(items) + 1))
    return map(frozenset, chain.from_iterable(sizes))


def least(sets: Sets) -> Sets:
    """Those of which no part is there."""
    return {one for one in sets if not any(other < one for other in sets)}


def drawn(seed: int, most: int = 7, *, single: bool = False, selected: bool = True) -> Question:
    """A random question on a random graph of 2 to `most` nodes, some of them unmeasured."""
    rng = random.Random(seed)
    names = [f"n{i}" for i in range(rng.randint(2, most))]
    order, share = rng.sample(names, len(names)), rng.uniform(0.1, 0.7)
    arcs = rng.choice((0.0, 0.15, 0.3))
    pairs = list(combinations(order, 2))
    edges = [Edge(*pair) for pair in pairs if rng.random() < share]
    edges += [Edge(*pair, "<->") for pair in pairs if rng.random() < arcs]
    roles = rng.sample(names, len(names))
    causes = 1 if single else rng.choice((1, 1, 1, 2))
    outcomes = 1 if single else rng.choice((1, 1, 1, 2))
    if causes + outcomes > len(names):
        causes = outcomes = 1
    rest = roles[causes + outcomes :]
    latent = rest[: rng.choice((0, 0, 1, 2))]
    chosen = rest[-1:] if selected and rng.random() < 0.2 else []
    graph = CausalGraph(tuple(names), tuple(edges), frozenset(latent), selected=frozenset(chosen))
    return Question(graph, frozenset(roles[:causes]), frozenset(roles[causes : causes + outcomes]))


@st.composite
def questions(draw: st.DrawFn, most: int = 6, *, single: bool = False) -> Question:
    """Any question on any graph of up to `most` nodes, smaller ones when a test fails."""
    names = [f"n{i}" for i in range(draw(st.integers(2, most)))]
    kinds = st.sampled_from(((), (), ("->",), ("->",), ("<->",), ("->", "<->")))
    edges = [Edge(*pair, kind) for pair in combinations(names, 2) for kind in draw(kinds)]
    roles = draw(st.permutations(names))
    pairs = [(1, 1)] if single or len(names) < 4 else [(1, 1), (1, 1), (2, 1), (1, 2)]
    causes, outcomes = draw(st.sampled_from(pairs))
    rest = roles[causes + outcomes :]
    latent = frozenset(rest[: draw(st.integers(0, 2))])
    selected = frozenset(rest[len(rest) - draw(st.sampled_from((0, 0, 0, 1))) :]) if rest else ()
    graph = CausalGraph(tuple(names), tuple(edges), latent, selected=frozenset(selected))
    return Question(graph, frozenset(roles[:causes]), frozenset(roles[causes : causes + outcomes]))
