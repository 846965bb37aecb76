"""Sweeps of models and a table that lie in files, so that any process can answer them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from causal_core.association.model import AssociationModel
from causal_core.queries.questions import Sweep
from causal_core.queries.sweep import imagined_row, sweep
from causal_core.queries.sweep_answer import RowCurve, SweepAnswer
from causal_core.scm.model import StructuralCausalModel
from causal_core.tables.table import Table


class SweepFiles(NamedTuple):
    """Where the equations, the correlational net and the table are; none of them ever changes."""

    model: Path
    association: Path
    table: Path


def sweep_everyone(files: SweepFiles, question: Sweep) -> SweepAnswer:
    """The answer of `sweep` without its row; raises as `sweep` and the files' readers do."""
    models = _models(files.model, files.association)
    return sweep(*models, replace(question, row=None), _table(files.table))


def sweep_row(files: SweepFiles, question: Sweep) -> RowCurve:
    """The answer of `imagined_row`; raises as it and the files' readers do."""
    models = _models(files.model, files.association)
    return imagined_row(*models, question, _table(files.table))


@lru_cache(maxsize=8)
def _models(model: Path, association: Path) -> tuple[StructuralCausalModel, AssociationModel]:
    return StructuralCausalModel.load(model), AssociationModel.load(association)


@lru_cache(maxsize=4)
def _table(path: Path) -> Table:
    return Table.from_bytes(path.read_bytes())
