"""Training the correlational net on randomly masked rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import torch
from torch import Tensor

from causal_core.association.model import AssociationModel
from causal_core.errors import ModelError
from causal_core.rng import derive_seed
from causal_core.scm.closed_form import ClosedForm
from causal_core.scm.data import FitData
from causal_core.scm.equation import extract
from causal_core.scm.features import Features, flag_products
from causal_core.scm.ladder import conditional_rung
from causal_core.scm.polish import polish
from causal_core.scm.program import Program, Slot
from causal_core.scm.training import OnProgress, copy_slot, one_thread, teller
from causal_core.tables.table import Table

EPOCHS = 24
ENSEMBLE_EPOCHS = 6
_FIRST_SHARE = 0.5
_RANDOM_SETS = 4
_MASKED_ROWS = 50_000
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
        train = _Trainer(data, seed, on_progress, checkpoint)
        first = _program(data, 1, seed)
        train.start(first)
        train.run(first, "association", max_epochs, 8e-3, (0.0, _FIRST_SHARE))
        program = _program(data, members, seed)
        for index in range(len(program.slots)):
            copy_slot(first, index // members, program, index)
        train.shift(program)
        epochs = max(2, max_epochs * ENSEMBLE_EPOCHS // EPOCHS)
        train.run(program, "association members", epochs, 2e-3, (_FIRST_SHARE, 1.0))
        train.finish(program)
        equations = {
            v.name: extract(program, range(i * members, (i + 1) * members), data.standards)
            for i, v in enumerate(data.variables)
        }
    return AssociationModel(data.variables, data.standards, equations)


@dataclass(frozen=True)
class _Trainer:
    data: FitData
    seed: int
    on_progress: OnProgress | None
    checkpoint: Path | None

    @cached_property
    def masked(self) -> tuple[Tensor, Tensor, Tensor]:
        """(codes, weights, given): every row under each of a few questions.

        The questions are nothing, each column alone, all columns, and random sets; each is
        asked of every row, so that shares in the data come back exactly.
        """
        columns = len(self.data.variables)
        alone = torch.eye(columns, dtype=torch.bool)
        stream = torch.Generator().manual_seed(derive_seed(self.seed, "masks"))
        several = torch.rand((_RANDOM_SETS, columns), generator=stream) < 0.5
        ends = torch.stack([torch.zeros(columns), torch.ones(columns)]).bool()
        questions = torch.cat([ends, alone, several])
        rows = min(len(self.data.everything), _MASKED_ROWS // len(questions) + 1)
        codes = self.data.everything[:rows]
        given = torch.cat([codes.masked_fill(~asked, torch.nan) for asked in questions])
        copies = len(questions)
        return codes.repeat(copies, 1), self.data.boosts[:, :rows].repeat(1, copies), given

    def _closed(self, program: Program) -> ClosedForm:
        codes, _, given = self.masked
        return ClosedForm(program, self.data.standards, codes, given=given)

    def finish(self, program: Program) -> None:
        """Make shares exact where every row can be asked; larger tables train them well."""
        if len(self.masked[0]) % len(self.data.everything) == 0:
            polish(program, *self.masked)

    def start(self, program: Program) -> None:
        """The closed-form part of every slot, fitted to all rows under masks."""
        closed = self._closed(program)
        for index in range(len(program.slots)):
            closed.start(index)
        polish(program, *self.masked)

    def shift(self, program: Program) -> None:
        """Give each member the closed-form part that its own weights ask for."""
        closed = self._closed(program)
        for index, slot in enumerate(program.slots):
            if slot.member and not program.is_discrete(slot.node):
                closed.shift(index, closed, self.masked[1][slot.member])

    def run(
        self, program: Program, stage: str, epochs: int, rate: float, span: tuple[float, float]
    ) -> None:
        """Train the hidden layers on randomly masked rows."""
        from causal_core.scm.trainer import Schedule, Trainer, run

        schedule = Schedule(stage, epochs, rate)
        tell = teller(self.on_progress, schedule, span)
        data, boosts = self.data, self.data.boosts[:, : len(self.data.train)]
        module = Trainer(
            program, data.train, data.held_out, boosts, schedule, self.seed, tell, random_mask
        )
        name = f"{stage.replace(' ', '-')}.ckpt"
        run(module, self.checkpoint / name if self.checkpoint else None)


def _program(data: FitData, members: int, seed: int) -> Program:
    names = tuple(v.name for v in data.variables)
    slots = [
        Slot(v.name, tuple(n for n in names if n != v.name), conditional_rung(v), member)
        for v in data.variables
        for member in range(members)
    ]
    stream = torch.Generator().manual_seed(derive_seed(seed, "weights", "association"))
    terms = flag_products(Features(data.variables, data.standards, flags=True).keys)
    return Program(slots, data.variables, data.standards, terms, stream, flags=True)


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
