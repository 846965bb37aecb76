"""Climbing the ladder: which rung each equation stands on.

The closed-form rungs of every node are solved at once. The others race on a few thousand
rows; those that show a gain there are trained on all rows. Per node the simplest rung
within two standard errors of the best held-out likelihood stays.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from causal_core.errors import ModelError
from causal_core.scm.closed_form import ClosedForm, Penalties, penalties, start
from causal_core.scm.data import FitData
from causal_core.scm.doubt import doubt
from causal_core.scm.equation import Equation, extract
from causal_core.scm.features import Features, products
from causal_core.scm.ladder import Rung, rungs_for
from causal_core.scm.polish import polish
from causal_core.scm.program import LAYERS, Program, Slot
from causal_core.scm.progress import OnProgress, Schedule, teller
from causal_core.scm.refit import refit
from causal_core.scm.report import NodeReport, calibration, margin

_RACE_ROWS = 4096
_RACE_SHARE = 0.3


@dataclass(frozen=True, eq=False)
class Candidate:
    """One trained slot, with the log-likelihoods of the held-out rows that it can read."""

    program: Program
    index: int
    scores: Tensor  # [rows]
    learned: int  # how many rows, from the first, it was trained on

    @property
    def slot(self) -> Slot:
        """What it is an equation of."""
        return self.program.slots[self.index]


Candidates = dict[str, list[Candidate]]


@dataclass(frozen=True)
class Climb:
    """One fit's climb; `reads` names what each equation reads."""

    data: FitData
    reads: dict[str, tuple[str, ...]]
    seed: int
    on_progress: OnProgress | None = None
    checkpoint: Path | None = None
    _penalties: Penalties = field(default_factory=dict)

    def candidates(self, epochs: int) -> Candidates:
        """The rungs of every node, simplest first; those without epochs only, if 0."""
        sketch = self._program(lambda rung: rung.closed)
        self._start(sketch)
        polish(sketch, self.data.train)
        found = self._scored(sketch, len(self.data.train))
        if epochs:
            for name, more in self._trained(found, epochs).items():
                found[name] = self._by_rung(name, found.get(name, []) + more)
        return found

    def simplest(self, candidates: list[Candidate]) -> Candidate:
        """The simplest rung within two standard errors of the node's best."""
        finite = _finite(candidates)
        best = max(finite, key=_mean)
        for found in finite:
            gain, error = margin(best.scores, found.scores)
            if gain <= 2 * error:
                return found
        return best

    def equations(self, chosen: dict[str, Candidate]) -> dict[str, Equation]:
        """The chosen equations on all rows, with the ensemble's members."""
        data, found = self.data, {}
        for program in {id(c.program): c.program for c in chosen.values()}.values():
            mine = [c for c in chosen.values() if c.program is program]
            rows = data.everything, data.boosts, mine[0].learned
            for index, last in refit(
                program, [c.index for c in mine], data.standards, rows, self._penalties
            ).items():
                equation = extract(program, index, last, data.standards)
                found[equation.variable.name] = equation
        return {v.name: found[v.name] for v in data.variables}

    def report(
        self,
        candidates: Candidates,
        chosen: dict[str, Candidate],
        equations: dict[str, Equation],
    ) -> tuple[NodeReport, ...]:
        """Each equation's quality on the held-out rows."""
        return tuple(
            self._node_report(candidates[name][0], chosen[name], equations[name]) for name in chosen
        )

    # ── the stages ───────────────────────────────────────────────────────────────

    def _trained(self, sketch: Candidates, epochs: int) -> Candidates:
        """The other rungs: all of them race on few rows, promising nets go on with all rows."""
        race = self._program(lambda rung: not rung.closed)
        if not race.slots:
            return {}
        for index, slot in enumerate(race.slots):
            same = (c for c in sketch[slot.node] if c.slot.rung.skip == slot.rung.skip)
            _copy(next(same), race, index)
        few, part = self.data.train[:_RACE_ROWS], math.ceil(_RACE_SHARE * epochs)
        self._run(race, few, Schedule("race", part, 1e-2), (0.0, _RACE_SHARE))
        raced = self._scored(race, len(few))
        nets = {name: [c for c in found if c.slot.rung.neural] for name, found in raced.items()}
        plain = {n: [c for c in found if not c.slot.rung.neural] for n, found in raced.items()}
        going: list[Candidate] = []
        for name, found in nets.items():
            promising = _promising(_finite(sketch[name] + plain[name]), found)
            if promising:  # the best of the others goes along: it has learned as little
                rival = max(_finite(plain[name]), key=_mean)
                plain[name].remove(rival)
                going += [rival, *promising]
        for name, found in self._finished(going, epochs).items():
            plain[name] = plain[name] + found
        return plain

    def _finished(self, going: Sequence[Candidate], epochs: int) -> Candidates:
        """What goes on, trained on all rows."""
        final = self._made([found.slot for found in going])
        source = {found.slot: found for found in going}
        for index, slot in enumerate(final.slots):
            _copy(source[slot], final, index)
        if going:
            schedule = Schedule("final", epochs, 1e-2)
            self._run(final, self.data.train, schedule, (_RACE_SHARE, 1.0))
        return self._scored(final, len(self.data.train))

    def _start(self, program: Program) -> None:
        """The closed-form part of every slot."""
        train = ClosedForm(program, self.data.standards, self.data.train)
        held_out = ClosedForm(program, self.data.standards, self.data.held_out)
        self._penalties.update(penalties(program, train, held_out))
        start(program, train, self.data.train, self._penalties)

    def _run(
        self, program: Program, rows: Tensor, schedule: Schedule, span: tuple[float, float]
    ) -> None:
        from causal_core.scm.trainer import Trainer, run

        tell = teller(self.on_progress, schedule, span)
        module = Trainer(program, rows, self.data.held_out, schedule, self.seed, tell)
        run(module, self.checkpoint / f"{schedule.stage}.ckpt" if self.checkpoint else None)

    # ── programs ─────────────────────────────────────────────────────────────────

    def _rungs(self, name: str) -> tuple[Rung, ...]:
        known = {v.name: v for v in self.data.variables}
        return rungs_for(known[name], [known[n] for n in self.reads[name]])

    def _program(self, wanted: Callable[[Rung], bool]) -> Program:
        slots = [
            Slot(v.name, self.reads[v.name], rung)
            for v in self.data.variables
            for rung in self._rungs(v.name)
            if wanted(rung)
        ]
        return self._made(slots)

    def _made(self, slots: Sequence[Slot]) -> Program:
        variables = {v.name: v for v in self.data.variables}
        terms: dict[tuple[tuple[str, int], ...], None] = {}
        keys = Features(self.data.variables, self.data.standards).keys
        for slot in slots:
            if slot.rung.skip != "linear":
                mine = [key for key in keys if key[0] in slot.context]
                terms |= dict.fromkeys(products(mine, variables))
        return Program(slots, self.data.variables, self.data.standards, list(terms), self.seed)

    @torch.no_grad()
    def _scored(self, program: Program, learned: int) -> Candidates:
        """The slots of a program by node, simplest rung first, on the held-out rows."""
        held_out = self.data.held_out
        if not program.slots:
            return {}
        scores, usable = program.log_prob(held_out), program.usable(held_out).bool()
        found: Candidates = {}
        for index, slot in enumerate(program.slots):
            candidate = Candidate(program, index, scores[index][usable[index]], learned)
            found.setdefault(slot.node, []).append(candidate)
        return {name: self._by_rung(name, mine) for name, mine in found.items()}

    def _by_rung(self, name: str, candidates: list[Candidate]) -> list[Candidate]:
        order = self._rungs(name)
        return sorted(candidates, key=lambda c: order.index(c.slot.rung))

    @torch.no_grad()
    def _node_report(self, simple: Candidate, chosen: Candidate, equation: Equation) -> NodeReport:
        name = equation.variable.name
        place = {v.name: i for i, v in enumerate(self.data.variables)}
        rows = chosen.program.usable(self.data.held_out)[chosen.index].bool()
        context = self.data.held_out[:, [place[n] for n in self.reads[name]]][rows]
        codes = self.data.held_out[rows, place[name]]
        pit, gap = calibration(equation, context, codes, self.seed)
        return NodeReport(
            name,
            equation.variable.kind,
            self.reads[name],
            equation.rung,
            int(chosen.program.usable(self.data.everything)[chosen.index].sum()),
            _mean(chosen),
            _mean(simple),
            margin(chosen.scores, simple.scores)[1],
            pit,
            gap,
            doubt(equation, context, codes),
        )


