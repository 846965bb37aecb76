"""Sets of variables that turn seeing into doing: back-door and front-door sets.

Both are sought among the measured variables only; latent nodes take part in the paths, and
nodes that selected the rows are held in all of them. Cause and outcome are one variable each
or several.
"""

from __future__ import annotations

from causal_core.graphs import order
from causal_core.graphs.cuts import nearest
from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.separation import connected
from causal_core.identification.criterion import Criterion, Names, need_question


def backdoor_set(graph: CausalGraph, treatment: Names, outcome: Names) -> frozenset[str] | None:
    """A minimal set that, adjusted for, gives the effect of `treatment` on `outcome`.

    None where no set of measured variables adjusts. Of the minimal sets it is the one nearest
    to the outcome, which is the one that estimates most precisely (Smucler, Sapienza &
    Rotnitzky 2022, *Efficient adjustment sets in causal graphical models with hidden
    variables*).

    >>> sorted(backdoor_set(CausalGraph.parse("x <- z -> y x -> y"), "x", "y"))
    ['z']
    """
    if (field := Criterion.of(graph, treatment, outcome).field()) is None:
        return None
    near, cause, end = field
    return nearest(near, end, cause)


def adjusts(graph: CausalGraph, treatment: Names, outcome: Names, chosen: frozenset[str]) -> bool:
    """Whether adjusting for `chosen` gives the effect of `treatment` on `outcome`."""
    return Criterion.of(graph, treatment, outcome).met_by(frozenset(chosen))


def frontdoor_set(graph: CausalGraph, treatment: Names, outcome: Names) -> frozenset[str] | None:
    """A set of mediators through which the effect can be read, or None where none exists.

    Pearl's front-door criterion: the set cuts every directed path, nothing confounds it
    with `treatment`, and `treatment` blocks what confounds it with `outcome`. The largest
    set that meets the last two decides (Jeong, Tian & Bareinboim 2022, *Finding and
    listing front-door adjustment sets*); no part of the answer would do.

    >>> graph = CausalGraph.parse("x -> m -> y x <-> y")
    >>> sorted(frontdoor_set(graph, "x", "y"))
    ['m']
    """
    chosen = largest_frontdoor(graph, treatment, outcome, frozenset(graph.observed))
    return None if chosen is None else least_frontdoor(graph, treatment, outcome, chosen)


def least_frontdoor(
    graph: CausalGraph, treatment: Names, outcome: Names, chosen: frozenset[str]
) -> frozenset[str]:
    """A front-door set inside `chosen`, which is one, that holds no smaller one.

    Causes leave first, so that what is nearest to the outcome stays; many leave at once while
    that succeeds.
    """
    left, step = [name for name in graph.topological_order if name in chosen], 1
    while left:
        smaller = largest_frontdoor(graph, treatment, outcome, chosen - {*left[:step]})
        if smaller is not None:
            chosen, left, step = smaller, [n for n in left[step:] if n in smaller], 2 * step
        elif step > 1:
            step //= 2
        else:
            left = left[1:]
    return chosen


def is_frontdoor(
    graph: CausalGraph, treatment: Names, outcome: Names, chosen: frozenset[str]
) -> bool:
    """Whether `chosen` meets Pearl's front-door criterion, given what selected the rows."""
    causes, outcomes = need_question(graph, treatment, outcome)
    held = graph.selected
    if chosen & (graph.latent | causes | outcomes | held) or held & graph.descendants(causes):
        return False
    return (
        _cuts(graph, causes, outcomes, chosen)
        and not connected(graph, causes, held, causes) & chosen
        and not connected(graph, outcomes, causes | held, chosen) & chosen
    )


def largest_frontdoor(
    graph: CausalGraph, treatment: Names, outcome: Names, within: frozenset[str]
) -> frozenset[str] | None:
    """The largest front-door set inside `within`, or None where it holds none.

    A member confounded with the outcome in a large set is so in every subset, since a
    smaller set removes fewer arrows; dropping such members therefore never goes too far.
    """
    causes, outcomes = need_question(graph, treatment, outcome)
    held = graph.selected
    if held & graph.descendants(causes):
        return None
    confounded = connected(graph, causes, held, causes)
    chosen = within - graph.latent - confounded - outcomes - held
    while bad := chosen & connected(graph, outcomes, causes | held, chosen):
        chosen -= bad
    return chosen if _cuts(graph, causes, outcomes, chosen) else None


def _cuts(
    graph: CausalGraph, causes: frozenset[str], outcomes: frozenset[str], chosen: frozenset[str]
) -> bool:
    """Whether every directed path from causes to outcomes passes `chosen`."""
    below = {name: graph.children(name) - chosen for name in graph.nodes}
    return not outcomes & order.reach(causes, below)
