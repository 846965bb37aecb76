"""Climbing the ladder: which rung each equation stands on.

The closed-form rungs of every node are solved at once. The nets race on a few thousand
rows; those that show a gain there are trained on all rows. Per node the simplest rung stays
that no other's held-out likelihood is clearly better than.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch

from causal_core.scm.candidates import Candidate, Candidates, finite, mean, promising, votes
from causal_core.scm.closed_form import ClosedForm, penalties, start
from causal_core.scm.data import FitData, Rows
from causal_core.scm.doubt import doubt
from causal_core.scm.equation import Equation, extract
from causal_core.scm.features import Features, products
from causal_core.scm.ladder import CROSSED, Rung, rungs_for
from causal_core.scm.layers import LAYERS
from causal_core.scm.mixture import mixed
from causal_core.scm.penalty import Penalties
from causal_core.scm.polish import polish
from causal_core.scm.program import Program, Slot
from causal_core.scm.progress import OnProgress, Schedule, teller
from causal_core.scm.refit import copies, refit
from causal_core.scm.report import NodeReport, calibration, margin
from causal_core.scm.shapes import move_along, solve_shapes
from causal_core.scm.spread import start_spreads

_RACE_ROWS = 4096
_RACE_SHARE = 0.3
_RACE_BATCH = 256  # rows a step: twice as many chose no better
_FEWEST, _LONG_RACE = 300, 0.6  # so few rows make batches so small that nets show late
_MEMBERS_FROM = 0.8


@dataclass(frozen=True)
class Climb:
    """One fit's climb; `reads` names what each equation reads."""

    data: FitData
    reads: dict[str, tuple[str, ...]]
    seed: int
    epochs: int
    on_progress: OnProgress | None = None
    checkpoint: Path | None = None
    _penalties: Penalties = field(default_factory=dict)

    def candidates(self) -> Candidates:
        """The rungs of every node, simplest first; those without epochs only, if 0."""
        # a first sketch does not wait for the noise's shape
        sketch = self._program(lambda r: r.closed and (self.epochs > 0 or not r.shaped))
        moving = self._solved(sketch)
        found = {
            name: [c for c in mine if c.index in moving or not c.slot.rung.moving]
            for name, mine in self._scored(sketch, len(self.data.train)).items()
        }
        if self.epochs:
            for name, more in self._trained(found).items():
                found[name] = self._by_rung(name, found[name] + more)
        return found

    def equations(
        self, candidates: Candidates, chosen: dict[str, Candidate]
    ) -> dict[str, Equation]:
        """The chosen equations on all rows, with the ensemble's members."""
        picks = {name: self._picks(candidates[name], found) for name, found in chosen.items()}
        trained, refitted = self._trained_members(picks), self._refitted(picks)
        return {
            v.name: mixed(
                [
                    (trained[v.name, m], 0) if (v.name, m) in trained else (refitted[pick], m)
                    for m, pick in enumerate(picks[v.name])
                ]
            )
            for v in self.data.variables
        }

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

    # ── the ensemble ─────────────────────────────────────────────────────────────

    def _picks(self, found: list[Candidate], chosen: Candidate) -> list[Candidate]:
        """Each member's rung: the chosen one, but in few rows the others vote."""
        others = self.data.boosts[1:]
        if self.data.folds == 1:
            return [chosen] * len(self.data.boosts)
        usable = chosen.program.usable(self.data.everything)[chosen.index].bool()
        return [chosen, *votes(found, others[:, usable])]

    def _refitted(self, picks: dict[str, list[Candidate]]) -> dict[Candidate, Equation]:
        """The picked equations on all rows, with every member by `refit`."""
        data = self.data
        wanted = {c: c.program for mine in picks.values() for c in dict.fromkeys(mine)}
        found: dict[Candidate, Equation] = {}
        for program in dict.fromkeys(wanted.values()):
            mine = {c.index: c for c, home in wanted.items() if home is program}
            rows = data.everything, data.boosts, next(iter(mine.values())).learned
            moved = refit(program, list(mine), data.standards, rows, self._penalties)
            for index, last in moved.items():
                found[mine[index]] = extract(program, index, last, data.standards)
        return found

    def _trained_members(
        self, picks: dict[str, list[Candidate]]
    ) -> dict[tuple[str, int], Equation]:
        """In few rows, the nets among the further members, trained on their bootstrap rows.

        One scoring step (`refit`) leaves out what the hidden layers would learn anew,
        which is most of the uncertainty there.
        """
        data, boosts = self.data, self.data.boosts
        slots = [
            replace(pick.slot, replica=member)
            for mine in picks.values()
            for member, pick in enumerate(mine)
            if member and pick.slot.rung.neural
        ]
        if data.folds == 1 or not slots:
            return {}
        program, rows = self._made(slots), data.everything
        start(program, ClosedForm(program, data.standards, rows, boosts), rows, self._penalties)
        unseen = Rows(rows, (boosts == 0).float())
        schedule = Schedule("members", self.epochs, 1e-2)
        self._run(program, (Rows(rows, boosts), unseen), schedule, (_MEMBERS_FROM, 1.0))
        return {
            (slot.node, slot.replica): extract(
                program, index, copies(program, index, 1), data.standards
            )
            for index, slot in enumerate(program.slots)
        }

    # ── the stages ───────────────────────────────────────────────────────────────

    def _solved(self, sketch: Program) -> list[int]:
        """Solve every slot of the sketch; returns those whose spread moves."""
        learn, standards = self.data.learn, self.data.standards
        self._start(sketch)
        polish(sketch, learn)
        moving = start_spreads(sketch, learn, standards, self._penalties)
        far = solve_shapes(sketch, learn, standards, moving)
        for index in far:
            move_along(sketch, index, learn, self._penalties)
        return moving

    def _trained(self, sketch: Candidates) -> Candidates:
        """The nets: all of them race on few rows, the promising ones go on with all rows."""
        race = self._program(lambda rung: not rung.closed)
        if not race.slots:
            return {}
        for index, slot in enumerate(race.slots):
            same = (c for c in sketch[slot.node] if c.slot.rung.skip == slot.rung.skip)
            _copy(next(same), race, index)
        few, part = self.data.learn.head(_RACE_ROWS), math.ceil(self._race * self.epochs)
        schedule = Schedule("race", part, 1e-2, batch=_RACE_BATCH)
        self._run(race, (few, self.data.judge), schedule, (0.0, self._race))
        raced = self._scored(race, min(_RACE_ROWS, len(self.data.train)))
        return self._finished(
            [net for name, nets in raced.items() for net in promising(finite(sketch[name]), nets)]
        )

    def _finished(self, going: Sequence[Candidate]) -> Candidates:
        """What goes on, trained on all rows."""
        final = self._made(self._dealt([found.slot for found in going]))
        source = {(found.slot.node, found.slot.rung): found for found in going}
        for index, slot in enumerate(final.slots):
            _copy(source[slot.node, slot.rung], final, index)
        if going:
            schedule = Schedule("final", self.epochs, 1e-2)
            span = (self._race, self._members_from)
            self._run(final, (self.data.learn, self.data.judge), schedule, span)
        return self._scored(final, len(self.data.train))

    def _start(self, program: Program) -> None:
        """The closed-form part of every slot."""
        data = self.data
        learn = ClosedForm(program, data.standards, *data.learn)
        self._penalties.update(penalties(program, learn))
        start(program, learn, data.learn.codes, self._penalties)

    def _run(
        self,
        program: Program,
        rows: tuple[Rows, Rows],
        schedule: Schedule,
        span: tuple[float, float],
    ) -> None:
        """Train on the first rows, judged by the second ones."""
        from causal_core.scm.trainer import Trainer, run

        tell = teller(self.on_progress, schedule, span)
        module = Trainer(program, *rows, schedule, self.seed, tell)
        run(module, self.checkpoint / f"{schedule.stage}.ckpt" if self.checkpoint else None)

    @property
    def _race(self) -> float:
        """The share of the fit in which all nets train."""
        return _LONG_RACE if len(self.data.everything) <= _FEWEST else _RACE_SHARE

    @property
    def _members_from(self) -> float:
        """The share of the fit after which the nets' members train."""
        return 1.0 if self.data.folds == 1 else _MEMBERS_FROM

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
        return self._made(self._dealt(slots))

    def _dealt(self, slots: Sequence[Slot]) -> list[Slot]:
        """These slots for each fold."""
        return [replace(slot, replica=r) for slot in slots for r in range(self.data.folds)]

    def _made(self, slots: Sequence[Slot]) -> Program:
        variables = {v.name: v for v in self.data.variables}
        terms: dict[tuple[tuple[str, int], ...], None] = {}
        keys = Features(self.data.variables, self.data.standards).keys
        for slot in slots:
            if slot.rung.skip in CROSSED:
                mine = [key for key in keys if key[0] in slot.context]
                terms |= dict.fromkeys(products(mine, variables))
        return Program(slots, self.data.variables, self.data.standards, list(terms), self.seed)

    @torch.no_grad()
    def _scored(self, program: Program, learned: int) -> Candidates:
        """The slots of a program by node, simplest rung first, on the held-out rows."""
        if not program.slots:
            return {}
        judge = self.data.judge
        scores, judged = program.log_prob(judge.codes), program.weighed(judge).bool()
        slots: dict[tuple[str, Rung], list[int]] = {}
        for index, slot in enumerate(program.slots):
            slots.setdefault((slot.node, slot.rung), []).append(index)
        found: Candidates = {}
        for (name, _), places in slots.items():
            mine = torch.where(judged[places], scores[places], 0.0).sum(0)[judged[places].any(0)]
            places.sort(key=lambda index: program.slots[index].replica)
            found.setdefault(name, []).append(Candidate(program, tuple(places), mine, learned))
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
            mean(chosen),
            mean(simple),
            margin(chosen.scores, simple.scores)[1],
            pit,
            gap,
            doubt(equation, context, codes),
        )


@torch.no_grad()
def _copy(source: Candidate, target: Program, index: int) -> None:
    """Start the slot `index` of `target` from a trained one."""
    before, at = source.program, source.indices[target.slots[index].replica]
    place = {key: i for i, key in enumerate(before.term_keys)}
    into = [i for i, key in enumerate(target.term_keys) if key in place]
    out = [place[target.term_keys[i]] for i in into]
    lifted = min(before.lifted, target.lifted)
    target.skip[index, into, :lifted] = before.skip[at, out, :lifted]
    rung = source.slot.rung
    names = ["bias", "shape", *((*LAYERS, "w3") if rung.neural else ())]
    names += ["w4"] if rung.bent else []
    for name in names:
        getattr(target, name)[index].copy_(getattr(before, name)[at])
