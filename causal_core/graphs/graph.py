"""The causal graph: what causes what, and where something unmeasured causes two things."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from types import MappingProxyType

from causal_core.errors import CycleError, GraphError, LimitError
from causal_core.graphs import order
from causal_core.limits import limit

KINDS = ("->", "<->", "--", "o->", "o-o")
SYMMETRIC = frozenset({"<->", "--", "o-o"})
ADMG = frozenset({"->", "<->"})

ROLES = ("latent", "exposures", "outcomes", "adjusted", "selected")

Position = tuple[float, float]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Edge:
    """One line of a graph.

    `->` source causes target; `<->` something unmeasured causes both; `--`, `o->` and
    `o-o` have ends that the data leave open. Kinds that read the same both ways are
    stored with their ends sorted, so equal edges are equal values.
    """

    source: str
    target: str
    kind: str = "->"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise GraphError(f"“{self.kind}” is no kind of edge.", f"Use {', '.join(KINDS)}.")
        if self.source == self.target:
            raise GraphError(
                f"“{self.source}” has an arrow to itself.", "Remove it: nothing causes itself."
            )
        if self.kind in SYMMETRIC and self.source > self.target:
            source, target = self.source, self.target
            object.__setattr__(self, "source", target)
            object.__setattr__(self, "target", source)

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.target}"


@dataclass(frozen=True)
class CausalGraph:
    """An immutable acyclic directed mixed graph (ADMG) over named variables.

    Roles: `latent` nodes are unmeasured, `exposures` and `outcomes` are what is asked
    about, `adjusted` is held in the analysis, `selected` decided which rows are in the
    table. `positions` (x to the right, y downwards, any unit) and `notes` (why a pair of
    nodes has its edge or has none: sorted pair → text) are kept but are no part of
    equality. Edges are kept in the order of the nodes, each once.
    The undecided kinds (`--`, `o->`, `o-o`) are held for graphs found from data;
    `partial` tells whether there are any.

    Raises CycleError naming the path of a cycle, LimitError for too many nodes and
    GraphError for anything else that means nothing.

    >>> graph = CausalGraph.parse("dag { z -> x; z -> y; x -> y; x <-> w }")
    >>> sorted(graph.parents("y")), sorted(graph.siblings("x"))
    (['x', 'z'], ['w'])
    """

    nodes: tuple[str, ...] = ()
    edges: tuple[Edge, ...] = ()
    latent: frozenset[str] = frozenset()
    positions: Mapping[str, Position] = field(default_factory=dict, compare=False)
    exposures: frozenset[str] = frozenset()
    outcomes: frozenset[str] = frozenset()
    adjusted: frozenset[str] = frozenset()
    selected: frozenset[str] = frozenset()
    notes: Mapping[Pair, str] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        nodes = _checked_nodes(self.nodes)
        rank = {name: index for index, name in enumerate(nodes)}
        put = object.__setattr__
        put(self, "nodes", nodes)
        for edge in self.edges:
            self._need(edge.source, edge.target)
        for role in ROLES:
            names = getattr(self, role)
            put(self, role, frozenset([names] if isinstance(names, str) else names))
            self._need(*getattr(self, role))
        edges = sorted(set(self.edges), key=lambda e: (rank[e.source], rank[e.target], e.kind))
        put(self, "edges", tuple(edges))
        put(self, "positions", MappingProxyType(_checked_positions(self.positions, rank)))
        put(self, "notes", MappingProxyType(_checked_notes(self.notes, rank)))
        _check_pairs(self.edges)
        if path := order.cycle(self._children):
            raise CycleError(path)

    # ── other forms ──────────────────────────────────────────────────────────────

    @classmethod
    def parse(cls, text: str) -> CausalGraph:
        """The graph that dagitty `text` describes; GraphSyntaxError names line and column."""
        from causal_core.graphs.formats.dagitty import parse

        return parse(text)

    def to_dagitty(self) -> str:
        """Dagitty text, positions included, that `parse` reads back without loss."""
        from causal_core.graphs.formats.dagitty import to_dagitty

        return to_dagitty(self)

    @classmethod
    def from_edges(
        cls,
        directed: Iterable[tuple[str, str]],
        bidirected: Iterable[tuple[str, str]] = (),
        nodes: Iterable[str] = (),
        latent: Iterable[str] = (),
    ) -> CausalGraph:
        """A graph from pairs; nodes that `nodes` leaves out follow in order of appearance.

        >>> CausalGraph.from_edges([("x", "y")], bidirected=[("y", "w")]).nodes
        ('x', 'y', 'w')
        """
        arrows = [Edge(source, target) for source, target in directed]
        arcs = [(one, other) for one, other in bidirected]
        ends = [end for edge in arrows for end in (edge.source, edge.target)]
        ends += [end for arc in arcs for end in arc]
        edges = (*arrows, *(Edge(one, other, "<->") for one, other in arcs))
        latents = (latent,) if isinstance(latent, str) else tuple(latent)
        return cls(tuple(dict.fromkeys([*nodes, *ends, *latents])), edges, frozenset(latents))

    def to_json(self) -> str:
        """One JSON object {nodes: [...], edges: [...]} that `from_json` reads back."""
        from causal_core.graphs.stored import to_json

        return to_json(self)

    @classmethod
    def from_json(cls, text: str) -> CausalGraph:
        """The graph of `to_json`; GraphError where the text is anything else."""
        from causal_core.graphs.stored import from_json

        return from_json(text)

    def __reduce__(self) -> tuple[object, ...]:
        return CausalGraph.from_json, (self.to_json(),)

    # ── reading the graph ────────────────────────────────────────────────────────

    @property
    def latents(self) -> frozenset[str]:
        """The unmeasured nodes."""
        return self.latent

    @property
    def observed(self) -> tuple[str, ...]:
        """The measured nodes, in order."""
        return tuple(name for name in self.nodes if name not in self.latent)

    @property
    def claims(self) -> tuple[frozenset[str], frozenset[Edge], frozenset[str]]:
        """What the equations follow: nodes, edges and which are unmeasured; no roles."""
        return frozenset(self.nodes), frozenset(self.edges), self.latent

    @property
    def partial(self) -> bool:
        """Whether some edge is neither `->` nor `<->`, so that its direction is open."""
        return any(edge.kind not in ADMG for edge in self.edges)

    def parents(self, node: str) -> frozenset[str]:
        """The direct causes of `node`."""
        self._need(node)
        return self._parents[node]

    def children(self, node: str) -> frozenset[str]:
        """The direct effects of `node`."""
        self._need(node)
        return frozenset(self._children[node])

    def siblings(self, node: str) -> frozenset[str]:
        """The nodes that share an unmeasured cause with `node` (its bidirected neighbours)."""
        self._need(node)
        return self._siblings[node]

    def ancestors(self, nodes: str | Iterable[str]) -> frozenset[str]:
        """`nodes` and everything with a directed path to one of them."""
        return order.reach(self._known(nodes), self._parents)

    def descendants(self, nodes: str | Iterable[str]) -> frozenset[str]:
        """`nodes` and everything that one of them has a directed path to."""
        return order.reach(self._known(nodes), self._children)

    @cached_property
    def topological_order(self) -> tuple[str, ...]:
        """All nodes, causes before effects; ties in the order of `nodes`."""
        return order.topological(self._children)

    @cached_property
    def districts(self) -> tuple[frozenset[str], ...]:
        """The components joined by `<->` (c-components), in the order of `nodes`.

        Nodes marked latent count like any other; `project` first to turn them into arcs.
        """
        found = (order.reach((name,), self._siblings) for name in self.nodes)
        return tuple(dict.fromkeys(found))

    # ── other graphs from this one ───────────────────────────────────────────────

    def project(self) -> CausalGraph:
        """The latent projection (Verma & Pearl 1990): the same claims without latent nodes.

        Directed paths through latents become arrows, shared latent causes become `<->`.

        >>> CausalGraph.from_edges([("u", "x"), ("u", "y")], latent="u").project().edges
        (Edge(source='x', target='y', kind='<->'),)
        """
        edges = set(self.edges)
        for name in self.nodes:
            if name in self.latent:
                edges = _bridged(edges, name)
        return replace(self.subgraph(self.observed), edges=tuple(edges))

    def subgraph(self, nodes: Iterable[str]) -> CausalGraph:
        """The graph over `nodes` alone, with the edges among them."""
        kept = self._known(nodes)
        return CausalGraph(
            tuple(name for name in self.nodes if name in kept),
            tuple(e for e in self.edges if e.source in kept and e.target in kept),
            positions={name: place for name, place in self.positions.items() if name in kept},
            notes={pair: text for pair, text in self.notes.items() if kept.issuperset(pair)},
            **{role: getattr(self, role) & kept for role in ROLES},
        )

    def add(self, item: Edge | str) -> CausalGraph:
        """This graph with one more edge (and its ends) or one more node."""
        ends = (item,) if isinstance(item, str) else (item.source, item.target)
        nodes = tuple(dict.fromkeys([*self.nodes, *ends]))
        extra = () if isinstance(item, str) else (item,)
        return replace(self, nodes=nodes, edges=(*self.edges, *extra))

    def remove(self, item: Edge | str) -> CausalGraph:
        """This graph without an edge, or without a node and its edges."""
        if isinstance(item, str):
            self._need(item)
            return self.subgraph(name for name in self.nodes if name != item)
        self._need_edge(item)
        return replace(self, edges=tuple(edge for edge in self.edges if edge != item))

    def reverse(self, edge: Edge) -> CausalGraph:
        """This graph with `edge` turned around; CycleError where that closes a cycle."""
        self._need_edge(edge)
        turned = Edge(edge.target, edge.source, edge.kind)
        return replace(self, edges=(*(e for e in self.edges if e != edge), turned))

    def rename(self, old: str, new: str) -> CausalGraph:
        """This graph with another name for one node; GraphError where it is taken."""
        self._need(old)
        if new != old and new in self.nodes:
            raise GraphError(f"Two nodes are called “{new}”.", "Choose another name.")
        called = {name: new if name == old else name for name in self.nodes}
        return CausalGraph(
            tuple(called.values()),
            tuple(Edge(called[e.source], called[e.target], e.kind) for e in self.edges),
            positions={called[name]: place for name, place in self.positions.items()},
            notes={(called[a], called[b]): text for (a, b), text in self.notes.items()},
            **{role: frozenset(called[n] for n in getattr(self, role)) for role in ROLES},
        )

    # ── inner ────────────────────────────────────────────────────────────────────

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {name: [] for name in self.nodes}
        for edge in self.edges:
            if edge.kind == "->":
                found[edge.source].append(edge.target)
        return {name: tuple(children) for name, children in found.items()}

    @cached_property
    def _parents(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {name: set() for name in self.nodes}
        for edge in self.edges:
            if edge.kind == "->":
                found[edge.target].add(edge.source)
        return {name: frozenset(parents) for name, parents in found.items()}

    @cached_property
    def _siblings(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {name: set() for name in self.nodes}
        for edge in self.edges:
            if edge.kind == "<->":
                found[edge.source].add(edge.target)
                found[edge.target].add(edge.source)
        return {name: frozenset(siblings) for name, siblings in found.items()}

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(self.nodes)

    def _known(self, nodes: str | Iterable[str]) -> frozenset[str]:
        names = frozenset([nodes] if isinstance(nodes, str) else nodes)
        self._need(*names)
        return names

    def _need(self, *names: str) -> None:
        for name in names:
            if name not in self._names:
                near = get_close_matches(str(name), self.nodes, n=1)
                hint = f"Did you mean “{near[0]}”?" if near else "Add it to the graph first."
                raise GraphError(f"The graph has no node “{name}”.", hint)

    def _need_edge(self, edge: Edge) -> None:
        if edge not in self.edges:
            raise GraphError(f"The graph has no edge “{edge}”.", "Add it first.")


def _bridged(edges: set[Edge], name: str) -> set[Edge]:
    """`edges` without the node `name`, and what passed through it as edges of its own."""
    here = {edge for edge in edges if name in (edge.source, edge.target)}
    above = {edge.source for edge in here if edge.kind == "->"} - {name}
    below = sorted({edge.target for edge in here if edge.kind == "->"} - {name})
    beside = {end for edge in here if edge.kind == "<->" for end in (edge.source, edge.target)}
    arrows = {Edge(one, other) for one in above for other in below}
    ends = {*below, *beside} - {name}
    arcs = {Edge(one, other, "<->") for one in below for other in ends if one != other}
    return edges - here | arrows | arcs


def _checked_nodes(nodes: Iterable[str]) -> tuple[str, ...]:
    names = tuple(nodes)
    if any(not isinstance(name, str) or not name.strip() for name in names):
        raise GraphError("A node has no name.", "Give every node a name.")
    if len(names) > limit("graph_nodes"):
        raise LimitError(
            f"The graph has {len(names)} nodes; the limit is {limit('graph_nodes')}.",
            "Leave out the columns that the question does not need.",
        )
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise GraphError(f"Two nodes are called “{twice}”.", "Rename or remove one of them.")
    return names


def _checked_positions(
    positions: Mapping[str, Position], rank: Mapping[str, int]
) -> dict[str, Position]:
    kept = {name: (float(x), float(y)) for name, (x, y) in positions.items() if name in rank}
    for name, place in kept.items():
        if not all(map(math.isfinite, place)):
            raise GraphError(f"“{name}” stands nowhere.", "Give it a finite position.")
    return dict(sorted(kept.items(), key=lambda item: rank[item[0]]))


def _checked_notes(notes: Mapping[Pair, str], rank: Mapping[str, int]) -> dict[Pair, str]:
    sorted_ = {(min(pair), max(pair)): str(text).strip() for pair, text in notes.items()}
    return {
        (one, other): text
        for (one, other), text in sorted(sorted_.items())
        if text and one != other and one in rank and other in rank
    }


def _check_pairs(edges: Iterable[Edge]) -> None:
    """An open edge says all that is known of its pair, so no second edge may join it."""
    joined: dict[frozenset[str], Edge] = {}
    for edge in edges:
        first = joined.setdefault(frozenset((edge.source, edge.target)), edge)
        if first is not edge and not {first.kind, edge.kind} <= ADMG:
            raise GraphError(f"“{first}” and “{edge}” contradict each other.", "Keep one of them.")
