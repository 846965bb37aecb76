"""Sets of variables that turn seeing into doing: back-door and front-door sets.

Both are sought among the measured variables only; latent nodes take part in the paths.
"""

from __future__ import annotations

from dataclasses import replace

from causal_core.errors import GraphError
from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.graphs.separation import connected, m_separated


def backdoor_set(graph: CausalGraph, treatment: str, outcome: str) -> frozenset[str] | None:
    """A minimal set that, adjusted for, gives the effect of `treatment` on `outcome`.

    The generalised adjustment criterion, complete for graphs with latent variables: if
    this returns None, no set of measured variables adjusts (van der Zander, Liśkiewicz &
    Textor 2014, *Constructing separators and adjustment sets in ancestral graphs*). No
    part of the returned set would do; of several such sets it prefers the one nearer to
    the outcome, which estimates more precisely.

    >>> sorted(backdoor_set(CausalGraph.parse("x <- z -> y x -> y"), "x", "y"))
    ['z']
    """
    _need_question(graph, treatment, outcome)
    between = _mediators(graph, treatment, outcome)
    forbidden = graph.descendants(between) | {treatment, outcome}
    rest = _without_arrows(graph, treatment, between)
    around = graph.ancestors((treatment, outcome)).intersection(graph.observed)
    chosen = around - forbidden
    if not m_separated(rest, treatment, outcome, chosen):
        return None
    for name in graph.topological_order:
        if name in chosen and m_separated(rest, treatment, outcome, chosen - {name}):
            chosen -= {name}
    return chosen


def adjusts(graph: CausalGraph, treatment: str, outcome: str, chosen: frozenset[str]) -> bool:
    """Whether adjusting for `chosen` gives the effect of `treatment` on `outcome`."""
    _need_question(graph, treatment, outcome)
    between = _mediators(graph, treatment, outcome)
    if chosen & (graph.descendants(between) | graph.latent | {treatment, outcome}):
        return False
    rest = _without_arrows(graph, treatment, between)
    return m_separated(rest, treatment, outcome, chosen)


def frontdoor_set(graph: CausalGraph, treatment: str, outcome: str) -> frozenset[str] | None:
    """A set of mediators through which the effect can be read, or None where none exists.

    Pearl's front-door criterion: the set cuts every directed path, nothing confounds it
    with `treatment`, and `treatment` blocks what confounds it with `outcome`. The largest
    set that meets the last two decides (Jeong, Tian & Bareinboim 2022, *Finding and
    listing front-door adjustment sets*); no single member of the answer can be left out.

    >>> graph = CausalGraph.parse("x -> m -> y x <-> y")
    >>> sorted(frontdoor_set(graph, "x", "y"))
    ['m']
    """
    _need_question(graph, treatment, outcome)
    chosen = _largest_frontdoor(graph, treatment, outcome)
    if not _cuts(graph, treatment, outcome, chosen):
        return None
    while smaller := next(
        (
            chosen - {name}
            for name in graph.topological_order
            if name in chosen and is_frontdoor(graph, treatment, outcome, chosen - {name})
        ),
        None,
    ):
        chosen = smaller
    return chosen


def is_frontdoor(graph: CausalGraph, treatment: str, outcome: str, chosen: frozenset[str]) -> bool:
    """Whether `chosen` meets Pearl's front-door criterion."""
    _need_question(graph, treatment, outcome)
    if chosen & (graph.latent | {treatment, outcome}):
        return False
    rooted = _rootless(graph, frozenset([treatment]))
    return (
        _cuts(graph, treatment, outcome, chosen)
        and not connected(rooted, [treatment]) & chosen
        and not connected(_rootless(graph, chosen), [outcome], [treatment]) & chosen
    )


def _largest_frontdoor(graph: CausalGraph, treatment: str, outcome: str) -> frozenset[str]:
    """The largest set unconfounded with treatment, and with outcome given treatment.

    A member confounded with the outcome in a large set is so in every subset, since a
    smaller set removes fewer arrows; dropping such members therefore never goes too far.
    """
    confounded = connected(_rootless(graph, frozenset([treatment])), [treatment])
    chosen = frozenset(graph.observed) - confounded - {outcome}
    while bad := chosen & connected(_rootless(graph, chosen), [outcome], [treatment]):
        chosen -= bad
    return chosen


def _cuts(graph: CausalGraph, treatment: str, outcome: str, chosen: frozenset[str]) -> bool:
    """Whether every directed path from treatment to outcome passes `chosen`."""
    rest = graph.subgraph(name for name in graph.nodes if name not in chosen)
    return outcome not in rest.descendants(treatment)


def _mediators(graph: CausalGraph, treatment: str, outcome: str) -> frozenset[str]:
    """The nodes on directed paths from treatment to outcome, the outcome included."""
    return (graph.descendants(treatment) & graph.ancestors(outcome)) - {treatment}


def _without_arrows(graph: CausalGraph, source: str, targets: frozenset[str]) -> CausalGraph:
    kept = (
        e
        for e in graph.edges
        if not (e.kind == "->" and e.source == source and e.target in targets)
    )
    return replace(graph, edges=tuple(kept))


def _rootless(graph: CausalGraph, sources: frozenset[str]) -> CausalGraph:
    """`graph` without the arrows that leave `sources`."""
    kept: list[Edge] = [e for e in graph.edges if e.kind != "->" or e.source not in sources]
    return replace(graph, edges=tuple(kept))


def _need_question(graph: CausalGraph, treatment: str, outcome: str) -> None:
    graph.subgraph((treatment, outcome))  # refuses unknown names
    if graph.partial:
        raise GraphError("Some edges have no direction yet.", "Direct or remove them first.")
    if treatment == outcome:
        raise GraphError("Cause and outcome are the same.", "Choose two different variables.")
    if unseen := next((n for n in (treatment, outcome) if n in graph.latent), None):
        raise GraphError(f"“{unseen}” is unmeasured.", "Choose a column of the table.")
