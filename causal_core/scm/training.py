"""Fitting the structural equations: climb the ladder, then refit the ensemble.

Stage one trains every rung of every node at once and keeps, per node, the simplest rung
within two standard errors of the best held-out likelihood. Stage two refits the chosen
rungs on Poisson-bootstrap weights: the members whose spread gives the bands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
from causal_core.scm.program import NEURAL, Program, Slot
from causal_core.scm.report import NodeReport, calibration, margin
from causal_core.tables.table import Table

if TYPE_CHECKING:
    from causal_core.scm.trainer import Schedule

LADDER_EPOCHS = 40
ENSEMBLE_EPOCHS = 14
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
        final = climb.ensemble(ladder, chosen, max(2, max_epochs * ENSEMBLE_EPOCHS // LADDER_EPOCHS))
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
class _Climb:
    data: FitData
    reads: dict[str, tuple[str, ...]]
    seed: int
    on_progress: OnProgress | None
    checkpoint: Path | None

    def ladder(self, epochs: int) -> Program:
        """Every rung of every node, trained."""
        slots = [
            Slot(v.name, self.reads[v.name], rung)
            for v in self.data.variables
            for rung in rungs_for(v, bool(self.reads[v.name]))
        ]
        program = self._program(slots, "ladder")
        closed = self._closed_form(program)
        for index in range(len(program.slots)):
            closed.start(index)
        self._train(program, ("ladder", epochs, 8e-3), (0.0, _LADDER_SHARE))
        return program

    def choose(self, ladder: Program) -> dict[str, int]:
        """The chosen slot of each node."""
        scores = self._scores(ladder)
        return {v.name: _simplest(ladder, v.name, scores) for v in self.data.variables}

    def ensemble(self, ladder: Program, chosen: dict[str, int], epochs: int) -> Program:
        """The chosen rungs, one slot per member, refitted."""
        members = range(len(self.data.boosts))
        picked = [(ladder.slots[i], i, m) for i in chosen.values() for m in members]
        picked.sort(key=lambda entry: not entry[0].rung.neural)
        slots = [Slot(s.node, s.context, s.rung, m) for s, _, m in picked]
        program = self._program(slots, "ensemble")
        _copy(ladder, [i for _, i, _ in picked], program)
        closed = self._closed_form(program)
        for index, slot in enumerate(slots):
            if slot.member and slot.rung.frozen:
                closed.start(index, self.data.boosts[slot.member])
            elif slot.member:
                closed.shift(index, self.data.boosts[slot.member])
        self._train(program, ("ensemble", epochs, 2e-3), (_LADDER_SHARE, 1.0))
        return program

    def report(
        self, ladder: Program, chosen: dict[str, int], equations: dict[str, Equation]
    ) -> tuple[NodeReport, ...]:
        """Each equation's quality on the held-out rows."""
        scores = self._scores(ladder)
        return tuple(self._node_report(ladder, n, chosen[n], scores, equations[n]) for n in chosen)

    # ── inside ───────────────────────────────────────────────────────────────────

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

    def _closed_form(self, program: Program) -> ClosedForm:
        return ClosedForm(program, self.data.standards, self.data.train, self.data.held_out)

    def _train(
        self, program: Program, plan: tuple[str, int, float], span: tuple[float, float]
    ) -> None:
        from causal_core.scm.trainer import Schedule, Trainer, run

        schedule = Schedule(*plan)
        tell = teller(self.on_progress, schedule, span)
        module = Trainer(
            program, self.data.train, self.data.held_out, self.data.boosts, schedule, self.seed, tell
        )
        run(module, self.checkpoint / f"{schedule.stage}.ckpt" if self.checkpoint else None)

    @torch.no_grad()
    def _scores(self, program: Program) -> tuple[Tensor, Tensor]:
        """(log-likelihood, usable) of the held-out rows [slots, rows]."""
        held_out = self.data.held_out
        return program.log_prob(held_out), program.usable(held_out).bool()

    @torch.no_grad()
    def _node_report(
        self,
        ladder: Program,
        name: str,
        chosen: int,
        scores: tuple[Tensor, Tensor],
        equation: Equation,
    ) -> NodeReport:
        simple = next(i for i, s in enumerate(ladder.slots) if s.node == name and _is_simplest(ladder, i))
        rows = scores[1][chosen]
        best, base = scores[0][chosen][rows], scores[0][simple][rows]
        place = {v.name: i for i, v in enumerate(self.data.variables)}
        context = self.data.held_out[:, [place[n] for n in self.reads[name]]][rows]
        pit, gap = calibration(equation, context, self.data.held_out[rows, place[name]], self.seed)
        usable = int(ladder.usable(self.data.train)[chosen].sum())
        return NodeReport(
            name,
            equation.variable.kind,
            self.reads[name],
            equation.rung,
            usable,
            float(best.mean()),
            float(base.mean()),
            margin(best, base)[1],
            pit,
            gap,
        )


