"""How far an effect moves with what the data cannot tell."""

from __future__ import annotations

from causal_core.queries.engine import answer
from causal_core.queries.questions import Effect
from causal_core.scm.model import StructuralCausalModel


def effects_by_rho(
    model: StructuralCausalModel, question: Effect, rhos: tuple[float, ...]
) -> tuple[float, ...]:
    """The effect for each correlation of the noises of the treatment and its children."""
    coupled = (model.coupled(question.treatment, rho) for rho in rhos)
    return tuple(answer(each, question).value for each in coupled)
