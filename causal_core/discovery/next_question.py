"""After a search: the one thing to find out next that would direct most of the open edges.

Knowing the direction of one open edge, or an experiment on one column, which shows the
direction of all its open edges (He & Geng 2008; Hauser & Bühlmann 2014), directs more
edges by Meek's (1995) rules. How many depends on the answer: `least` is the worst answer's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from causal_core.errors import GraphError
from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.partial import Matrix, close, matrices

_MOST_OPEN = 7  # open edges of a column; the answers to an experiment may double with each


@dataclass(frozen=True)
class Step:
    """What to find out: whether `ask[0]` causes `ask[1]`, or what acting on `ask[0]` changes.

    Of the edges that are open now, the answer directs at least `least` and on average over
    the possible answers `mean`, the edges asked about among them.
    """

    ask: tuple[str, ...]
    least: int
    mean: float


@dataclass(frozen=True)
class NextQuestion:
    """The best piece of knowledge and the best experiment for a graph with `open` open edges."""

    open: int
    knowledge: Step
    experiment: Step | None


def next_question(
    graph: CausalGraph, shown: Collection[frozenset[str]] | None = None
) -> NextQuestion | None:
    """What to ask next, or None where nothing is open or edges are of other kinds.

    `graph` is closed under Meek's rules. `shown`: the pairs that count and that may be
    asked about, all if None. Steps are ranked by `least`, then `mean`, then the order of the nodes.
    """
    try:
        directed, open_ = matrices(graph)
    except GraphError:
        return None
    names = graph.nodes
    counts = np.triu(open_)
    for i, j in zip(*counts.nonzero(), strict=True):
        counts[i, j] = shown is None or frozenset((names[i], names[j])) in shown
    pairs = [(int(i), int(j)) for i, j in zip(*counts.nonzero(), strict=True)]
    if not pairs:
        return None

    def step(ask: tuple[int, ...], answers: Iterator[Matrix]) -> Step:
        left = [int((counts & still).sum()) for still in answers]
        gone = len(pairs) - np.array(left)
        return Step(tuple(names[i] for i in ask), int(gone.min()), float(gone.mean()))

    edges = [step(pair, _edge_answers(directed, open_, *pair)) for pair in pairs]
    ends = sorted({i for pair in pairs for i in pair})
    acts = [
        step((i,), _experiment_answers(directed, open_, i))
        for i in ends
        if open_[i].sum() <= _MOST_OPEN
    ]
    return NextQuestion(len(pairs), _best(edges), _best(acts) if acts else None)


def _best(steps: list[Step]) -> Step:
    return max(steps, key=lambda step: (step.least, step.mean))


def _edge_answers(directed: Matrix, open_: Matrix, i: int, j: int) -> Iterator[Matrix]:
    """The edges still open after either answer; in a closed graph both are possible."""
    for one, other in ((i, j), (j, i)):
        yield _told(directed, open_, one, other)[1]


def _experiment_answers(directed: Matrix, open_: Matrix, node: int) -> Iterator[Matrix]:
    """The edges still open after each possible answer to an experiment on `node`.

    Each open edge that is left after the rules can still go both ways (Meek 1995, theorem
    4), so every way through this tree is an answer, and no answer comes twice.
    """
    near = open_[node].nonzero()[0]
    if not len(near):
        yield open_
        return
    for one, other in ((node, near[0]), (near[0], node)):
        yield from _experiment_answers(*_told(directed, open_, int(one), int(other)), node)


def _told(directed: Matrix, open_: Matrix, i: int, j: int) -> tuple[Matrix, Matrix]:
    """Both matrices once i → j is known."""
    directed, open_ = directed.copy(), open_.copy()
    directed[i, j] = True
    open_[i, j] = open_[j, i] = False
    close(directed, open_)
    return directed, open_
