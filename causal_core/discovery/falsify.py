"""Whether a graph fits the rows better than the same graph with its names shuffled.

Eulig, Mastakouri, Blöbaum, Hardt & Janzing (2023), *Toward falsifying causal graphs using a
permutation-based test*: a graph that knows something of the rows breaks fewer of its local
Markov conditions than shuffled ones do. It is tested only as far as shuffling changes what it
claims: shuffled graphs of the same class claim the same.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice, permutations

import numpy as np

from causal_core.discovery.independence.bench import Bench
from causal_core.discovery.independence.products import Products, products
from causal_core.errors import TableError
from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.implied import Implied, Independence, local_markov
from causal_core.graphs.separation import m_separated
from causal_core.rng import generator
from causal_core.tables.table import Table

LEVEL = 0.05  # of each condition, and of the shuffles that may do as well
_ROWS_PER_COLUMN = 5

Group = tuple[int, tuple[int, ...], np.ndarray]  # a node, what is held, the others


@dataclass(frozen=True)
class Falsified:
    """How a graph does beside its shuffles.

    `broken` of `conditions`: what the rows contradict, each tested at 5 % (so 5 % of them by
    chance); `shuffles`: how many were tried; `as_good`: how many of them break as few or
    fewer; `same`: how many claim the same as the graph, so that no rows could tell them apart.
    """

    conditions: int
    broken: int
    shuffles: int
    as_good: int
    same: int

    @property
    def informative(self) -> bool:
        """Whether shuffling the names changes what the graph claims, most of the time."""
        return self.shuffles > 0 and self.same < max(1, LEVEL * self.shuffles)

    @property
    def better_than_chance(self) -> bool:
        """Whether hardly any shuffle does as well."""
        return self.shuffles > 0 and self.as_good < LEVEL * self.shuffles


def falsify(
    table: Table, graph: CausalGraph, shuffles: int = 200, seconds: float = 2.5, seed: int = 0
) -> Falsified:
    """Compare `graph` with up to `shuffles` shuffles of its names, shuffling for about `seconds`.

    All shuffles are tried where they are no more than that. Graphs with unmeasured causes are
    held to their implied independencies in place of the local Markov conditions. Raises
    TableError where the complete rows are too few, GraphError for open edges.
    """
    unknown = {name for name in graph.observed if name not in table.columns}
    implied = Implied(replace(graph, latent=graph.latent | unknown))
    bench = Bench(table, [n for n in implied.projected.nodes if n in table.columns])
    # a constant column can be compared with nothing: it drops out like an unmeasured one
    if bench.constant:
        implied = Implied(replace(implied.graph, latent=implied.graph.latent | bench.constant))
    measured, names = implied.projected, tuple(bench.columns)
    conditions = _conditions(measured)
    if not conditions:
        return Falsified(0, 0, 0, 0, 0)
    tests = products([bench.columns[name] for name in names])
    if tests.rows < max(20, _ROWS_PER_COLUMN * len(names)):
        raise TableError(
            f"Only {tests.rows} rows have every cell filled in, for {len(names)} columns.",
            "Leave columns with many holes out of the graph, or bring more rows.",
        )
    groups = _groups(conditions, names)
    broken = _broken(tests, groups, np.arange(len(names)))
    counts, end = [], time.monotonic() + seconds
    for shuffle in _shuffles(len(names), shuffles, seed):
        if time.monotonic() > end:
            break
        same = _same(measured, implied.basis, names, shuffle)
        counts.append((_broken(tests, groups, shuffle), same))
    return Falsified(
        len(conditions),
        broken,
        len(counts),
        sum(count <= broken for count, _ in counts),
        sum(same for _, same in counts),
    )


def _conditions(graph: CausalGraph) -> tuple[Independence, ...]:
    """Local Markov conditions, or what a graph with unmeasured causes implies."""
    if all(edge.kind == "->" for edge in graph.edges) and not graph.selected:
        return local_markov(graph)
    return Implied(graph).basis


def _groups(conditions: Sequence[Independence], names: Sequence[str]) -> list[Group]:
    """The conditions by node and what is held, in numbers: one solution serves each group."""
    place = {name: i for i, name in enumerate(names)}

    def key(claim: Independence) -> tuple[int, tuple[int, ...]]:
        return place[claim.one], tuple(place[name] for name in claim.given)

    return [
        (*shared, np.array([place[claim.other] for claim in group]))
        for shared, group in groupby(sorted(conditions, key=key), key)
    ]


def _broken(tests: Products, groups: Sequence[Group], shuffle: np.ndarray) -> int:
    """How many conditions the rows contradict when node i is called shuffle[i]."""
    found = 0
    for one, given, others in groups:
        held = tuple(sorted(shuffle[list(given)].tolist()))
        found += int((tests.p(int(shuffle[one]), held)[shuffle[others]] < LEVEL).sum())
    return found


def _shuffles(size: int, most: int, seed: int) -> Iterator[np.ndarray]:
    """Orders of the names, the given one left out; all there are, or random ones."""
    if math.factorial(size) - 1 <= most:
        yield from (np.array(order) for order in islice(permutations(range(size)), 1, None))
        return
    rng, kept = generator(seed, "shuffles"), np.arange(size)
    for _ in range(most):
        shuffle = rng.permutation(size)
        if (shuffle != kept).any():
            yield shuffle


def _same(
    graph: CausalGraph, basis: Sequence[Independence], names: Sequence[str], shuffle: np.ndarray
) -> bool:
    """Whether the shuffled graph implies all that the graph does.

    Asked of the graph itself, with the names shuffled back.
    """
    back = {names[new]: names[old] for old, new in enumerate(shuffle)}
    joined = {frozenset((edge.source, edge.target)) for edge in graph.edges}
    if any(frozenset((back[c.one], back[c.other])) in joined for c in basis):
        return False
    return all(
        m_separated(graph, back[c.one], back[c.other], [back[name] for name in c.given])
        for c in basis
    )
