"""All minimal adjustment sets: those that cannot lose a variable.

They are the minimal cuts of the augmented proper back-door graph, and are listed with
polynomial time for each (van der Zander, Liśkiewicz & Textor 2014, 2019, there
after Takata 2010; here by `graphs.cuts`, which keeps what it has listed).
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from causal_core.graphs.cuts import cuts, smallest
from causal_core.graphs.graph import CausalGraph
from causal_core.identification.criterion import Criterion, Names, named


@dataclass(frozen=True)
class Listed:
    """Sets of variables, small ones first, and whether these are all there are."""

    sets: tuple[frozenset[str], ...]
    complete: bool


def minimal_adjustment_sets(
    graph: CausalGraph,
    treatment: Names,
    outcome: Names,
    forced: Names = frozenset(),
    forbidden: Names = frozenset(),
    *,
    most: int = 100,
    seconds: float = 1.0,
) -> Listed:
    """The adjustment sets that hold `forced`, none of `forbidden`, and can lose nothing else.

    At most `most` of them and for about `seconds`; those nearest to the outcome are found
    first. GraphError for unknown names and for a question that means nothing.

    >>> graph = CausalGraph.parse("x <- a -> b -> y x -> y")
    >>> [sorted(found) for found in minimal_adjustment_sets(graph, "x", "y").sets]
    [['a'], ['b']]
    """
    must = named(graph, forced) - graph.selected
    criterion = Criterion.of(graph, treatment, outcome)
    if (field := criterion.field(must, named(graph, forbidden))) is None:
        return Listed((), True)
    near, cause, end = field
    return listed(graph, (must | cut for cut in cuts(near, end, cause)), most, seconds)


def smallest_adjustment_set(
    graph: CausalGraph,
    treatment: Names,
    outcome: Names,
    forced: Names = frozenset(),
    forbidden: Names = frozenset(),
) -> frozenset[str] | None:
    """An adjustment set of fewest variables, `forced` included; None where there is none.

    >>> graph = CausalGraph.parse("x <- a -> {b c} b -> y c -> y x -> y")
    >>> sorted(smallest_adjustment_set(graph, "x", "y"))
    ['a']
    """
    must = named(graph, forced) - graph.selected
    criterion = Criterion.of(graph, treatment, outcome)
    field = criterion.field(must, named(graph, forbidden))
    return None if field is None else must | smallest(*field)


def listed(
    graph: CausalGraph, found: Iterable[frozenset[str]], most: int, seconds: float
) -> Listed:
    """The first of `found`, up to `most` and for about `seconds`, small ones first."""
    end = time.monotonic() + seconds
    kept, remaining = list[frozenset[str]](), iter(found)
    while len(kept) < most and (one := next(remaining, None)) is not None:
        kept.append(one)
        if time.monotonic() > end:
            break
    complete = next(remaining, None) is None
    return Listed(by_size(graph, kept), complete)


def by_size(graph: CausalGraph, sets: Iterable[frozenset[str]]) -> tuple[frozenset[str], ...]:
    """Small sets first, equal ones in the order of the nodes."""
    place = {name: i for i, name in enumerate(graph.nodes)}
    return tuple(sorted(sets, key=lambda names: (len(names), sorted(place[n] for n in names))))
