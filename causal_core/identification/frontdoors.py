"""All minimal front-door sets: those of which no part would do.

Whether a set of variables holds a front-door set is decided by the largest one inside it
(Jeong, Tian & Bareinboim 2022, *Finding and listing front-door adjustment sets*), and so is
found a minimal one. Another minimal set lacks some member of each that is known; leaving out
one member at a time therefore comes upon all of them (Reiter 1987, *A theory of diagnosis from
first principles*, on conflicts).
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from causal_core.graphs.graph import CausalGraph
from causal_core.identification.adjustment import largest_frontdoor, least_frontdoor
from causal_core.identification.criterion import Names
from causal_core.identification.minimal import Listed, by_size


def frontdoor_sets(
    graph: CausalGraph,
    treatment: Names,
    outcome: Names,
    *,
    most: int = 100,
    seconds: float = 1.0,
) -> Listed:
    """The front-door sets that hold no smaller one, few variables first.

    At most `most` of them and for about `seconds`. Each takes polynomial time to find, but
    between two new ones many may be found again. Raises GraphError for unknown names and for
    a question that means nothing.

    >>> graph = CausalGraph.parse("x -> a -> b -> y x <-> y")
    >>> [sorted(found) for found in frontdoor_sets(graph, "x", "y").sets]
    [['a'], ['b']]
    """
    end, known = time.monotonic() + seconds, list[frozenset[str]]()
    for found in _minimal(graph, treatment, outcome, known):
        if found is not None and found not in known:
            if len(known) == most:
                return Listed(by_size(graph, known), False)
            known.append(found)
        if time.monotonic() > end:
            return Listed(by_size(graph, known), False)
    return Listed(by_size(graph, known), True)


def _minimal(
    graph: CausalGraph, treatment: Names, outcome: Names, known: list[frozenset[str]]
) -> Iterator[frozenset[str] | None]:
    """A minimal front-door set, known or new, for every way to leave out members of each.

    None where what is left holds none.
    """
    observed = frozenset(graph.observed)
    todo, seen = [frozenset[str]()], {frozenset[str]()}
    for left_out in todo:
        chosen = next((found for found in known if not found & left_out), None)
        if chosen is None:
            largest = largest_frontdoor(graph, treatment, outcome, observed - left_out)
            if largest is None:
                yield None
                continue
            chosen = least_frontdoor(graph, treatment, outcome, largest)
        yield chosen
        for name in sorted(chosen):
            following = left_out | {name}
            if following not in seen:
                seen.add(following)
                todo.append(following)
