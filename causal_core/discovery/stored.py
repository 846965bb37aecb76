"""What was discovered as JSON, and back."""

from __future__ import annotations

import json
import math
from typing import Any

from causal_core.discovery.alternatives import Alternative
from causal_core.discovery.discover import Discovered, FoundEdge
from causal_core.discovery.situation import Method
from causal_core.graphs.graph import CausalGraph, Edge


def to_json(found: Discovered) -> str:
    """One JSON object that `from_json` reads back."""
    return json.dumps(
        {
            "graph": found.graph.to_json(),
            "method": found.method.value,
            "reason": found.reason,
            "edges": [_told(one) for one in found.edges],
            "others": [_told(one) for one in found.others],
            "gain": None if math.isnan(found.gain) else found.gain,
            "rows": found.rows,
            "resamples": found.resamples,
            "notes": list(found.notes),
            "alternatives": [
                [one.graph.to_json(), one.gain, None if math.isnan(one.share) else one.share]
                for one in found.alternatives
            ],
        }
    )


def from_json(text: str) -> Discovered:
    """What `to_json` told."""
    told = json.loads(text)
    return Discovered(
        CausalGraph.from_json(told["graph"]),
        Method(told["method"]),
        told["reason"],
        tuple(_edge(one) for one in told["edges"]),
        tuple(_edge(one) for one in told["others"]),
        math.nan if told["gain"] is None else float(told["gain"]),
        int(told["rows"]),
        int(told["resamples"]),
        tuple(told["notes"]),
        tuple(
            Alternative(CausalGraph.from_json(graph), gain, math.nan if share is None else share)
            for graph, gain, share in told.get("alternatives", [])
        ),
    )


def _told(one: FoundEdge) -> list[Any]:
    shares = (
        *(one.adjacent, one.forward, one.backward),
        *(one.half, one.half_back, one.common),
    )
    ends = [one.edge.source, one.edge.target, one.edge.kind]
    return ends + [None if math.isnan(share) else share for share in shares]


def _edge(told: list[Any]) -> FoundEdge:
    source, target, kind, *shares = told
    return FoundEdge(Edge(source, target, kind), *(math.nan if s is None else s for s in shares))
