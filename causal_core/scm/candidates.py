"""Choosing between rungs by the log-likelihood of rows that they have not learned from."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from causal_core.errors import ModelError
from causal_core.scm.program import Program, Slot
from causal_core.scm.report import margin

_SURE = 2.0  # standard errors that a richer rung must gain
_SURE_OF_FEW = 1.5  # where rows are few: two miss bends in 500, one takes nets on straight lines
_SURE_OF_MOVING = 1.0  # the evidence of the rows learned from has said so already
_SURE_OF_NET = 1.0  # over the smooth rung, which goes astray between and beyond its rows
_HOPE = 0.75  # standard errors, after the race: what nets win at last is above one
_WORTH = 4.0  # nats of all rows that a net must promise
_MOST_PER_ROW = 3.0  # nats: a few far rows do not decide


@dataclass(frozen=True, eq=False)
class Candidate:
    """One trained equation, with the log-likelihoods of the held-out rows that it can read."""

    program: Program
    indices: tuple[int, ...]  # its slots, one for each fold
    scores: Tensor  # [rows]
    learned: int  # how many rows, from the first, fold 0 was trained on

    @property
    def index(self) -> int:
        """The slot that is used: of fold 0."""
        return self.indices[0]

    @property
    def slot(self) -> Slot:
        """What it is an equation of."""
        return self.program.slots[self.index]


Candidates = dict[str, list[Candidate]]


def simplest(candidates: list[Candidate]) -> Candidate:
    """The simplest rung that no other of the node's is clearly better than."""
    usable = finite(candidates)
    for found in usable:
        if not any(_clearly(other, found) for other in usable):
            return found
    return max(usable, key=mean)


def votes(candidates: list[Candidate], boosts: Tensor) -> list[Candidate]:
    """For each member, the rung that the rows favour as it weighs them; boosts [members, rows].

    The shares of the votes are the weights of pseudo-Bayesian model averaging with the
    Bayesian bootstrap (Yao, Vehtari, Simpson & Gelman 2018, section 3.4): the ensemble is as
    unsure of the rung as the rows are.
    """
    usable = finite(candidates)
    scores = torch.stack([c.scores for c in usable])
    ahead = (scores - scores[0]).clamp(-_MOST_PER_ROW, _MOST_PER_ROW)
    return [usable[i] for i in (boosts @ ahead.T).argmax(1).tolist()]


def mean(candidate: Candidate) -> float:
    """Mean log-likelihood of the held-out rows."""
    return float(candidate.scores.mean())


def _clearly(best: Candidate, other: Candidate) -> bool:
    """Whether the held-out rows say that `best` is better."""
    ahead = (best.scores - other.scores).clamp(-_MOST_PER_ROW, _MOST_PER_ROW)
    gain, error = margin(ahead, torch.zeros_like(ahead))
    return gain > _sure(best, other) * error


def _sure(best: Candidate, other: Candidate) -> float:
    """How many standard errors `best` must gain over a simpler rung."""
    if best.slot.rung.moving:
        return _SURE_OF_MOVING
    if len(best.indices) > 1:
        return _SURE_OF_FEW
    return _SURE_OF_NET if best.slot.rung.neural and other.slot.rung.skip == "smooth" else _SURE


def finite(candidates: list[Candidate]) -> list[Candidate]:
    """The candidates that say something of every held-out row; ModelError when none does."""
    node = candidates[0].slot.node
    if not len(candidates[0].scores):
        raise ModelError(
            f"No held-out row has “{node}” and all that it depends on filled in.",
            "Fill in missing cells, or leave out the column that is mostly missing.",
        )
    found = [c for c in candidates if bool(torch.isfinite(c.scores).all())]
    if not found:
        raise ModelError(
            f"No equation for “{node}” could be fitted.",
            "Look at its values on the data page: are there extreme ones, or a wrong kind?",
        )
    return found


def promising(simple: list[Candidate], nets: list[Candidate]) -> list[Candidate]:
    """The best net and the simplest one not clearly worse, where curves may be beaten."""
    nets = [c for c in nets if bool(torch.isfinite(c.scores).all())]
    if not nets:
        return []
    known = max((c for c in simple if c.slot.rung.skip != "smooth"), key=mean)
    rich = max(simple + nets, key=mean)
    gain, error = margin(rich.scores, known.scores)
    if gain <= max(_HOPE * error, _WORTH / known.learned):
        return []
    best = max(nets, key=mean)
    for net in nets:
        if not _clearly(best, net):
            return [best] if net is best else [net, best]
    return [best]
