"""Seeing, doing and imagining over every position of one slider, in one pass."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import torch

from causal_core.association.model import AssociationModel
from causal_core.errors import QuestionError, UnknownColumn
from causal_core.identification.verdict import verdict
from causal_core.queries.grids import OutcomeGrid, positions, span, support
from causal_core.queries.levels import chosen_level
from causal_core.queries.overlap import overlap
from causal_core.queries.questions import Sweep
from causal_core.queries.summary import doing_values, level_chances, mean_of
from causal_core.queries.sweep_answer import Curve, RowCurve, SweepAnswer, half_width
from causal_core.rng import generator
from causal_core.scm.interventions import Action, actions, sweep_action
from causal_core.scm.model import StructuralCausalModel
from causal_core.scm.simulate import World, even_noise, simulate
from causal_core.tables.encoding import encode
from causal_core.tables.schema import Variable
from causal_core.tables.table import Table

_DRAWS = 2048
_MEMBER_DRAWS = 256
_SEEN_DRAWS = 512
_ROWS = 1500
_ROW_DRAWS = 64


def sweep(
    model: StructuralCausalModel,
    seen: AssociationModel,
    question: Sweep,
    table: Table,
    seed: int = 0,
) -> SweepAnswer:
    """The three rungs for `question` on the model, the correlational net and the table.

    Raises UnknownColumn, UnknownLevel or QuestionError for a question that does not fit.
    """
    return _Sweep(_meant(model, question), seen, question, table, seed).answer()


def imagined_row(
    model: StructuralCausalModel,
    seen: AssociationModel,
    question: Sweep,
    table: Table,
    seed: int = 0,
) -> RowCurve:
    """What `sweep` answers about the question's row alone; raises as it does."""
    return _Sweep(_meant(model, question), seen, question, table, seed).row()


def _meant(model: StructuralCausalModel, question: Sweep) -> StructuralCausalModel:
    """The model under the question's conventions; the same one, where it has none."""
    if question.orders:
        model = model.ranked(question.orders)
    return model.coupled(question.cause, question.rho) if question.rho else model


