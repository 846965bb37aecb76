"""One door for every question: `answer(model, question)`."""

from __future__ import annotations

import numpy as np
import pandas as pd
import torch

from causal_core.association.model import AssociationModel
from causal_core.errors import QuestionError, UnknownColumn
from causal_core.identification.verdict import Status, verdict
from causal_core.queries.answers import Answer
from causal_core.queries.levels import chosen_level
from causal_core.queries.questions import (
    Association,
    Counterfactual,
    Effect,
    Intervention,
    Question,
)
from causal_core.queries.summary import doing_values, level_chances, mean_of
from causal_core.queries.sweep_answer import half_width
from causal_core.scm.interventions import Action, Do, actions
from causal_core.scm.model import StructuralCausalModel
from causal_core.scm.simulate import even_noise, simulate
from causal_core.tables.schema import Level, Variable

_DRAWS = 8192
_MEMBER_DRAWS = 1024
_EVEN = 512
_ROW_DRAWS = 256
_SEEN = "Read off the rows as they are: what goes along with what, not what would change."
_IMAGINED = (
    "Assumes that every equation is monotone in its noise (and Gumbel noise for categorical "
    "variables), which no data can test."
)


def answer(
    model: StructuralCausalModel,
    question: Question,
    seen: AssociationModel | None = None,
    *,
    seed: int = 0,
) -> Answer:
    """The answer to a question about one outcome's mean, or the chance of one of its levels.

    `seen` is the correlational net, needed for Association. Raises UnknownColumn,
    UnknownLevel or QuestionError for a question that does not fit the model.
    """
    outcome = _variable(model, question.outcome)
    if isinstance(question, Association):
        return _seen(outcome, question, seen)
    if isinstance(question, Intervention):
        means = _doing(model, outcome, question.do, question.level, seed)
        return _answer(means, outcome, _rests_on(model, question.do, outcome))
    if isinstance(question, Effect):
        low, high = question.values
        before = _doing(model, outcome, {question.treatment: low}, question.level, seed)
        after = _doing(model, outcome, {question.treatment: high}, question.level, seed)
        rests = _rests_on(model, {question.treatment: high}, outcome)
        return _answer(after - before, outcome, rests)
    return _imagined(model, outcome, question, seed)


def _variable(model: StructuralCausalModel, name: str) -> Variable:
    if name not in model.by_name:
        raise UnknownColumn(name, model.by_name)
    return model.by_name[name]


def _rests_on(model: StructuralCausalModel, do: Do, outcome: Variable) -> tuple[Status, str]:
    reads = {name: action.reads for name, action in actions(do, model.by_name).items()}
    found = verdict(model.graph, do, outcome.name, reads)
    return found.status, found.reason


def _answer(means: np.ndarray, outcome: Variable, rests: tuple[Status, str]) -> Answer:
    """From means [members], member 0 the point estimate."""
    value = float(means[0])
    half = float(half_width(means[1:], value))
    unit = "probability" if outcome.kind.discrete else outcome.unit
    return Answer(value, (value - half, value + half), *rests, unit)


def _doing(
    model: StructuralCausalModel, outcome: Variable, do: Do, level: Level | None, seed: int
) -> np.ndarray:
    """Means under `do` [members]."""
    acts = actions(do, model.by_name)
    point = _mean(model, outcome, acts, level, (0,), _DRAWS, seed)
    others = tuple(range(1, model.members))
    if not others:
        return point
    few = _mean(model, outcome, acts, level, others, _MEMBER_DRAWS, seed)
    return np.concatenate([point, few])


def _mean(
    model: StructuralCausalModel,
    outcome: Variable,
    acts: dict[str, Action],
    level: Level | None,
    members: tuple[int, ...],
    draws: int,
    seed: int,
) -> np.ndarray:
    values = doing_values(model, outcome.name, acts, even_noise(model, draws, seed), members)
    means = mean_of(values, outcome, chosen_level(outcome, level))[:, 0]
    return np.asarray(np.broadcast_to(means, (len(members),)))


def _seen(outcome: Variable, question: Association, seen: AssociationModel | None) -> Answer:
    if seen is None:
        raise QuestionError(
            "Seeing needs the correlational net.", "Pass it: answer(model, question, seen)."
        )
    given = {}
    for name, value in question.given.items():
        if name not in seen.by_name:
            raise UnknownColumn(name, seen.by_name)
        given[name] = torch.tensor([[seen.by_name[name].code(value)]], dtype=torch.float64)
    params = seen.params(outcome.name, given, tuple(range(seen.members)))
    equation, level = seen.equations[outcome.name], chosen_level(outcome, question.level)
    if level is not None:
        means = level_chances(equation, params)[:, 0, level]
    else:
        noise = equation.mechanism.base_noise((torch.arange(_EVEN) + 0.5) / _EVEN)
        means = equation.mechanism.forward(noise, params).mean(1)
    return _answer(means.double().numpy(), outcome, (Status.IDENTIFIED, _SEEN))


def _imagined(
    model: StructuralCausalModel, outcome: Variable, question: Counterfactual, seed: int
) -> Answer:
    row = pd.DataFrame([dict(question.row)] * _ROW_DRAWS)
    for variable in model.variables:
        if variable.name not in row:
            row[variable.name] = np.nan
    members = tuple(range(model.members))
    noise, factual = model.abduct(row, seed, members)
    acts = actions(question.do, model.by_name)
    targets = {outcome.name}
    world = simulate(
        model.exact, noise, acts, members=members, targets=targets, factual=factual, seed=seed
    )
    codes = world[outcome.name].expand(len(members), 1, _ROW_DRAWS)
    level = chosen_level(outcome, question.level)
    means = codes.mean(2) if level is None else (codes == level).double().mean(2)
    status, reason = _rests_on(model, question.do, outcome)
    assumed = Status.ASSUMED if status is Status.IDENTIFIED else status
    doubts = model.doubts(question.do, outcome.name)
    said = " ".join([reason, _IMAGINED, *(f"Data speak against it: {d}" for d in doubts)])
    return _answer(means[:, 0].numpy(), outcome, (assumed, said))
