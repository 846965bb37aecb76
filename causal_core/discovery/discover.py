"""From a table to the causal graphs that its rows speak for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from causal_core.discovery.alternatives import Alternative, Class, alternatives
from causal_core.discovery.by_tests import BY_TESTS, UNFINISHED, by_tests, edges_of
from causal_core.discovery.constraint import said
from causal_core.discovery.environments import under_conditions
from causal_core.discovery.interventions import Targets, told_apart
from causal_core.discovery.knowledge import Knowledge, Rules
from causal_core.discovery.order_search import Found, OrderSearch
from causal_core.discovery.scores import total
from causal_core.discovery.situation import Data, Method, searched, suited
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
    reverse; `half`, `half_back`: `o->` the same two ways; `common`: `<->`; what is left of
    `adjacent` is open.
    """

    edge: Edge
    adjacent: float
    forward: float
    backward: float
    half: float = 0.0
    half_back: float = 0.0
    common: float = 0.0

    @property
    def strong(self) -> bool:
        """Whether nearly every resampled table has an edge here."""
        return self.adjacent >= STRONG


@dataclass(frozen=True)
class Discovered:
    """The graph found, how, and how sure the rows are of each edge.

    `graph` has open edges (`--`) where the rows cannot tell cause from effect; with method
    “latents” it is a PAG. `others` are edges that are not in it but in some resamples.
    `gain`: nats over the graph without edges, after what the edges cost (NaN where tests of
    independence decide). `alternatives`: the best few graphs, this one first.
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
    alternatives: tuple[Alternative, ...] = ()


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
    environment: str | None = None,
    targets: Targets | None = None,
) -> Discovered:
    """The graph over the table's columns that scores best, found by a search over orders.

    `method`: "auto" or one of `Method`; `bootstrap`: how many resampled tables are searched
    to say how sure each edge is, as many as `seconds` allow; `tell` hears of every result
    as it grows, with the share done, and may raise to stop. `environment`, `targets`: see
    `under_conditions`.

    It supposes that no unmeasured column causes two of these, but for method “latents”,
    which finds a PAG by tests of independence, as “pc” finds its class. Raises TableError for
    columns that cannot be searched, QuestionError for another method, GraphError for
    knowledge that contradicts itself.
    """
    end = time.monotonic() + seconds
    data, known = under_conditions(table, knowledge or Knowledge(), environment, targets or {})
    rules = known.over(data.names)
    computing = time.thread_time()
    chosen, reason = _method(data, method, rules, seed, _SEARCHED / 2 * seconds)
    if chosen in BY_TESTS:
        return _by_tests(data, (chosen, reason), rules, bootstrap, seed, seconds, tell)
    left = max(0.0, _SEARCHED * seconds - (time.thread_time() - computing))
    search, found = searched(data, chosen, rules, generator(seed, "search"), _RESTARTS, left)
    classed = _classed(data, chosen, search, found, rules)
    counts = np.zeros((len(data.names), len(data.names), 2))  # of arrows, of open edges
    done, seen = 0, list[Class]()

    def result() -> Discovered:
        return _result(data, (chosen, reason), found, classed, counts / max(done, 1), done)

    if tell:
        tell(result(), 0.0)
    for one in _resampled(data, chosen, rules, bootstrap, seed, end, found.order):
        counts += np.stack(one, axis=2)
        done += 1
        seen.append(one)
        if tell:
            late = 1 - (end - time.monotonic()) / seconds
            tell(result(), min(1.0, max(done / bootstrap, late)))
    graphs = alternatives(data.names, classed, seen, data.score(chosen))
    return replace(result(), alternatives=graphs)


def _method(data: Data, method: str, rules: Rules, seed: int, seconds: float) -> tuple[Method, str]:
    if method == "auto":
        return _usable(data, *suited(data, rules, generator(seed, "method"), seconds))
    if method not in list(Method):
        known = ", ".join(Method)
        raise QuestionError(f"There is no method “{method}”.", f"Use auto, {known}.")
    chosen, counted = Method(method), data.counted
    if chosen is Method.DISCRETE and not all(counted):
        name = data.names[counted.index(False)]
        raise QuestionError(
            f"“{name}” takes too many values to be counted.", "Use “mixed”, or cut it into levels."
        )
    if chosen in (Method.NON_NORMAL, *BY_TESTS) and data.set_.any():
        raise QuestionError(
            f"“{method}” cannot use rows in which columns were set.", "Use “linear” or “auto”."
        )
    if chosen not in (Method.DISCRETE, Method.MIXED, *BY_TESTS) and any(
        variable.kind.discrete for variable in data.variables
    ):
        raise QuestionError(
            f"“{method}” is for numbers, and some columns hold levels.", "Use “mixed” or “auto”."
        )
    return chosen, f"You chose it. {said(data)}" if chosen in BY_TESTS else "You chose it."


def _usable(data: Data, method: Method, reason: str) -> tuple[Method, str]:
    """The same, but where columns were set: the noise is then not that of one model."""
    if method is Method.NON_NORMAL and data.set_.any():
        return Method.LINEAR, "Lines; the rows in which columns were set direct the arrows."
    return method, reason


def _by_tests(
    data: Data,
    method: tuple[Method, str],
    rules: Rules,
    bootstrap: int,
    seed: int,
    seconds: float,
    tell: Tell | None,
) -> Discovered:
    """The same as `discover` for the methods that test; a first search may take half the time."""
    start = time.monotonic()
    layers, complete = by_tests(data, method[0], rules, start + seconds / 2)
    graph = edges_of(data.names, method[0], layers)
    counts, done = np.zeros(layers.shape), 0
    notes = data.notes if complete else (*data.notes, UNFINISHED)

    def result() -> Discovered:
        shares = counts / done if done else np.full_like(counts, np.nan)
        edges, others = _shared(graph, shares)
        rows = len(data.codes)
        return Discovered(graph, *method, edges, others, np.nan, rows, done, notes)

    if tell:
        tell(result(), 0.0)
    for _, rows in _resamples(data, bootstrap, seed, start + seconds):
        layers, complete = by_tests(data, method[0], rules, start + seconds, rows)
        if not complete:
            break
        counts, done = counts + layers, done + 1
        if tell:
            late = (time.monotonic() - start) / seconds
            tell(result(), min(1.0, max(done / bootstrap, late)))
    return result()


def _classed(
    data: Data, method: Method, search: OrderSearch, found: Found, rules: Rules
) -> tuple[np.ndarray, np.ndarray]:
    """(arrows, open edges): what the rows and the knowledge direct."""
    if method is Method.NON_NORMAL:
        return found.dag, np.zeros_like(found.dag)
    fixed = rules.oriented | rules.required | told_apart(data.set_)
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
    for number, rows in _resamples(data, times, seed, end):
        rng = generator(seed, "order", number)
        search, found = searched(data, method, rules, rng, 0, rows=rows, start=start)
        yield _classed(data, method, search, found, rules)


def _resamples(data: Data, times: int, seed: int, end: float) -> Iterator[tuple[int, np.ndarray]]:
    """Numbered rows drawn with replacement, until the time is up; every column varies in them."""
    for number in range(times):
        if time.monotonic() > end:
            return
        rows = generator(seed, "resample", number).integers(len(data.codes), size=len(data.codes))
        if (data.codes[rows].min(0) < data.codes[rows].max(0)).all():
            yield number, rows


def _result(
    data: Data,
    method: tuple[Method, str],
    found: Found,
    classed: tuple[np.ndarray, np.ndarray],
    shares: np.ndarray,
    resamples: int,
) -> Discovered:
    graph = to_graph(data.names, *classed)
    edges, others = _shared(graph, shares if resamples else np.full_like(shares, np.nan))
    pairs = len(data.names) * (len(data.names) - 1) // 2
    notes = data.notes
    if pairs >= _ENOUGH_PAIRS and len(edges) > _MOST_JOINED * pairs:
        notes += (
            f"{len(edges)} of {pairs} pairs are joined. A search finds that many where columns "
            "share unmeasured causes, where rows of several conditions are pooled, or where the "
            "relations have another shape: do not take these arrows for causes.",
        )
    score = data.score(method[0])
    gain = total(score, found.dag) - total(score, np.zeros_like(found.dag))
    return Discovered(
        graph,
        *method,
        edges,
        others,
        gain,
        len(data.codes),
        resamples,
        notes,
    )


def _shared(
    graph: CausalGraph, shares: np.ndarray
) -> tuple[tuple[FoundEdge, ...], tuple[FoundEdge, ...]]:
    """Its edges, and others that some resamples have, the most frequent first.

    `shares` [p, p, kinds]: arrows, open edges and, if tests found them, `o->` and `<->`.
    """
    names = graph.nodes
    place = {name: i for i, name in enumerate(names)}

    def told(edge: Edge) -> FoundEdge:
        i, j = place[edge.source], place[edge.target]
        ahead, back = shares[i, j].tolist(), shares[j, i].tolist()
        half, half_back, common = (ahead[2], back[2], ahead[3]) if len(ahead) > 2 else (0.0,) * 3
        adjacent = ahead[0] + back[0] + ahead[1] + half + half_back + common
        return FoundEdge(edge, adjacent, ahead[0], back[0], half, half_back, common)

    joined = {frozenset((edge.source, edge.target)) for edge in graph.edges}
    others = [
        told(Edge(one, other, "--"))
        for i, one in enumerate(names)
        for other in names[i + 1 :]
        if frozenset((one, other)) not in joined
    ]
    seen = sorted((o for o in others if o.adjacent > 0), key=lambda o: -o.adjacent)
    return tuple(told(edge) for edge in graph.edges), tuple(seen)
