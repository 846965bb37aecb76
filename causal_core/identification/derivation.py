"""The steps that lead from a causal question to its formula, as data."""

from __future__ import annotations

from dataclasses import dataclass

from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.identification.expression import Probability

PATHS_SHOWN = 12


@dataclass(frozen=True)
class Separation:
    """Whether `given` blocks all paths between `xs` and `ys` in a step's graph.

    `blocked`: paths that it blocks, as node sequences, the shortest first, at most 12.
    """

    xs: frozenset[str]
    ys: frozenset[str]
    given: frozenset[str]
    holds: bool
    blocked: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Step:
    """One step: which `rule` it uses, why it may, and the formula before and after (LaTeX).

    `graph` is the graph the step is about; `cut` are edges of the graph before it, and
    `gone` nodes, that it lacks. `separation` licenses the step where the rule asks for one.
    `terms`: the probabilities of the data that the step brings in.
    """

    rule: str
    title: str
    reason: str
    before: str
    after: str
    graph: CausalGraph
    cut: tuple[Edge, ...] = ()
    gone: tuple[str, ...] = ()
    separation: Separation | None = None
    terms: tuple[Probability, ...] = ()
