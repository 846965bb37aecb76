"""Sweeps of a fit that is kept in a data folder, so that any process can answer them."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from causal_core.association.model import AssociationModel
from causal_core.queries.questions import Sweep
from causal_core.queries.sweep import imagined_row, sweep
from causal_core.queries.sweep_answer import RowCurve, SweepAnswer
from causal_core.scm.model import StructuralCausalModel
from causal_core.studies import blobs
from causal_core.tables.table import Table


class KeptFit(NamedTuple):
    """The digests of the equations, of the correlational net, and of the table in `folder`."""

    folder: Path
    model: str
    association: str
    table: str


def sweep_everyone(fit: KeptFit, question: Sweep) -> SweepAnswer:
    """The answer of `sweep` without its row.

    Raises as `sweep` does, and StudyError or ModelError where what was kept is gone or damaged.
    """
    return sweep(*_models(fit), replace(question, row=None), _table(fit.folder, fit.table))


def sweep_row(fit: KeptFit, question: Sweep) -> RowCurve:
    """The answer of `imagined_row`; raises as `sweep_everyone`."""
    return imagined_row(*_models(fit), question, _table(fit.folder, fit.table))


@lru_cache(maxsize=8)
def _models(fit: KeptFit) -> tuple[StructuralCausalModel, AssociationModel]:
    kept = _blobs(fit.folder)
    return (
        StructuralCausalModel.load(kept.path(fit.model)),
        AssociationModel.load(kept.path(fit.association)),
    )


@lru_cache(maxsize=4)
def _table(folder: Path, digest: str) -> Table:
    return Table.from_bytes(_blobs(folder).get(digest))


@lru_cache(maxsize=1)
def _blobs(folder: Path) -> blobs.Blobs:
    return blobs.open_blobs(folder / blobs.FOLDER, os.environ.get(blobs.URL, ""))
