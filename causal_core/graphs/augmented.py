"""The augmented graph: an undirected graph in which cuts are separators.

Over the ancestors of a question's variables, a district and its parents are all joined; two
sets are m-separated by a third exactly where it cuts every way between them (Richardson 2003,
theorem 1; without `<->` it is the moral graph). Every minimal separator lies among these
ancestors (van der Zander, Liśkiewicz & Textor 2019, *Separators and adjustment sets in causal
graphs*, section 3).
"""

from __future__ import annotations

from collections.abc import Iterable

from causal_core.graphs import order
from causal_core.graphs.graph import CausalGraph

Neighbours = dict[str, frozenset[str]]


def augmented(graph: CausalGraph, around: Iterable[str], held: Iterable[str] = ()) -> Neighbours:
    """The augmented graph over the ancestors of `around` and `held`, without `held`.

    >>> near = augmented(CausalGraph.parse("x -> c <- y"), "xy", "c")
    >>> sorted(near["x"])
    ['y']
    """
    given = frozenset(held)
    above = graph.ancestors(given.union(around))
    near: dict[str, set[str]] = {name: set() for name in graph.nodes if name in above - given}
    for district in _districts(graph, above):
        clique = district.union(*(graph.parents(member) for member in district)) - given
        for member in clique:
            near[member] |= clique
    return {name: frozenset(others - {name}) for name, others in near.items()}


def bridged(near: Neighbours, passed: Iterable[str]) -> Neighbours:
    """`near` without the nodes `passed`, which no cut may hold: a way through them is an edge."""
    gone = frozenset(passed).intersection(near)
    within = {name: near[name] & gone for name in gone}
    found = {name: set(around - gone) for name, around in near.items() if name not in gone}
    left = set(gone)
    while left:
        part = order.reach((next(iter(left)),), within)
        left -= part
        border = frozenset().union(*(near[name] for name in part)) - gone
        for name in border:
            found[name] |= border
    return {name: frozenset(around - {name}) for name, around in found.items()}


def merged(near: Neighbours, names: frozenset[str], kept: str) -> Neighbours:
    """`near` with all of `names` drawn together into `kept`, which is one of them."""
    found = {
        name: (around - names) | {kept} if around & names else around
        for name, around in near.items()
        if name not in names
    }
    found[kept] = frozenset().union(*(near[name] for name in names)) - names
    return found


def _districts(graph: CausalGraph, above: frozenset[str]) -> list[frozenset[str]]:
    siblings = {name: graph.siblings(name) & above for name in above}
    left, found = set(above), []
    while left:
        found.append(order.reach((next(iter(left)),), siblings))
        left -= found[-1]
    return found
