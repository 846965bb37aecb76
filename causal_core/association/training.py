"""Training the correlational net on randomly masked rows."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from causal_core.association.model import AssociationModel
from causal_core.errors import ModelError
from causal_core.rng import derive_seed
from causal_core.scm.closed_form import ClosedForm
from causal_core.scm.data import FitData
from causal_core.scm.equation import extract
from causal_core.scm.ladder import conditional_rung
from causal_core.scm.program import Program, Slot
from causal_core.scm.training import OnProgress, one_thread, teller
from causal_core.tables.table import Table

EPOCHS = 40
_NOTHING, _ONE = 0.1, 0.5  # shares of rows given nothing, and given a single column


def fit_association(
    table: Table,
    *,
    seed: int = 0,
    members: int = 5,
    max_epochs: int = EPOCHS,
    on_progress: OnProgress | None = None,
    checkpoint: Path | None = None,
) -> AssociationModel:
    """The correlational deep net of all columns of `table` (options as in `fit`).

    Raises ModelError naming a column that nothing can fit.
    """
    if len(table.columns) < 2:
        raise ModelError("A single column has nothing to be seen with.", "Bring a second column.")
    data = FitData.of(table, table.columns, members, seed)
    with one_thread():
        program = _program(data, members, seed)
        closed = ClosedForm(program, data.standards, data.train, data.held_out)
        for index, slot in enumerate(program.slots):
            closed.start_marginal(index, data.boosts[slot.member])
        _train(program, data, seed, max_epochs, on_progress, checkpoint)
        equations = {
            v.name: extract(program, range(i * members, (i + 1) * members), data.standards)
            for i, v in enumerate(data.variables)
        }
    return AssociationModel(data.variables, data.standards, equations)


def _program(data: FitData, members: int, seed: int) -> Program:
    names = tuple(v.name for v in data.variables)
    slots = [
        Slot(v.name, tuple(n for n in names if n != v.name), conditional_rung(v), member)
        for v in data.variables
        for member in range(members)
    ]
    stream = torch.Generator().manual_seed(derive_seed(seed, "weights", "association"))
    return Program(slots, data.variables, data.standards, [], stream, flags=True)


def _train(
    program: Program,
    data: FitData,
    seed: int,
    epochs: int,
    on_progress: OnProgress | None,
    checkpoint: Path | None,
) -> None:
    from causal_core.scm.trainer import Schedule, Trainer, run

    schedule = Schedule("association", epochs, 8e-3)
    tell = teller(on_progress, schedule, (0.0, 1.0))
    module = Trainer(
        program, data.train, data.held_out, data.boosts, schedule, seed, tell, random_mask
    )
    run(module, checkpoint / "association.ckpt" if checkpoint else None)


def random_mask(codes: Tensor, stream: torch.Generator) -> Tensor:
    """Codes [rows, columns] with random cells hidden (NaN).

    A tenth of the rows shows nothing and half of them one column, the question most often
    asked; the others show each column with a chance that is itself uniform.
    """
    rows, columns = codes.shape
    share = torch.rand((rows, 1), generator=stream)
    shown = torch.rand((rows, columns), generator=stream) < share
    style = torch.rand((rows, 1), generator=stream)
    single = torch.randint(columns, (rows, 1), generator=stream)
    alone = torch.arange(columns).unsqueeze(0) == single
    shown = torch.where(style < _NOTHING + _ONE, alone & (style >= _NOTHING), shown)
    return codes.masked_fill(~shown.to(codes.device), torch.nan)
