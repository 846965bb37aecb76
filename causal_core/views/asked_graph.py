"""The graph that a question is asked of, as the browser draws it: places, roles, what is held."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from causal_core.graphs.graph import CausalGraph
from causal_core.identification.asked import Asked
from causal_core.views.layout import placed


def asked_graph(graph: CausalGraph, asked: Asked) -> CausalGraph:
    """`graph` with a place for every node and the roles that `asked` gives them."""
    return replace(
        placed(graph),
        exposures=frozenset([asked.treatment]),
        outcomes=frozenset([asked.outcome]),
        adjusted=asked.held,
    )


def drawn(graph: CausalGraph) -> dict[str, Any]:
    """The graph as plain data for the browser."""
    told: dict[str, Any] = json.loads(graph.to_json())
    return told


def unheld(graph: CausalGraph, asked: Asked) -> dict[str, str]:
    """Why some nodes cannot be adjusted for by hand: name → one sentence.

    >>> graph = CausalGraph.from_edges([("u", "x"), ("x", "y")], latent="u")
    >>> unheld(graph, Asked("x", "y"))["u"]
    'u is unmeasured, so it cannot be adjusted for.'
    """
    return {
        **{name: f"{name} is unmeasured, so it cannot be adjusted for." for name in graph.latent},
        **{
            name: f"{name} is held already: the question is asked given it." for name in asked.given
        },
        asked.treatment: f"{asked.treatment} is the cause that is asked about.",
        asked.outcome: f"{asked.outcome} is the outcome that is asked about.",
    }
