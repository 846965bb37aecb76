"""The best few graphs: distinct, allowed, scored on all rows, the one found first."""

from __future__ import annotations

import numpy as np
import pytest

from causal_core.discovery.alternatives import MOST
from causal_core.discovery.discover import discover
from causal_core.discovery.knowledge import Knowledge
from causal_core.discovery.situation import prepared
from causal_core.graphs.partial import adjacency, cpdag
from tests.discovery import worlds


def test_they_are_distinct_and_scored_and_begin_with_the_graph_found() -> None:
    rng = np.random.default_rng(0)
    table = worlds.table(worlds.lines(worlds.graph(6, 2, rng), 300, rng))
    found = discover(table, method="linear", bootstrap=40)
    first, *others = found.alternatives
    assert first.graph == found.graph
    assert first.gain == pytest.approx(found.gain)
    assert 1 <= len(others) < MOST
    assert len({one.graph.edges for one in found.alternatives}) == len(found.alternatives)
    assert [one.gain for one in others] == sorted((one.gain for one in others), reverse=True)
    score = prepared(table).score(found.method)
    for one in found.alternatives:
        dag = adjacency(one.arrows)
        alone = sum(
            score.local(j, tuple(dag[:, j].nonzero()[0].tolist())) - score.local(j, ())
            for j in range(len(dag))
        )
        assert one.gain == pytest.approx(alone)
        assert cpdag(one.arrows) == one.graph
        assert one.gain <= found.gain + 1e-6
        assert 0 <= one.share <= 1
    assert sum(one.share for one in found.alternatives) <= 1 + 1e-9


def test_they_obey_what_is_known() -> None:
    rng = np.random.default_rng(1)
    table = worlds.table(worlds.lines(worlds.graph(5, 2, rng), 200, rng))
    known = Knowledge(tiers=(("v4",), ("v0", "v1"), ("v2", "v3")))
    for one in discover(table, knowledge=known, bootstrap=30).alternatives:
        assert not [e for e in one.arrows.edges if known.forbids(e.source, e.target)]


def test_without_resamples_there_is_the_one() -> None:
    rng = np.random.default_rng(2)
    table = worlds.table(worlds.lines(worlds.graph(4, 2, rng), 200, rng))
    found = discover(table)
    assert [one.graph for one in found.alternatives] == [found.graph]
    assert np.isnan(found.alternatives[0].share)
