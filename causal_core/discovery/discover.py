"""From a table to the causal graphs that its rows speak for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from causal_core.discovery.knowledge import Knowledge, Rules
from causal_core.discovery.order_search import Found, OrderSearch
from causal_core.discovery.scores import total
from causal_core.discovery.situation import Data, Method, prepared, searched, suited
from causal_core.errors import QuestionError
from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.graphs.partial import completed, to_graph
from causal_core.rng import generator
from causal_core.tables.table import Table

_RESTARTS, _SEARCHED = 150, 0.16  # of the search over all rows, and its share of the time
_SURE_NATS = 3.0  # by which an arrow must score better than its reverse to be drawn as one
_ENOUGH_PAIRS, _MOST_JOINED = 10, 0.6  # more edges than this share are said to be suspicious
STRONG = 0.9  # of resamples: an edge is called strong, else tentative


@dataclass(frozen=True)
class FoundEdge:
    """An edge, and the share of resampled tables that have it (NaN without resamples).

    `adjacent`: any edge between the two; `forward`, `backward`: source → target and the
    reverse; what is left of `adjacent` is open.
    """

    edge: Edge
    adjacent: float
    forward: float
    backward: float

    @property
    def strong(self) -> bool:
        """Whether nearly every resampled table has an edge here."""
        return self.adjacent >= STRONG


@dataclass(frozen=True)
class Discovered:
    """The graph found, how, and how sure the rows are of each edge.

    `graph` has open edges (`--`) where the rows cannot tell cause from effect. `others`
    are edges that are not in it but in some resamples. `gain`: nats over the graph without
    edges, after what the edges cost.
    """

    graph: CausalGraph
    method: Method
    reason: str
    edges: tuple[FoundEdge, ...]
    others: tuple[FoundEdge, ...]
    gain: float
    rows: int
    resamples: int
    notes: tuple[str, ...]


Tell = Callable[[Discovered, float], None]


def discover(
    table: Table,
    method: str = "auto",
    knowledge: Knowledge | None = None,
    bootstrap: int = 0,
    seed: int = 0,
    *,
    seconds: float = 10.0,
    tell: Tell | None = None,
) -> Discovered:
    """The graph over the table's columns that scores best, found by a search over orders.

    `method`: "auto" or one of `Method`; `bootstrap`: how many resampled tables are searched
    to say how sure each edge is, as many as `seconds` allow; `tell` hears of every result
    as it grows, with the share done, and may raise to stop.

    It supposes that no unmeasured column causes two of these. Raises TableError for columns
    that cannot be searched, QuestionError for another method, GraphError for knowledge that
    contradicts itself.
    """
    end = time.monotonic() + seconds
    data = prepared(table)
    rules = (knowledge or Knowledge()).over(data.names)
    computing = time.thread_time()
    chosen, reason = _method(data, method, rules, seed, _SEARCHED / 2 * seconds)
    left = max(0.0, _SEARCHED * seconds - (time.thread_time() - computing))
    search, found = searched(data, chosen, rules, generator(seed, "search"), _RESTARTS, left)
    classed = _classed(chosen, search, found, rules)
    counts = np.zeros((len(data.names), len(data.names), 2))  # of arrows, of open edges
    done = 0

    def result() -> Discovered:
        return _result(data, (chosen, reason), found, classed, counts / max(done, 1), done)

    if tell:
        tell(result(), 0.0)
    for one in _resampled(data, chosen, rules, bootstrap, seed, end, found.order):
        counts += np.stack(one, axis=2)
        done += 1
        if tell:
            late = 1 - (end - time.monotonic()) / seconds
            tell(result(), min(1.0, max(done / bootstrap, late)))
    return result()


def _method(data: Data, method: str, rules: Rules, seed: int, seconds: float) -> tuple[Method, str]:
    if method == "auto":
        return suited(data, rules, generator(seed, "method"), seconds)
    if method not in list(Method):
        known = ", ".join(Method)
        raise QuestionError(f"There is no method “{method}”.", f"Use auto, {known}.")
    chosen, counted = Method(method), data.counted
    if chosen is Method.DISCRETE and not all(counted):
        name = data.names[counted.index(False)]
        raise QuestionError(
            f"“{name}” takes too many values to be counted.", "Use “mixed”, or cut it into levels."
        )
    if chosen not in (Method.DISCRETE, Method.MIXED) and any(
        variable.kind.discrete for variable in data.variables
    ):
        raise QuestionError(
            f"“{method}” is for numbers, and some columns hold levels.", "Use “mixed” or “auto”."
        )
    return chosen, "You chose it."


def _classed(
    method: Method, search: OrderSearch, found: Found, rules: Rules
) -> tuple[np.ndarray, np.ndarray]:
    """(arrows, open edges): what the rows and the knowledge direct."""
    if method is Method.NON_NORMAL:
        return found.dag, np.zeros_like(found.dag)
    fixed = rules.oriented | rules.required
    directed, open_ = completed(found.dag, fixed)
    if method is Method.ADDITIVE:
        allowed = rules.allowed.T & open_
        sure = search.turned(found, allowed) > _SURE_NATS
        return completed(found.dag, fixed | sure)
    return directed, open_


def _resampled(
    data: Data,
    method: Method,
    rules: Rules,
    times: int,
    seed: int,
    end: float,
    start: tuple[int, ...],
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(arrows, open edges) of one resampled table after the other, until the time is up.

    Each search begins at the order found for all rows: as calibrated as many beginnings,
    in less than half the time.
    """
    for number in range(times):
        if time.monotonic() > end:
            return
        rng = generator(seed, "resample", number)
        rows = rng.integers(len(data.codes), size=len(data.codes))
        if (data.codes[rows].min(0) == data.codes[rows].max(0)).any():
            continue
        search, found = searched(data, method, rules, rng, 0, rows=rows, start=start)
        yield _classed(method, search, found, rules)


def _result(
    data: Data,
    method: tuple[Method, str],
    found: Found,
    classed: tuple[np.ndarray, np.ndarray],
    shares: np.ndarray,
    resamples: int,
) -> Discovered:
    graph = to_graph(data.names, *classed)
    shares = shares if resamples else np.full_like(shares, np.nan)
    place = {name: i for i, name in enumerate(data.names)}

    def told(edge: Edge) -> FoundEdge:
        i, j = place[edge.source], place[edge.target]
        forward, backward = float(shares[i, j, 0]), float(shares[j, i, 0])
        return FoundEdge(edge, forward + backward + float(shares[i, j, 1]), forward, backward)

    joined = {frozenset((edge.source, edge.target)) for edge in graph.edges}
    others = [
        told(Edge(one, other, "--"))
        for i, one in enumerate(data.names)
        for other in data.names[i + 1 :]
        if frozenset((one, other)) not in joined
    ]
    seen = sorted((o for o in others if o.adjacent > 0), key=lambda o: -o.adjacent)
    pairs = len(data.names) * (len(data.names) - 1) // 2
    notes = data.notes
    if pairs >= _ENOUGH_PAIRS and len(joined) > _MOST_JOINED * pairs:
        notes += (
            f"{len(joined)} of {pairs} pairs are joined. A search finds that many where columns "
            "share unmeasured causes, where rows of several conditions are pooled, or where the "
            "relations have another shape: do not take these arrows for causes.",
        )
    score = data.score(method[0])
    gain = total(score, found.dag) - total(score, np.zeros_like(found.dag))
    return Discovered(
        graph,
        *method,
        tuple(told(edge) for edge in graph.edges),
        tuple(seen),
        gain,
        len(data.codes),
        resamples,
        notes,
    )
