"""networkx's node-link JSON: what `networkx.node_link_data` gives and takes.

{"directed", "multigraph", "graph": {"notes"?}, "nodes": [{"id", …}], "edges": [{"source",
"target", "kind", "note"?}]}, "links" instead of "edges" before networkx 3.4. A node has our
roles, "x" and "y" as attributes. Without a kind, edges follow "directed".
"""

from __future__ import annotations

import json
import re
from typing import Any

from causal_core.graphs.formats.format import Format
from causal_core.graphs.formats.records import read
from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.stored import to_json


def write(graph: CausalGraph) -> str:
    """`graph` as `networkx.node_link_graph` reads it; every edge says its kind."""
    own = json.loads(to_json(graph))
    notes = {tuple(note["pair"]): note["text"] for note in own.get("notes", ())}
    pairs = [tuple(sorted((edge["source"], edge["target"]))) for edge in own["edges"]]
    nodes: list[dict[str, Any]] = [{"id": node.pop("name"), **node} for node in own["nodes"]]
    edges = [
        edge | ({"note": notes.pop(pair)} if pair in notes else {})
        for edge, pair in zip(own["edges"], pairs)
    ]
    left = [{"pair": list(pair), "text": text} for pair, text in notes.items()]
    record = {
        "directed": any(edge["kind"] != "--" for edge in edges) or not edges,
        "multigraph": len(set(pairs)) < len(pairs),
        "graph": {"notes": left} if left else {},
        "nodes": nodes,
        "edges": edges,
    }
    return json.dumps(record, ensure_ascii=False, indent=1)


def claims(text: str) -> bool:
    """Whether a JSON object has a key that node-link alone has."""
    return bool(re.match(r"\s*\{", text) and re.search(r'"(directed|multigraph|links)"\s*:', text))


FORMAT = Format("node-link", "networkx JSON", ("json",), read, write, claims, "application/json")