@dataclass(frozen=True, eq=False)
class _Sweep:
    model: StructuralCausalModel
    seen: AssociationModel
    question: Sweep
    table: Table
    seed: int

    def answer(self) -> SweepAnswer:
        doing, seeing, everyone = self._doing, self._seeing, self._everyone
        grid = self._grid(doing, seeing, everyone)
        reason = verdict(self.model.graph, {self.cause.name, *self.question.do}, self.outcome.name)
        held = {n: self._variable(n).code(v) for n, v in self.question.do.items()}
        return SweepAnswer(
            self.cause,
            self.outcome,
            None if self._level is None else self.outcome.levels[self._level],
            self._at,
            grid.centres,
            grid.edges,
            self._curve(seeing, grid),
            self._curve(doing, grid),
            self._curve(everyone, grid),
            self.row() if self.question.row is not None else None,
            support(self.cause, self._at, self._columns, held, self.model.by_name),
            overlap(self.model, self.cause.name, self._at, self._factual),
            reason.status,
            reason.reason,
        )

    # ── what is asked ────────────────────────────────────────────────────────────

    @cached_property
    def cause(self) -> Variable:
        """The variable on the slider."""
        if self.question.cause == self.question.outcome:
            raise QuestionError("The cause and the outcome are the same column.", "Choose two.")
        if self.question.cause in self.question.do:
            raise QuestionError(
                f"“{self.question.cause}” is already on the slider.", "Remove its second setting."
            )
        return self._variable(self.question.cause)

    @cached_property
    def outcome(self) -> Variable:
        """The variable whose distribution is shown."""
        if self.question.outcome in self.question.do:
            raise QuestionError(
                f"“{self.question.outcome}” is the outcome and cannot be set as well.",
                "Remove its setting, or choose another outcome.",
            )
        return self._variable(self.question.outcome)

    def _variable(self, name: str) -> Variable:
        if name not in self.model.by_name:
            raise UnknownColumn(name, self.model.by_name)
        return self.model.by_name[name]

    @cached_property
    def _level(self) -> int | None:
        return chosen_level(self.outcome, self.question.level)

    @cached_property
    def _columns(self) -> dict[str, np.ndarray]:
        names = [self.cause.name, self.outcome.name, *self.question.do]
        kinds = [self._variable(n) for n in names]
        codes = encode(self._frame[names], kinds)
        return {name: codes[:, i] for i, name in enumerate(names)}

    @cached_property
    def _at(self) -> np.ndarray:
        return positions(self.cause, self._columns[self.cause.name])

    @cached_property
    def _do(self) -> dict[str, Action]:
        moving = {self.cause.name: sweep_action(self.cause, list(self._at))}
        return moving | actions(self.question.do, self.model.by_name)

    @cached_property
    def _members(self) -> tuple[int, ...]:
        return tuple(range(1, self.model.members))

    # ── the rungs: (values of the point fit [P, rows(, levels)], member means [M, P]) ──

    @cached_property
    def _doing(self) -> tuple[np.ndarray, np.ndarray]:
        point = self._acted(even_noise(self.model, _DRAWS, self.seed), (0,))[0]
        few = self._acted(even_noise(self.model, _MEMBER_DRAWS, self.seed), self._members)
        return point, self._means(few)

    def _acted(self, noise: World, members: tuple[int, ...]) -> np.ndarray:
        values = doing_values(self.model, self.outcome.name, self._do, noise, members)
        return np.broadcast_to(values, (len(members), len(self._at), *values.shape[2:]))

    def _means(self, values: np.ndarray) -> np.ndarray:
        return mean_of(values, self.outcome, self._level)

    @cached_property
    def _seeing(self) -> tuple[np.ndarray, np.ndarray]:
        members = tuple(range(self.seen.members))
        held = {n: self._variable(n).code(v) for n, v in self.question.do.items()}
        given = {n: torch.full((1, 1), c, dtype=torch.float64) for n, c in held.items()}
        given[self.cause.name] = torch.from_numpy(self._at).reshape(1, -1)
        params = self.seen.params(self.outcome.name, given, members)
        equation = self.seen.equations[self.outcome.name]
        if self.outcome.kind.discrete:
            values = level_chances(equation, params).unsqueeze(2).double().numpy()
        else:
            even = (torch.arange(_SEEN_DRAWS) + 0.5) / _SEEN_DRAWS
            noise = equation.mechanism.base_noise(even)
            drawn = equation.mechanism.forward(noise, params.map(lambda part: part.unsqueeze(2)))
            values = drawn.double().numpy()
        return values[0], self._means(values[1:])

    @cached_property
    def _everyone(self) -> tuple[np.ndarray, np.ndarray]:
        rows = self._some_rows(_ROWS)
        point = self._acted_on(self._abducted[0], (0,))[0]
        few = self._imagined(rows[:_MEMBER_DRAWS], self._members)
        return point, self._means(few)

    @property
    def _factual(self) -> World:
        return self._abducted[1]

    @cached_property
    def _abducted(self) -> tuple[World, World]:
        return self.model.abduct(self._frame.iloc[self._some_rows(_ROWS)], self.seed)

    @cached_property
    def _frame(self) -> pd.DataFrame:
        return self.table.frame

    def _some_rows(self, most: int) -> np.ndarray:
        count = len(self.table)
        if count <= most:
            return np.arange(count)
        return generator(self.seed, "everyone").permutation(count)[:most]

    def _imagined(self, rows: np.ndarray, members: tuple[int, ...]) -> np.ndarray:
        """Counterfactual values [members, P, rows(, levels)] of rows of the table."""
        noise, _ = self.model.abduct(self._frame.iloc[rows], self.seed, members)
        return self._acted_on(noise, members)

    def _acted_on(self, noise: World, members: tuple[int, ...]) -> np.ndarray:
        """What abducted noise becomes [members, P, rows(, levels)]."""
        model, name = self.model.exact, self.outcome.name
        values = _simulated(model, name, self._do, noise, members)
        return np.broadcast_to(values, (len(members), len(self._at), *values.shape[2:]))

    # ── to curves ────────────────────────────────────────────────────────────────

    def _grid(self, *rungs: tuple[np.ndarray, np.ndarray]) -> OutcomeGrid:
        if self.outcome.kind.discrete:
            return OutcomeGrid.of(self.outcome, np.empty(0))
        drawn = np.concatenate(
            [values.ravel()[:: max(1, values.size // 20_000)] for values, _ in rungs]
        )
        low, high = span(self._columns[self.outcome.name])
        return OutcomeGrid.of(self.outcome, np.concatenate([drawn, [low, high] * 50]))

    def _curve(self, rung: tuple[np.ndarray, np.ndarray], grid: OutcomeGrid) -> Curve:
        values, members = rung
        mean = self._means(values[None])[0]
        density = values.mean(axis=1) if self.outcome.kind.discrete else grid.density(values)
        return Curve.of(density, mean, members)

    def row(self) -> RowCurve:
        """The counterfactuals of the question's row."""
        row = int(self.question.row or 0)
        if not 0 <= row < len(self.table):
            raise QuestionError(
                f"There is no row {row}.", f"Choose a row from 0 to {len(self.table) - 1}."
            )
        unique = all(e.mechanism.unique_noise for e in self.model.equations.values())
        rows = np.full(1 if unique else _ROW_DRAWS, row)
        values = self._imagined(rows, (0, *self._members))
        means = self._means(values)
        half = half_width(means[1:], means[0])
        density = values[0].mean(axis=1) if self.outcome.kind.discrete else None
        return RowCurve(
            float(self._columns[self.outcome.name][row]),
            float(self._columns[self.cause.name][row]),
            means[0],
            means[0] - half,
            means[0] + half,
            density,
        )


def _simulated(
    model: StructuralCausalModel,
    outcome: str,
    do: dict[str, Action],
    noise: World,
    members: tuple[int, ...],
) -> np.ndarray:
    """Outcome codes (or one-hot levels) that abducted noise produces under `do`."""
    world = simulate(model, noise, do, members=members, targets={outcome})
    variable = model.by_name[outcome]
    codes = world[outcome].numpy()
    return np.eye(len(variable.levels))[codes.astype(int)] if variable.kind.discrete else codes