def _mean(candidate: Candidate) -> float:
    return float(candidate.scores.mean())


def _finite(candidates: list[Candidate]) -> list[Candidate]:
    """The candidates that say something of every held-out row; ModelError when none does."""
    node = candidates[0].slot.node
    if not len(candidates[0].scores):
        raise ModelError(
            f"No held-out row has “{node}” and all that it depends on filled in.",
            "Fill in missing cells, or leave out the column that is mostly missing.",
        )
    finite = [c for c in candidates if bool(torch.isfinite(c.scores).all())]
    if not finite:
        raise ModelError(
            f"No equation for “{node}” could be fitted.",
            "Look at its values on the data page: are there extreme ones, or a wrong kind?",
        )
    return finite


def _promising(simple: list[Candidate], nets: list[Candidate]) -> list[Candidate]:
    """The best net and the simplest one not clearly worse, where anything beats polynomials."""
    nets = [c for c in nets if bool(torch.isfinite(c.scores).all())]
    if not nets:
        return []
    known = max((c for c in simple if c.slot.rung.skip != "smooth"), key=_mean)
    rich = max(simple + nets, key=_mean)
    gain, _ = margin(rich.scores, known.scores)
    if gain <= 0.0:
        return []
    best = max(nets, key=_mean)
    for net in nets:
        behind, error = margin(best.scores, net.scores)
        if behind <= 2 * error:
            return [best] if net is best else [net, best]
    return [best]


@torch.no_grad()
def _copy(source: Candidate, target: Program, index: int) -> None:
    """Start the slot `index` of `target` from a trained one."""
    before, at = source.program, source.index
    place = {key: i for i, key in enumerate(before.term_keys)}
    known = [(i, place[key]) for i, key in enumerate(target.term_keys) if key in place]
    into, out = [i for i, _ in known], [j for _, j in known]
    target.skip[index, into] = before.skip[at, out]
    names = ["bias", "shape"]
    names += [*LAYERS, "w3"] if source.slot.rung.neural else []
    names += ["w4"] if source.slot.rung.bent else []
    for name in names:
        getattr(target, name)[index].copy_(getattr(before, name)[at])
