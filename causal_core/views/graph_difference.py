"""The difference of two graphs as the browser draws it, and in sentences."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from causal_core.graphs.difference import Difference, difference
from causal_core.graphs.graph import CausalGraph, Edge, Position
from causal_core.views.edge_menu import ARROWS, said
from causal_core.views.layout import COLUMN, ROW, placed
from causal_core.views.theme import code_span

_FIGURES = {"added": "+", "removed": "−", "turned": "⇄"}
_SAME = 0.3  # how strongly an edge of both graphs is drawn


def payload(before: CausalGraph, after: CausalGraph) -> dict[str, Any]:
    """The data of the picture: all nodes and edges of both graphs, the changed ones marked."""
    found = difference(before, after)
    changes = {edge: kind for kind in _FIGURES for edge in getattr(found, kind)}
    edges = (*after.edges, *found.removed)
    return {
        "graph": {
            "nodes": _nodes(before, after, found),
            "edges": [{"source": e.source, "target": e.target, "kind": e.kind} for e in edges],
        },
        "edges": {said(edge): _drawn(edge, changes.get(edge)) for edge in edges},
        "changes": dict.fromkeys(found.new_nodes, "new") | dict.fromkeys(found.gone_nodes, "gone"),
        "said": _summary(changes),
    }


def sentences(found: Difference) -> list[str]:
    """The difference in Markdown sentences, one for each kind of change.

    >>> a, b = (CausalGraph.parse(text) for text in ("x -> y", "x <- y; y <-> z"))
    >>> sentences(difference(a, b))
    ['New in the graph: `z`.', 'Added: `y` ↔ `z`.', 'Turned: `y` → `x`.']
    """
    told = {
        "New in the graph": _named(found.new_nodes),
        "No longer in the graph": _named(found.gone_nodes),
        "Now latent": _named(found.hidden),
        "Now measured": _named(found.measured),
        "Added": _written(found.added),
        "Removed": _written(found.removed),
        "Turned": _written(found.turned),
    }
    return [f"{what}: {', '.join(which)}." for what, which in told.items() if which]


def _named(names: Iterable[str]) -> list[str]:
    return [code_span(name) for name in names]


def _written(edges: Iterable[Edge]) -> list[str]:
    return [f"{code_span(e.source)} {ARROWS[e.kind]} {code_span(e.target)}" for e in edges]


def _nodes(before: CausalGraph, after: CausalGraph, found: Difference) -> list[dict[str, Any]]:
    """The nodes of both, where they are now; what is gone stands where it was, if there is room."""
    places = dict(placed(after).positions)
    for name in found.gone_nodes:
        was = before.positions.get(name)
        if was and _free(was, places.values()):
            places[name] = was
    latent = after.latent | {name for name in found.gone_nodes if name in before.latent}
    both = CausalGraph((*after.nodes, *found.gone_nodes), latent=latent, positions=places)
    nodes: list[dict[str, Any]] = json.loads(placed(both).to_json())["nodes"]
    return nodes


def _free(place: Position, taken: Iterable[Position]) -> bool:
    (x, y) = place
    return all(abs(x - a) > COLUMN / 2 or abs(y - b) > ROW / 2 for a, b in taken)


def _drawn(edge: Edge, change: str | None) -> dict[str, Any]:
    if change is None:
        words = f"{said(edge)}: in both."
        return {
            "share": _SAME,
            "strong": True,
            "other": False,
            "figure": "",
            "words": words,
            "change": "",
        }
    return {
        "share": None,
        "strong": True,
        "other": change == "removed",
        "figure": _FIGURES[change],
        "words": f"{said(edge)}: {change}.",
        "change": change,
    }


def _summary(changes: dict[Edge, str]) -> str:
    told = ", ".join(f"{said(edge)} {change}" for edge, change in changes.items())
    return f"Difference of two graphs: {told or 'no edge differs'}."
