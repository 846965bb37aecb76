"""Whether, and by which formula, the data tell a causal effect."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from causal_core.graphs.graph import CausalGraph
from causal_core.identification.adjustment import backdoor_set
from causal_core.identification.derivation import Step
from causal_core.identification.estimand import Estimand
from causal_core.identification.hedge import Hedge


class Way(StrEnum):
    """How an effect is identified."""

    NO_EFFECT = "no causal path"
    UNCONFOUNDED = "no adjustment needed"
    BACKDOOR = "back-door"
    FRONTDOOR = "front-door"
    ID = "do-calculus (ID)"
    NONE = "not identifiable"


@dataclass(frozen=True)
class Identification:
    """The answer to “do the data tell P(outcome | do(treatment), given)?”.

    `estimand` is there where they do; `hedge`, the evidence, where they do not. `steps` are
    the derivation up to the one or the other. `graph` is as it was given.
    """

    graph: CausalGraph
    treatment: frozenset[str]
    outcome: frozenset[str]
    given: frozenset[str]
    way: Way
    estimand: Estimand | None
    steps: tuple[Step, ...]
    hedge: Hedge | None

    @property
    def identifiable(self) -> bool:
        """Whether the data tell the effect, if the graph is right."""
        return self.estimand is not None

    @cached_property
    def adjustment_sets(self) -> tuple[frozenset[str], ...]:
        """Minimal sets that adjust, for one treatment and one outcome; () where none does."""
        if len(self.treatment) > 1 or len(self.outcome) > 1:
            return ()
        found = backdoor_set(self.graph, *self.treatment, *self.outcome)
        return () if found is None else (found,)


def identify(
    graph: CausalGraph,
    treatment: str | Iterable[str],
    outcome: str | Iterable[str],
    given: str | Iterable[str] = (),
) -> Identification:
    """Whether P(outcome | do(treatment), given) follows from the data, and by which formula."""
    raise NotImplementedError
