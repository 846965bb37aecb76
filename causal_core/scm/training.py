"""Fitting the structural equations: climb the ladder, then refit the ensemble.

Stage one trains every rung of every node at once and keeps, per node, the simplest rung
within two standard errors of the best held-out likelihood. Stage two refits the chosen
rungs on Poisson-bootstrap weights: the members whose spread gives the bands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from causal_core.errors import ModelError
from causal_core.graphs.graph import CausalGraph
from causal_core.identification.contexts import contexts
from causal_core.rng import derive_seed
from causal_core.scm.closed_form import ClosedForm
from causal_core.scm.data import FitData, check_graph
from causal_core.scm.equation import Equation, extract
from causal_core.scm.features import Features, products
from causal_core.scm.ladder import rungs_for
from causal_core.scm.model import StructuralCausalModel
from causal_core.scm.polish import polish
from causal_core.scm.program import NEURAL, Program, Slot
from causal_core.scm.report import NodeReport, calibration, margin
from causal_core.tables.schema import Variable
from causal_core.tables.table import Table

if TYPE_CHECKING:
    from causal_core.scm.trainer import Schedule

LADDER_EPOCHS = 32
ENSEMBLE_EPOCHS = 10
_LADDER_SHARE = 0.6


@dataclass(frozen=True)
class Progress:
    """Where a fit stands; losses are mean negative log-likelihoods per row and equation."""

    stage: str
    fraction: float
    epoch: int
    epochs: int
    train: float
    held_out: float


OnProgress = Callable[[Progress], None]


def fit(
    table: Table,
    graph: CausalGraph,
    *,
    seed: int = 0,
    members: int = 8,
    max_epochs: int = LADDER_EPOCHS,
    on_progress: OnProgress | None = None,
    checkpoint: Path | None = None,
) -> StructuralCausalModel:
    """Neural structural equations for the graph's measured columns.

    `members` is the ensemble's size; `max_epochs` bounds the ladder's training;
    `on_progress` hears of every epoch and may raise to stop the fit; `checkpoint` is a
    folder from which an interrupted fit of the same table, graph and seed goes on, with
    the same final weights as if it had never stopped (on a CPU).

    Raises GraphError or ModelError naming the column and the remedy.
    """
    check_graph(table, graph)
    reads = contexts(graph.project())
    names = tuple(n for n in reads)
    data = FitData.of(table, names, members, seed)
    with one_thread():
        climb = _Climb(data, {n: c.names for n, c in reads.items()}, seed, on_progress, checkpoint)
        ladder = climb.ladder(max_epochs)
        chosen = climb.choose(ladder)
        final = climb.ensemble(chosen, max(2, max_epochs * ENSEMBLE_EPOCHS // LADDER_EPOCHS))
        equations = _equations(final, data)
        report = climb.report(ladder, chosen, equations)
    return StructuralCausalModel(graph, data.variables, data.standards, equations, report)


class one_thread:
    """One torch thread: beside other work, two are many times slower."""

    def __enter__(self) -> None:
        self._before = torch.get_num_threads()
        torch.set_num_threads(1)

    def __exit__(self, *exc: object) -> None:
        torch.set_num_threads(self._before)


@dataclass(frozen=True)
class _Found:
    """One trained candidate: a slot of a program."""

    program: Program
    index: int

    @property
    def slot(self) -> Slot:
        return self.program.slots[self.index]


@dataclass(frozen=True)
class _Climb:
    data: FitData
    reads: dict[str, tuple[str, ...]]
    seed: int
    on_progress: OnProgress | None
    checkpoint: Path | None

    def ladder(self, epochs: int) -> dict[str, list[_Found]]:
        """Every rung of every node, trained on the training rows, simplest first."""
        slots = [
            Slot(v.name, self.reads[v.name], rung)
            for v in self.data.variables
            for rung in rungs_for(v, self._context(v.name))
        ]
        programs = [self._program(part, "ladder") for part in _parted(slots)]
        for program in programs:
            closed = self._closed_form(program, self.data.train)
            for index in range(len(program.slots)):
                closed.start(index)
            polish(program, self.data.train, self.data.boosts[:1, : len(self.data.train)])
            self._train(program, ("ladder", epochs, 8e-3), (0.0, _LADDER_SHARE))
        self._tell_end(programs, ("ladder", epochs), _LADDER_SHARE)
        return {v.name: _ranked(v, self._context(v.name), programs) for v in self.data.variables}

    def choose(self, ladder: dict[str, list[_Found]]) -> dict[str, _Found]:
        """The chosen candidate of each node."""
        return {name: self._simplest(name, found) for name, found in ladder.items()}

    def ensemble(self, chosen: dict[str, _Found], epochs: int) -> list[Program]:
        """The chosen rungs, one slot per member, refitted to bootstrap weights."""
        members = range(len(self.data.boosts))
        slots = [replace(found.slot, member=m) for found in chosen.values() for m in members]
        programs = [self._program(part, "ensemble") for part in _parted(slots)]
        for program in programs:
            for index, slot in enumerate(program.slots):
                found = chosen[slot.node]
                copy_slot(found.program, found.index, program, index)
            self._shift(program)
            self._train(program, ("ensemble", epochs, 2e-3), (_LADDER_SHARE, 1.0))
            polish(program, self.data.everything, self.data.boosts)
        self._tell_end(programs, ("ensemble", epochs), 1.0)
        return programs

    def _shift(self, program: Program) -> None:
        """Give each member the closed-form part that all rows, in its own weights, ask for."""
        before = self._closed_form(program, self.data.train)
        after = self._closed_form(program, self.data.everything)
        for index, slot in enumerate(program.slots):
            if program.is_discrete(slot.node):
                continue
            if slot.rung.frozen:
                after.start(index, self.data.boosts[slot.member])
            else:
                after.shift(index, before, self.data.boosts[slot.member])

    def report(
        self,
        ladder: dict[str, list[_Found]],
        chosen: dict[str, _Found],
        equations: dict[str, Equation],
    ) -> tuple[NodeReport, ...]:
        """Each equation's quality on the held-out rows."""
        return tuple(
            self._node_report(ladder[name][0], chosen[name], equations[name]) for name in chosen
        )

    # ── inside ───────────────────────────────────────────────────────────────────

    def _context(self, name: str) -> list[Variable]:
        return [v for v in self.data.variables if v.name in self.reads[name]]

    def _program(self, slots: Sequence[Slot], stage: str) -> Program:
        ordered = sorted(slots, key=lambda slot: not slot.rung.neural)
        variables = {v.name: v for v in self.data.variables}
        terms: dict[tuple[tuple[str, int], ...], None] = {}
        keys = Features(self.data.variables, self.data.standards).keys
        for slot in ordered:
            if slot.rung.skip == "polynomial":
                mine = [key for key in keys if key[0] in slot.context]
                terms |= dict.fromkeys(products(mine, variables))
        stream = torch.Generator().manual_seed(derive_seed(self.seed, "weights", stage))
        return Program(ordered, self.data.variables, self.data.standards, list(terms), stream)

    def _closed_form(self, program: Program, codes: Tensor) -> ClosedForm:
        return ClosedForm(program, self.data.standards, codes, self.data.held_out)

    def _train(
        self, program: Program, plan: tuple[str, int, float], span: tuple[float, float]
    ) -> None:
        from causal_core.scm.trainer import Schedule, Trainer, run

        schedule = Schedule(*plan)
        tell = teller(self.on_progress, schedule, span)
        if _quick(program.slots[0]):
            return
        data = self.data
        boosts = data.boosts[:, : len(data.train)]
        module = Trainer(program, data.train, data.held_out, boosts, schedule, self.seed, tell)
        run(module, self.checkpoint / f"{schedule.stage}.ckpt" if self.checkpoint else None)

    @torch.no_grad()
    def _tell_end(self, programs: Sequence[Program], stage: tuple[str, int], end: float) -> None:
        """A stage without gradient steps has told nothing yet: tell that it is over."""
        if self.on_progress is None or not all(_quick(p.slots[0]) for p in programs):
            return
        losses = [-program.log_prob(self.data.held_out).nanmean() for program in programs]
        loss = float(torch.stack(losses).mean())
        self.on_progress(Progress(stage[0], end, stage[1], stage[1], loss, loss))

    @torch.no_grad()
    def _scores(self, found: _Found) -> tuple[Tensor, Tensor]:
        """(log-likelihood, usable) of the held-out rows [rows]."""
        held_out = self.data.held_out
        scores = found.program.log_prob(held_out)[found.index]
        return scores, found.program.usable(held_out)[found.index].bool()

    def _simplest(self, node: str, candidates: list[_Found]) -> _Found:
        """The simplest rung within two standard errors of the node's best."""
        scored = [(found, *self._scores(found)) for found in candidates]
        if not scored[0][2].any():
            raise ModelError(
                f"No held-out row has “{node}” and all that it depends on filled in.",
                "Fill in missing cells, or leave out the column that is mostly missing.",
            )
        values = [(found, score[rows]) for found, score, rows in scored]
        finite = [(found, score) for found, score in values if bool(torch.isfinite(score).all())]
        if not finite:
            raise ModelError(
                f"No equation for “{node}” could be fitted.",
                "Look at its values on the data page: are there extreme ones, or a wrong kind?",
            )
        best = max((score for _, score in finite), key=lambda score: float(score.mean()))
        for found, score in finite:
            gain, error = margin(best, score)
            if gain <= 2 * error:
                return found
        raise AssertionError("the best is within two standard errors of itself")

    @torch.no_grad()
    def _node_report(self, simple: _Found, chosen: _Found, equation: Equation) -> NodeReport:
        name = equation.variable.name
        scores, rows = self._scores(chosen)
        best, base = scores[rows], self._scores(simple)[0][rows]
        place = {v.name: i for i, v in enumerate(self.data.variables)}
        context = self.data.held_out[:, [place[n] for n in self.reads[name]]][rows]
        pit, gap = calibration(equation, context, self.data.held_out[rows, place[name]], self.seed)
        return NodeReport(
            name,
            equation.variable.kind,
            self.reads[name],
            equation.rung,
            int(chosen.program.usable(self.data.everything)[chosen.index].sum()),
            float(best.mean()),
            float(base.mean()),
            margin(best, base)[1],
            pit,
            gap,
        )


