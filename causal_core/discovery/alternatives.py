"""The best few graphs: the one found, and others that resampled rows speak for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from causal_core.discovery.scores import LocalScore, total
from causal_core.errors import GraphError
from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.partial import adjacency, extension, to_graph

Class = tuple[np.ndarray, np.ndarray]  # (arrows, open edges), bool [p, p]
MOST = 5
_TRIED = 60  # classes that are scored on all rows, the most frequent ones


@dataclass(frozen=True)
class Alternative:
    """A graph, its open edges open; `gain`: nats over the graph without edges, on all rows.

    `share`: of the resamples that have exactly this graph (NaN without resamples).
    """

    graph: CausalGraph
    gain: float
    share: float

    @property
    def arrows(self) -> CausalGraph:
        """One graph of arrows of the class; GraphError where there is none."""
        return extension(self.graph)


def alternatives(
    names: Sequence[str], best: Class, resampled: Iterable[Class], score: LocalScore
) -> tuple[Alternative, ...]:
    """`best` first, then the classes of the resamples by score; distinct, at most MOST."""
    seen = Counter(_key(one) for one in resampled)
    times, size = max(1, seen.total()), len(names)
    empty = total(score, np.zeros((size, size), dtype=bool))
    first = _key(best)
    ranked = []
    for key in dict.fromkeys([first, *(key for key, _ in seen.most_common(_TRIED))]):
        graph = to_graph(names, *_read(key, size))
        try:
            gain = total(score, adjacency(extension(graph))) - empty
        except GraphError:
            continue
        share = seen[key] / times if seen else float("nan")
        ranked.append((key != first, -gain, Alternative(graph, gain, share)))
    return tuple(one for *_, one in sorted(ranked, key=lambda r: r[:2])[:MOST])


def _key(one: Class) -> bytes:
    return np.packbits(np.stack(one)).tobytes()


def _read(key: bytes, size: int) -> Class:
    bits = np.unpackbits(np.frombuffer(key, np.uint8), count=2 * size * size)
    arrows, lines = bits.reshape(2, size, size).astype(bool)
    return arrows, lines
