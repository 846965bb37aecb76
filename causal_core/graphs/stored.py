"""The graph as JSON: the form of the store, and of the editor in the browser.

{"nodes": [{"name", "latent"?, "exposure"?, "outcome"?, "adjusted"?, "selected"?, "x"?, "y"?}, …],
 "edges": [{"source", "target", "kind"}, …],
 "notes"?: [{"pair": [name, name], "text"}, …]}
"""

from __future__ import annotations

import json
from typing import Any

from causal_core.errors import GraphError
from causal_core.graphs.graph import CausalGraph, Edge

ROLES = {  # in the text → of the graph
    "latent": "latent",
    "exposure": "exposures",
    "outcome": "outcomes",
    "adjusted": "adjusted",
    "selected": "selected",
}


def to_json(graph: CausalGraph) -> str:
    """One JSON object that `from_json` reads back, positions included."""
    edges = [{"source": e.source, "target": e.target, "kind": e.kind} for e in graph.edges]
    nodes = [_record(graph, name) for name in graph.nodes]
    record = {"nodes": nodes, "edges": edges}
    if graph.notes:
        record["notes"] = [{"pair": list(pair), "text": text} for pair, text in graph.notes.items()]
    return json.dumps(record, ensure_ascii=False)


def from_json(text: str) -> CausalGraph:
    """The graph of `to_json`; GraphError where the text is anything else."""
    try:
        record = json.loads(text)
        nodes = {str(node["name"]): node for node in record["nodes"]}
        names = tuple(str(node["name"]) for node in record["nodes"])
        edges = tuple(
            Edge(str(e["source"]), str(e["target"]), str(e["kind"])) for e in record["edges"]
        )
        places = {
            name: (float(node["x"]), float(node["y"]))
            for name, node in nodes.items()
            if "x" in node
        }
        notes = {
            (str(one), str(other)): str(note["text"])
            for note in record.get("notes", ())
            for one, other in [note["pair"]]
        }
        marked = {
            field: frozenset(name for name, node in nodes.items() if node.get(role))
            for role, field in ROLES.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as cause:
        raise GraphError(
            "The stored graph cannot be read.", "Draw it again, or paste it as dagitty text."
        ) from cause
    return CausalGraph(names, edges, positions=places, notes=notes, **marked)


def _record(graph: CausalGraph, name: str) -> dict[str, Any]:
    record: dict[str, Any] = {"name": name}
    record |= {role: True for role, field in ROLES.items() if name in getattr(graph, field)}
    if name in graph.positions:
        record["x"], record["y"] = graph.positions[name]
    return record