def _quick(slot: Slot) -> bool:
    """Whether a slot needs no gradient steps: a ridge fit or a small convex one is all."""
    return slot.rung.frozen or (slot.rung.convex and not slot.rung.neural)


def _parted(slots: Sequence[Slot]) -> list[list[Slot]]:
    """The quick slots and the others, each part only where there are any."""
    parts = ([s for s in slots if _quick(s)], [s for s in slots if not _quick(s)])
    return [part for part in parts if part]


def _ranked(
    variable: Variable, context: Sequence[Variable], programs: Sequence[Program]
) -> list[_Found]:
    found = {
        slot.rung.name: _Found(program, index)
        for program in programs
        for index, slot in enumerate(program.slots)
        if slot.node == variable.name
    }
    return [found[rung.name] for rung in rungs_for(variable, context)]


@torch.no_grad()
def copy_slot(source: Program, at: int, target: Program, index: int) -> None:
    """Start the slot `index` of `target` from the trained slot `at` of `source`."""
    place = {key: i for i, key in enumerate(source.terms.keys)}
    known = [(i, place[key]) for i, key in enumerate(target.terms.keys) if key in place]
    into, out = [i for i, _ in known], [j for _, j in known]
    lifted = min(target.lifted, source.lifted)
    target.skip[index, into, :lifted] = source.skip[at, out, :lifted]
    target.bias[index].copy_(source.bias[at])
    if target.slots[index].rung.neural:
        for name in NEURAL:
            getattr(target, name)[index].copy_(getattr(source, name)[at])


def _equations(programs: Sequence[Program], data: FitData) -> dict[str, Equation]:
    """The trained equations, causes before effects."""
    equations = {}
    for program in programs:
        slots: dict[str, list[int]] = {}
        for index, slot in enumerate(program.slots):
            slots.setdefault(slot.node, []).append(index)
        for name, mine in slots.items():
            mine.sort(key=lambda i: program.slots[i].member)
            equations[name] = extract(program, mine, data.standards)
    return {v.name: equations[v.name] for v in data.variables}


def teller(
    on_progress: OnProgress | None, schedule: Schedule, span: tuple[float, float]
) -> Callable[[int, float, float], None]:
    """What a trainer calls after each epoch, spread over `span` of the whole fit."""

    def tell(epoch: int, train: float, held_out: float) -> None:
        if on_progress is not None:
            start, end = span
            fraction = start + (end - start) * epoch / schedule.epochs
            on_progress(Progress(schedule.stage, fraction, epoch, schedule.epochs, train, held_out))

    return tell
