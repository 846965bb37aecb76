"""Fitting the structural equations: climb the ladder, then refit the ensemble."""

from __future__ import annotations

from pathlib import Path

import torch

from causal_core.graphs.graph import CausalGraph
from causal_core.identification.contexts import contexts
from causal_core.scm.candidates import simplest
from causal_core.scm.climb import Climb
from causal_core.scm.data import FitData, check_graph
from causal_core.scm.model import StructuralCausalModel
from causal_core.scm.progress import OnProgress
from causal_core.tables.table import Table

EPOCHS = 16
SKETCH_ROWS = 5000


def fit(
    table: Table,
    graph: CausalGraph,
    *,
    seed: int = 0,
    members: int = 8,
    max_epochs: int = EPOCHS,
    on_progress: OnProgress | None = None,
    checkpoint: Path | None = None,
) -> StructuralCausalModel:
    """Neural structural equations for the graph's measured columns.

    `members` is the ensemble's size; `max_epochs` bounds the training of each equation, 0
    gives a first sketch from the closed-form rungs and a few thousand rows; `on_progress`
    hears of every epoch and may raise to stop the fit; `checkpoint` is a folder from which
    an interrupted fit of the same table, graph and seed goes on, with the same final
    weights as if it had never stopped (on a CPU).

    Raises GraphError or ModelError naming the column and the remedy.
    """
    check_graph(table, graph)
    reads = {name: context.names for name, context in contexts(graph.project()).items()}
    data = FitData.of(table, tuple(reads), members, seed, None if max_epochs else SKETCH_ROWS)
    with one_thread():
        climb = Climb(data, reads, seed, max_epochs, on_progress, checkpoint)
        candidates = climb.candidates()
        chosen = {name: simplest(found) for name, found in candidates.items()}
        equations = climb.equations(candidates, chosen)
        report = climb.report(candidates, chosen, equations)
    return StructuralCausalModel(graph, data.variables, data.standards, equations, report)


class one_thread:
    """One torch thread: beside other work, two are many times slower."""

    def __enter__(self) -> None:
        self._before = torch.get_num_threads()
        torch.set_num_threads(1)

    def __exit__(self, *exc: object) -> None:
        torch.set_num_threads(self._before)