def _is_simplest(ladder: Program, index: int) -> bool:
    return ladder.slots[index].rung is _rungs(ladder, ladder.slots[index].node)[0]


def _rungs(ladder: Program, node: str) -> tuple[object, ...]:
    slot = next(s for s in ladder.slots if s.node == node)
    variable = next(v for v in ladder.variables if v.name == node)
    ordered = rungs_for(variable, bool(slot.context))
    present = {s.rung.name: s.rung for s in ladder.slots if s.node == node}
    return tuple(present[r.name] for r in ordered)


def _simplest(ladder: Program, node: str, scores: tuple[Tensor, Tensor]) -> int:
    """The slot of the simplest rung within two standard errors of the node's best."""
    mine = {s.rung.name: i for i, s in enumerate(ladder.slots) if s.node == node}
    ranked = [mine[r.name] for r in _rungs(ladder, node)]  # type: ignore[attr-defined]
    rows = scores[1][ranked[0]]
    if not rows.any():
        raise ModelError(
            f"No held-out row has “{node}” and all that it depends on filled in.",
            "Fill in missing cells, or leave out the column that is mostly missing.",
        )
    values = {i: scores[0][i][rows] for i in ranked}
    finite = [i for i in ranked if bool(torch.isfinite(values[i]).all())]
    if not finite:
        raise ModelError(
            f"No equation for “{node}” could be fitted.",
            "Look at its values on the data page: are there extreme ones, or a wrong kind?",
        )
    best = max(finite, key=lambda i: float(values[i].mean()))
    for index in finite:
        gain, error = margin(values[best], values[index])
        if gain <= 2 * error:
            return index
    return best


@torch.no_grad()
def _copy(source: Program, indices: Sequence[int], target: Program) -> None:
    """Start the target's slots from the source's slots `indices`, in order."""
    place = {key: i for i, key in enumerate(source.terms.keys)}
    rows = [place[key] for key in target.terms.keys]
    target.skip.copy_(source.skip[list(indices)][:, rows])
    target.bias.copy_(source.bias[list(indices)])
    for name in NEURAL:
        getattr(target, name).copy_(getattr(source, name)[list(indices[: target.neural])])


def _equations(program: Program, data: FitData) -> dict[str, Equation]:
    """The trained equations, causes before effects."""
    slots: dict[str, list[int]] = {v.name: [] for v in data.variables}
    for index, slot in enumerate(program.slots):
        slots[slot.node].append(index)
    return {
        name: extract(program, sorted(mine, key=lambda i: program.slots[i].member), data.standards)
        for name, mine in slots.items()
    }


def teller(
    on_progress: OnProgress | None, schedule: Schedule, span: tuple[float, float]
) -> Callable[[int, float, float], None]:
    """What a trainer calls after each epoch, spread over `span` of the whole fit."""

    def tell(epoch: int, train: float, held_out: float) -> None:
        if on_progress is not None:
            start, end = span
            fraction = start + (end - start) * epoch / schedule.epochs
            on_progress(
                Progress(schedule.stage, fraction, epoch, schedule.epochs, train, held_out)
            )

    return tell


