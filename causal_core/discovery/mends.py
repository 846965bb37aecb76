"""Which single change would mend a graph that the rows contradict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from causal_core.discovery.count_score import count_score
from causal_core.discovery.curve_score import curve_score
from causal_core.discovery.independence.bench import Bench
from causal_core.discovery.independence.columns import LINES_ONLY
from causal_core.discovery.normal_score import linear_score, mixed_score
from causal_core.discovery.scores import LocalScore
from causal_core.errors import CycleError
from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.graphs.implied import Independence
from causal_core.graphs.separation import m_separated

_CLAIMS = 30  # contradicted claims that are mended at a time, the clearest
_KEPT = 12  # changes that are looked at beside the best of each claim


@dataclass(frozen=True)
class Mend:
    """A change of one edge: `edge` drawn, or `turned` around from what it was.

    `gain`: nats by which the rows are likelier under the changed graph, after what it costs;
    `undone`: the contradicted independencies that the changed graph no longer claims.
    """

    edge: Edge
    turned: bool
    gain: float
    undone: frozenset[Independence]


def mends(bench: Bench, graph: CausalGraph, wrong: Sequence[Independence]) -> tuple[Mend, ...]:
    """The changes of `graph` that gain and undo some of `wrong` (the clearest first).

    Ranked by gain: the edge that is missing gains most, an edge that only carries what it
    carried gains what is left of that on the way. An added arrow joins one of the pairs.
    """
    wrong = wrong[:_CLAIMS]
    judge = _Judge(bench, graph) if wrong else None
    if judge is None or judge.score is None:
        return ()
    changes = sorted(judge.changes(wrong), key=lambda change: -change.gain)
    first: dict[frozenset[str], _Change] = {}
    for change in changes:
        first.setdefault(change.pair, change)
    looked = list(dict.fromkeys([*changes[:_KEPT], *first.values()]))
    found = [Mend(c.edge, c.turned, c.gain, _undone(c.graph, wrong)) for c in looked]
    return tuple(
        sorted((m for m in found if m.undone), key=lambda m: (-round(m.gain, 6), -len(m.undone)))
    )


@dataclass(frozen=True)
class _Change:
    edge: Edge
    turned: bool
    gain: float
    graph: CausalGraph

    @property
    def pair(self) -> frozenset[str]:
        return frozenset((self.edge.source, self.edge.target))


@dataclass(frozen=True)
class _Judge:
    """What changes of a graph gain under the score that its columns call for."""

    bench: Bench
    graph: CausalGraph

    @cached_property
    def place(self) -> dict[str, int]:
        """The columns that vary, numbered."""
        names = [name for name in self.graph.nodes if name in self.bench.columns]
        return {name: i for i, name in enumerate(names)}

    @cached_property
    def score(self) -> LocalScore | None:
        """Over the complete rows; None where they are too few."""
        columns = [self.bench.columns[name] for name in self.place]
        codes = np.column_stack([column.codes for column in columns])
        codes = codes[np.isfinite(codes).all(1)]
        if len(codes) < 2 * len(columns) or (codes.min(0) == codes.max(0)).any():
            return None
        if all(column.leveled for column in columns):
            return count_score(codes)
        if any(column.leveled for column in columns):
            return mixed_score(codes, [self.bench.variables[name] for name in self.place])
        return curve_score(codes) if len(codes) >= LINES_ONLY else linear_score(codes)

    def changes(self, wrong: Sequence[Independence]) -> Iterator[_Change]:
        """Arrows added to contradicted pairs, and drawn ones turned, that gain."""
        pairs = dict.fromkeys(frozenset((claim.one, claim.other)) for claim in wrong)
        rank = {name: i for i, name in enumerate(self.graph.topological_order)}
        for pair in pairs:
            earlier, later = sorted(pair, key=lambda name: rank[name])
            yield from self._change(Edge(earlier, later), None)
            yield from self._change(Edge(later, earlier), None)
        for edge in self.graph.edges:
            if edge.kind == "->":
                yield from self._change(Edge(edge.target, edge.source), edge)

    def _change(self, edge: Edge, instead: Edge | None) -> Iterator[_Change]:
        if not {edge.source, edge.target} <= self.place.keys():
            return
        try:
            changed = self.graph.reverse(instead) if instead else self.graph.add(edge)
        except CycleError:
            return
        ends = [edge.target, edge.source] if instead else [edge.target]
        gain = sum(self._local(changed, end) - self._local(self.graph, end) for end in ends)
        if np.isfinite(gain) and gain > 0:
            yield _Change(edge, instead is not None, float(gain), changed)

    def _local(self, graph: CausalGraph, name: str) -> float:
        assert self.score is not None
        parents = sorted(self.place[p] for p in graph.parents(name) if p in self.place)
        return self.score.local(self.place[name], tuple(parents))


def _undone(graph: CausalGraph, wrong: Sequence[Independence]) -> frozenset[Independence]:
    return frozenset(
        claim for claim in wrong if not m_separated(graph, claim.one, claim.other, claim.given)
    )
