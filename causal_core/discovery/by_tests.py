"""Searches that ask tests of independence instead of a score, as kinds of edges."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from causal_core.discovery.constraint import fitting
from causal_core.discovery.fci import fci
from causal_core.discovery.knowledge import Rules
from causal_core.discovery.pc import pc
from causal_core.discovery.situation import Data, Method
from causal_core.graphs.ancestral import CIRCLE, HEAD, arrows
from causal_core.graphs.graph import CausalGraph, Edge

BY_TESTS = (Method.LATENTS, Method.PC)
UNFINISHED = (
    "The time was up before every test was done: some of these edges would go. "
    "Choose fewer columns for a full search."
)
_DEEPEST = 3  # columns given at once from a possible-d-sep set, which may be large


def by_tests(
    data: Data,
    method: Method,
    rules: Rules,
    end: float = np.inf,
    rows: np.ndarray | slice = slice(None),
) -> tuple[np.ndarray, bool]:
    """(edges bool [p, p, 4], whether time sufficed until `end` on the monotonic clock).

    The last axis: arrows, open edges, `o->`, `<->`.
    """
    test = fitting(data, rows)
    if method is Method.PC:
        *found, complete = pc(test, rules, end)
        none = np.zeros_like(found[0])
        return np.stack([*found, none, none], axis=2), complete
    ends, complete = fci(test, rules, end, _DEEPEST)
    head, circle = ends == HEAD, ends == CIRCLE
    layers = [arrows(ends), circle & circle.T, head & circle.T, head & head.T]
    return np.stack(layers, axis=2), complete


def edges_of(names: Sequence[str], method: Method, layers: np.ndarray) -> CausalGraph:
    """The graph of what `by_tests` found."""
    kinds = ("->", "o-o" if method is Method.LATENTS else "--", "o->", "<->")
    found = {Edge(names[i], names[j], kinds[kind]) for i, j, kind in np.argwhere(layers)}
    return CausalGraph(tuple(names), tuple(found))
