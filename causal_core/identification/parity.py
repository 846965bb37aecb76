"""The worlds of a hedge F′ ⊂ F (Shpitser & Pearl 2006, theorem 4).

Every arc of F is a fair coin, and every node of F is the parity of what it reads in F. In the
second world the nodes of F′ read F′ only. Seen, the parity of the roots is the same in both;
where the treatments are set, a coin between F′ and the rest counts once, in the first world
only. From the roots the parity is passed on, bit by bit, to the outcome.

Flips, alike in both worlds, make every combination possible: of a node in F′ (of all of F it
would show in the data) and of each bit on the way. For a conditional question they depend on
whatever the graph lets a node read, so that conditions and outcome tell of each other. The
data stay alike: given all values and flips, the coins of F are as likely in both worlds.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.identification.hedge import Hedge
from causal_core.identification.mutilated import without_causes
from causal_core.identification.rules import blocked_paths
from causal_core.identification.world import Name, Table, World

FOREST, WAY, PLAIN = "forest", "way", "plain"

# How often a bit is flipped; any chance but ½ would do where the parity must come through.
ROOT_FLIPS, WAY_FLIPS = 0.25, 0.1
ROOM = 12  # nodes of which all combinations are enumerated quickly
COIN = Table((), np.array([0.5, 0.5]))


class ParityWorlds:
    """The two `worlds` of a `hedge` in `graph` (no latent nodes).

    `named`: treatments and outcomes, and conditions. With conditions there are more flips,
    drawn from `seed`, and more nodes.
    """

    def __init__(
        self,
        graph: CausalGraph,
        hedge: Hedge,
        named: tuple[frozenset[str], frozenset[str]],
        seed: int,
    ) -> None:
        self._graph, self._hedge = graph, hedge
        self._way = _way(graph, hedge)
        self._rich = bool(named[1])
        needed = named[0].union(named[1], hedge.larger.nodes, self._way, self._way.values())
        kept = _widened(graph, needed, hedge, named[1]) if self._rich else needed
        self._nodes = tuple(name for name in graph.topological_order if name in kept)
        rng = np.random.default_rng(seed)
        self._flips = {
            (name, kind): self._flip(name, kind, rng)
            for name in self._nodes
            for kind in self._kinds(name)
        }

    @cached_property
    def worlds(self) -> tuple[World, World]:
        """The world in which F′ reads all of F, and the one in which it reads F′ only."""
        return self._world(self._hedge.larger), self._world(self._hedge.smaller)

    def _world(self, inner: CausalGraph) -> World:
        tables: dict[Name, Table] = dict.fromkeys(self._arcs, COIN)
        for name in self._nodes:
            forest = inner if name in self._hedge.smaller.nodes else self._hedge.larger
            tables[name] = self._table(name, forest)
        return World(self._nodes, tables)

    @cached_property
    def _arcs(self) -> tuple[Edge, ...]:
        """The hidden causes: those of F and, where flips read them, others as there is room."""
        within = self._graph.subgraph(self._nodes)
        arcs = [edge for edge in within.edges if edge.kind == "<->"]
        ours = [arc for arc in arcs if arc in self._hedge.larger.edges]
        others = [arc for arc in arcs if arc not in ours] if self._rich else []
        return (*ours, *others[:ROOM])

    def _kinds(self, name: str) -> list[str]:
        """The bits of a node, the lowest first."""
        kinds = [FOREST] if name in self._hedge.larger.nodes else []
        kinds += [WAY] if name in self._way.values() else []
        return kinds or [PLAIN]

    def _table(self, name: str, forest: CausalGraph) -> Table:
        """Each bit of `name` is the parity of the bits it reads, flipped at times."""
        kinds = self._kinds(name)
        sources = {kind: self._sources(name, kind, forest) for kind in kinds}
        flips = {kind: self._flips[name, kind] for kind in kinds}
        reads = tuple(
            dict.fromkeys(
                read
                for kind in kinds
                for read in (*(source for source, _ in sources[kind]), *flips[kind].reads)
            )
        )
        shape = [self._levels(read) for read in reads]
        grid = dict(zip(reads, np.indices(shape), strict=True))
        chances = np.ones((2 ** len(kinds), *shape))
        for place, kind in enumerate(kinds):
            parity = np.zeros(shape, int)
            for source, digit in sources[kind]:
                parity ^= grid[source] >> digit & 1
            flip = flips[kind].chances[tuple(grid[read] for read in flips[kind].reads)]
            for level in range(len(chances)):
                odd = (level >> place & 1) ^ parity
                chances[level] *= np.where(odd, flip, 1 - flip)
        return Table(reads, chances)

    def _sources(self, name: str, kind: str, forest: CausalGraph) -> list[tuple[Name, int]]:
        """What a bit is the parity of: whose value, and which of its bits."""
        if kind == FOREST:
            reads: list[Name] = [*sorted(forest.parents(name)), *_at(forest, name)]
            return [(read, 0) for read in reads]
        before = [n for n, after in self._way.items() if after == name and kind == WAY]
        passed: list[tuple[Name, int]] = [(n, 0) for n in before if n in self._hedge.roots]
        return passed + [(n, self._kinds(n).index(WAY)) for n in before if WAY in self._kinds(n)]

    def _flip(self, name: str, kind: str, rng: np.random.Generator) -> Table:
        """How often a bit is flipped, by what; `chances` has one axis for each of `reads`."""
        if kind == FOREST and name not in self._hedge.smaller.nodes:
            return Table((), np.array(0.0))
        if self._rich:
            reads = self._others(name)
            return Table(reads, rng.uniform(0.05, 0.45, [self._levels(read) for read in reads]))
        usual = {PLAIN: 0.5, WAY: WAY_FLIPS, FOREST: ROOT_FLIPS}[kind]
        one_root = min(self._hedge.roots)
        return Table((), np.array(0.0 if kind == FOREST and name != one_root else usual))

    def _others(self, name: str) -> tuple[Name, ...]:
        """What flips may depend on: all that the graph lets a node read but the coins of F."""
        free = [arc for arc in _at(self._graph, name) if arc in self._arcs]
        free = [arc for arc in free if arc not in self._hedge.larger.edges]
        return (*sorted(self._graph.parents(name) & set(self._nodes)), *free)

    def _levels(self, name: Name) -> int:
        return 2 if isinstance(name, Edge) else 2 ** len(self._kinds(name))


def _way(graph: CausalGraph, hedge: Hedge) -> dict[str, str]:
    """From each root the next node of a shortest way to an outcome past no treatment."""
    open_ = without_causes(graph, hedge.treatment)
    distance = dict.fromkeys(sorted(hedge.outcome), 0)
    queue = list(distance)
    for name in queue:
        for above in sorted(open_.parents(name) - distance.keys()):
            distance[above] = distance[name] + 1
            queue.append(above)
    way: dict[str, str] = {}
    walk = [name for name in sorted(hedge.roots) if distance[name]]
    for name in walk:
        nearer = (child for child in open_.children(name) if child in distance)
        way[name] = min(nearer, key=lambda child: (distance[child], child))
        if distance[way[name]] and way[name] not in walk:
            walk.append(way[name])
    return way


def _widened(
    graph: CausalGraph, needed: frozenset[str], hedge: Hedge, given: frozenset[str]
) -> frozenset[str]:
    """`needed`, paths between outcomes and conditions, and causes, as far as there is room."""
    open_ = without_causes(graph, hedge.treatment)
    paths = blocked_paths(open_, hedge.outcome - given, given)
    for more in (*map(frozenset, paths), *_generations(graph, needed)):
        if len(needed | more) <= ROOM:
            needed |= more
    return needed


def _generations(graph: CausalGraph, names: frozenset[str]) -> list[frozenset[str]]:
    """`names` with their parents, with those's parents too, and so on to all ancestors."""
    found = [names]
    while (wider := found[-1].union(*map(graph.parents, found[-1]))) != found[-1]:
        found.append(wider)
    return found


def _at(graph: CausalGraph, name: str) -> list[Edge]:
    return [e for e in graph.edges if e.kind == "<->" and name in (e.source, e.target)]
