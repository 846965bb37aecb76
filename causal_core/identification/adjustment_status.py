"""What is right or wrong with the variables that are held."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from causal_core.graphs.separation import m_separated
from causal_core.identification.criterion import Criterion
from causal_core.identification.paths import Path


class AdjustmentStatus(StrEnum):
    """What is to be said of the variables that are held."""

    CORRECT = "correct"
    BIASED = "biasing paths open"
    COLLIDER = "a collider opened"
    OVERCONTROL = "an effect of the cause is held fixed"
    AFTER = "an effect of the outcome is held fixed"
    ASKED = "what is asked about is held fixed"
    UNMEASURED = "what is unmeasured is held fixed"
    SELECTION = "the choice of rows biases"


FORBIDDING = (
    AdjustmentStatus.ASKED,
    AdjustmentStatus.UNMEASURED,
    AdjustmentStatus.AFTER,
    AdjustmentStatus.OVERCONTROL,
)


def status_of(
    criterion: Criterion, chosen: frozenset[str], biasing: Sequence[Path]
) -> AdjustmentStatus:
    """The status of holding `chosen`, where the paths `biasing` are open; the gravest first."""
    for status in FORBIDDING:
        if culprits(criterion, chosen, status):
            return status
    if criterion.met_by(chosen):
        return AdjustmentStatus.CORRECT
    if _selection_biases(criterion, chosen):
        return AdjustmentStatus.SELECTION
    if biasing and all(path.opened for path in biasing):
        return AdjustmentStatus.COLLIDER
    return AdjustmentStatus.BIASED


def culprits(
    criterion: Criterion, chosen: frozenset[str], status: AdjustmentStatus
) -> frozenset[str]:
    """The held variables that may never be held, for the reason `status`."""
    graph, asked = criterion.graph, criterion.causes | criterion.outcomes
    after = (graph.descendants(criterion.outcomes) & criterion.spoiling) - asked
    reasons = {
        AdjustmentStatus.ASKED: asked,
        AdjustmentStatus.UNMEASURED: graph.latent - criterion.held,
        AdjustmentStatus.AFTER: after,
        AdjustmentStatus.OVERCONTROL: criterion.spoiling - after - asked,
    }
    return chosen & reasons.get(status, frozenset())


def _selection_biases(criterion: Criterion, chosen: frozenset[str]) -> bool:
    """Whether all would be well if the rows had not been selected."""
    if not criterion.held:
        return False
    apart = m_separated(criterion.backdoor, criterion.causes, criterion.outcomes, chosen)
    return apart or bool(criterion.held & criterion.spoiling)
