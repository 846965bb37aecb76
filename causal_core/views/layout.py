"""Where the nodes of a graph stand when nobody has put them anywhere: causes left of effects."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from causal_core.graphs.graph import CausalGraph, Position

Tiers = Sequence[Collection[str]]

COLUMN, ROW = 210.0, 100.0  # pixels between neighbours at full size
_SWEEPS = 6
_MANY, _DENSE = 8, 2.2  # nodes, and edges a node, from which layers hide more than they show


def placed(graph: CausalGraph) -> CausalGraph:
    """`graph` with a position for every node; those that have one stay where they are."""
    missing = [name for name in graph.nodes if name not in graph.positions]
    if not missing:
        return graph
    if len(missing) == len(graph.nodes):
        return tidy(graph)
    below = ROW + max(y for _, y in graph.positions.values())
    left = min(x for x, _ in graph.positions.values())
    return replace(graph, positions={**graph.positions, **_grid(missing, left, below)})


def tidy(graph: CausalGraph, tiers: Tiers | None = None) -> CausalGraph:
    """`graph` laid out anew: by `tiers` where they are known, else as suits its edges.

    That is in layers, or on a ring where nearly everything is joined.

    >>> places = tidy(CausalGraph.from_edges([("x", "y")])).positions
    >>> places["x"][0] < places["y"][0]
    True
    """
    if tiers:
        return tiered(graph, tiers)
    joined = _joined(graph)
    dense = len(joined) >= _MANY and len(graph.edges) > _DENSE * len(joined)
    return ringed(graph) if dense else layered(graph)


def layered(graph: CausalGraph) -> CausalGraph:
    """`graph` in layers from left to right, with few crossings.

    Layers by longest path and order within a layer by the barycentre of the neighbours
    (Sugiyama, Tagawa & Toda 1981). Nodes without edges stand in a grid below.
    """
    return _columns(graph, _layers(graph, _joined(graph)))


def tiered(graph: CausalGraph, tiers: Tiers) -> CausalGraph:
    """`graph` with each tier to the right of the one before it, in layers within a tier.

    A node in no tier stands with its first effect, else with its last cause; one that has
    neither stands in the grid below. Names that the graph does not hold are passed over.

    >>> places = tiered(CausalGraph(("a", "b", "c")), [["c"], ["a", "b"]]).positions
    >>> places["c"][0] < places["a"][0] == places["b"][0]
    True
    """
    tier = _tier_of(graph, tiers)
    layers = []
    for number in sorted(set(tier.values())):
        within = graph.subgraph(name for name in graph.nodes if tier.get(name) == number)
        layers += _layers(within, within.nodes)
    return _columns(graph, layers)


def ringed(graph: CausalGraph) -> CausalGraph:
    """`graph` with its joined nodes on a ring in causal order, the first at its left."""
    return replace(graph, positions=_ring(graph, _joined(graph)))


def _joined(graph: CausalGraph) -> frozenset[str]:
    return frozenset(end for edge in graph.edges for end in (edge.source, edge.target))


def _columns(graph: CausalGraph, layers: list[list[str]]) -> CausalGraph:
    """Each layer in a column of its own, its nodes ordered; the others in a grid below."""
    for sweep in range(_SWEEPS):
        _order(graph, layers, forwards=sweep % 2 == 0)
    places: dict[str, Position] = {}
    for column, layer in enumerate(layers):
        top = -ROW * (len(layer) - 1) / 2
        # Every other layer a little lower: an arrow over two layers misses the node between.
        top += ROW * 0.22 * (column % 2)
        places |= {name: (COLUMN * column, top + ROW * row) for row, name in enumerate(layer)}
    alone = [name for name in graph.nodes if name not in places]
    below = ROW + max((y for _, y in places.values()), default=-ROW)
    return replace(graph, positions=places | _grid(alone, 0.0, below))


def _tier_of(graph: CausalGraph, tiers: Tiers) -> dict[str, int]:
    """The number of the tier of each node that has one, by itself or by its neighbours."""
    tier = {name: number for number, names in enumerate(tiers) for name in names}
    tier = {name: tier[name] for name in graph.nodes if name in tier}
    for name in reversed(graph.topological_order):
        if name not in tier and (below := [tier[n] for n in graph.children(name) if n in tier]):
            tier[name] = min(below)
    for name in graph.topological_order:
        if name not in tier and (above := [tier[n] for n in graph.parents(name) if n in tier]):
            tier[name] = max(above)
    return tier


def _ring(graph: CausalGraph, joined: Collection[str]) -> dict[str, Position]:
    """Places on an ellipse, clockwise from the left."""
    order = [name for name in graph.topological_order if name in joined]
    wide, high = COLUMN * len(order) / 5, ROW * len(order) / 3.4
    turns = (math.pi * (1 + 2 * place / len(order)) for place in range(len(order)))
    found = {
        name: (wide * math.cos(t), high * math.sin(t)) for name, t in zip(order, turns, strict=True)
    }
    alone = [name for name in graph.nodes if name not in joined]
    return found | _grid(alone, -wide, high + ROW)


def _layers(graph: CausalGraph, joined: Iterable[str]) -> list[list[str]]:
    """The joined nodes by depth; what has no cause stands just before its first effect."""
    kept = [name for name in graph.topological_order if name in set(joined)]
    depth: dict[str, int] = {}
    for name in kept:
        depth[name] = 1 + max((depth[parent] for parent in graph.parents(name)), default=-1)
    for name in reversed(kept):
        if graph.children(name) and not graph.parents(name):
            depth[name] = min(depth[child] for child in graph.children(name)) - 1
    found: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for name in kept:
        found[depth[name]].append(name)
    return [layer for layer in found if layer]


def _order(graph: CausalGraph, layers: list[list[str]], *, forwards: bool) -> None:
    """Sort each layer by where its neighbours in the layers passed before stand."""
    height: dict[str, float] = {
        name: row - (len(layer) - 1) / 2 for layer in layers for row, name in enumerate(layer)
    }
    for layer in layers if forwards else reversed(layers):
        for name in layer:
            near = graph.parents(name) if forwards else graph.children(name)
            beside = (near | graph.siblings(name)) & height.keys()
            around = [height[other] for other in beside]
            height[name] = sum(around) / len(around) if around else height[name]
        layer.sort(key=height.__getitem__)
        for row, name in enumerate(layer):
            height[name] = row - (len(layer) - 1) / 2


def _grid(names: Sequence[str], left: float, top: float) -> dict[str, Position]:
    """Places in rows of nearly equal width and height on the screen."""
    width = max(1, math.ceil(math.sqrt(1.5 * len(names))))
    return {
        name: (left + COLUMN * (index % width), top + ROW * (index // width))
        for index, name in enumerate(names)
    }
