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
from causal_core.scm.closed_form import ClosedForm, start
from causal_core.scm.data import FitData, Rows
from causal_core.scm.equation import Equation, extract
from causal_core.scm.features import Features, flag_products
from causal_core.scm.ladder import conditional_rung
from causal_core.scm.polish import polish
from causal_core.scm.program import Program, Slot
from causal_core.scm.progress import OnProgress, Schedule, teller
from causal_core.scm.refit import Weights, refit
from causal_core.scm.training import one_thread
from causal_core.tables.table import Table

EPOCHS = 12
SKETCH_ROWS = 2000
_RANDOM_SETS = 4
_MASKED_ROWS = 50_000  # up to which every question is asked of every row
_SOME_ROWS = 16_000  # and else of so many
_STARTED_ROWS = 12_000  # that training starts from, where levels are concerned
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
    data = FitData.of(table, table.columns, members, seed, None if max_epochs else SKETCH_ROWS)
    with one_thread():
        train = _Trainer(data, seed, on_progress, checkpoint)
        program = _program(data, seed, deep=max_epochs > 0)
        train.start(program)
        if max_epochs:
            train.run(program, max_epochs)
        equations = train.equations(program)
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
        questions = self._questions
        rows = max(1, round(self._asked * len(self.data.everything)))
        codes = self.data.everything[:rows]
        given = torch.cat([codes.masked_fill(~asked, torch.nan) for asked in questions])
        copies = len(questions)
        # fewer rows would spread the members too far: their weights are drawn together
        boosts = 1 + (self.data.boosts[:, :rows] - 1) * self._asked**0.5
        return codes.repeat(copies, 1), boosts.repeat(1, copies), given

    @cached_property
    def _questions(self) -> Tensor:
        """Which columns each question gives [questions, columns]."""
        columns = len(self.data.variables)
        stream = torch.Generator().manual_seed(derive_seed(self.seed, "masks"))
        several = torch.rand((_RANDOM_SETS, columns), generator=stream) < 0.5
        ends = torch.stack([torch.zeros(columns), torch.ones(columns)]).bool()
        return torch.cat([ends, torch.eye(columns, dtype=torch.bool), several])

    @property
    def _asked(self) -> float:
        """The share of the rows that can be asked every question."""
        cells = len(self._questions) * len(self.data.everything)
        return 1.0 if cells <= _MASKED_ROWS else _SOME_ROWS / cells

    def start(self, program: Program) -> None:
        """The closed-form part of every slot, fitted to all rows under masks."""
        codes, _, given = self.masked
        closed = ClosedForm(program, self.data.standards, codes, given=given)
        start(program, closed, codes, {})
        some = slice(None, None, max(1, len(codes) // _STARTED_ROWS))  # `equations` asks all
        polish(program, Rows.alike(codes[some]), given[some])

    def run(self, program: Program, epochs: int) -> None:
        """Train the hidden layers on randomly masked rows."""
        from causal_core.scm.trainer import Trainer, run

        data, schedule = self.data, Schedule("association", epochs, 1.2e-2, steps=40)
        tell = teller(self.on_progress, schedule, (0.0, 1.0))
        learn, judge = Rows.alike(data.train), Rows.alike(data.held_out)
        module = Trainer(program, learn, judge, schedule, self.seed, tell, random_mask)
        run(module, self.checkpoint / "association.ckpt" if self.checkpoint else None)

    def equations(self, program: Program) -> dict[str, Equation]:
        """The equations and their ensemble; shares exact where every row could be asked."""
        codes, boosts, given = self.masked
        slots, standards = range(len(program.slots)), self.data.standards
        last = refit(program, slots, standards, (codes, boosts, len(codes)), {}, given)
        found = {}
        for index in slots:
            if self._asked < 1:
                last[index] = _around(program, index, last[index])
            found[program.slots[index].node] = extract(program, index, last[index], standards)
        return {v.name: found[v.name] for v in self.data.variables}


def _around(program: Program, index: int, last: Weights) -> Weights:
    """Members around the weights trained on all rows, where the refit saw only some."""
    if not program.slots[index].rung.neural:
        return last
    return {name: value - value[:1] + getattr(program, name)[index] for name, value in last.items()}


def _program(data: FitData, seed: int, *, deep: bool) -> Program:
    names = tuple(v.name for v in data.variables)
    slots = [
        Slot(v.name, tuple(n for n in names if n != v.name), conditional_rung(v, deep=deep))
        for v in data.variables
    ]
    terms = flag_products(Features(data.variables, data.standards, flags=True).keys)
    return Program(slots, data.variables, data.standards, terms, seed, flags=True)


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
