"""Graphs compared by how well equations on each of them tell of rows they have not seen."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from causal_core.graphs.graph import CausalGraph
from causal_core.rng import generator
from causal_core.scm.held_out_score import HeldOut
from causal_core.scm.training import fit
from causal_core.tables.table import Table

_TEST_SHARE = 0.3
_MOST_TEST_ROWS = 5000


def held_out(
    table: Table,
    graphs: Sequence[CausalGraph],
    seed: int = 0,
    *,
    seconds: float = float("inf"),
    tell: Callable[[float], None] | None = None,
) -> tuple[HeldOut | None, ...]:
    """The score of each graph of arrows over the table's columns; None where time was up.

    The closed-form equations (those of a first sketch) learn from 70 % of the complete rows;
    the seed decides which. An equation that several graphs share is fitted once. `tell`
    hears the share done and may raise to stop. Raises ModelError where a column cannot
    be fitted.
    """
    end = time.monotonic() + seconds
    train, test = _split(table, seed)
    known: dict[tuple[str, frozenset[str]], np.ndarray] = {}
    scores: list[np.ndarray | None] = []
    for place, graph in enumerate(graphs):
        total: np.ndarray | None = np.zeros(len(test))
        for name in graph.nodes:
            family = name, graph.parents(name)
            if family not in known:
                if time.monotonic() > end:
                    total = None
                    break
                known[family] = _family(train, test, *family, seed)
                if tell:
                    tell(place / len(graphs))
            total = total + known[family]
        scores.append(total)
    return _compared(scores)


def _split(table: Table, seed: int) -> tuple[Table, Table]:
    """(rows to learn from, rows to be judged by), complete ones only."""
    codes = table.codes[np.isfinite(table.codes).all(1)]
    order = generator(seed, "held out").permutation(len(codes))
    count = round(_TEST_SHARE * len(codes))
    test, train = order[:count][:_MOST_TEST_ROWS], order[count:]
    return Table(table.variables, codes[train]), Table(table.variables, codes[test])


def _family(train: Table, test: Table, name: str, parents: frozenset[str], seed: int) -> np.ndarray:
    """log P(name | parents) of each test row [rows], in nats, by the equation alone."""
    columns = [column for column in train.columns if column == name or column in parents]
    star = CausalGraph.from_edges([(parent, name) for parent in parents], nodes=columns)
    model = fit(train.select(columns), star, seed=seed, members=1, max_epochs=0)
    return model.log_prob_by_column(test.select(columns).frame)[name]


def _compared(scores: Sequence[np.ndarray | None]) -> tuple[HeldOut | None, ...]:
    """Each score [rows] against the best, on the rows that every graph gives a finite one."""
    done = [score for score in scores if score is not None]
    if not done:
        return (None,) * len(scores)
    good = np.isfinite(np.stack(done)).all(0)
    best = max(done, key=lambda score: score[good].mean())[good]

    def against(score: np.ndarray) -> HeldOut:
        less = best - score[good]
        error = less.std(ddof=1) / np.sqrt(len(less))
        return HeldOut(float(score[good].mean()), float(less.mean()), float(error), len(less))

    return tuple(None if score is None else against(score) for score in scores)
