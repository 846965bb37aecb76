"""What the rows themselves say of a question: its licence, the second opinion, the bounds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages._ui import later

if TYPE_CHECKING:
    from concurrent.futures import Future

    from causal_core.estimation.bounds import Bounds
    from causal_core.estimation.licence import Licence
    from causal_core.estimation.result import Estimate
    from causal_core.graphs.graph import CausalGraph
    from causal_core.queries.questions import Effect
    from causal_core.tables.table import Table


@dataclass(frozen=True, eq=False)
class Asking:
    """One effect asked of a table under a graph; `adjusted`: what the person chose to hold."""

    table: Table
    graph: CausalGraph
    effect: Effect
    given: tuple[str, ...] = ()
    adjusted: tuple[str, ...] = ()

    @cached_property
    def claims(self) -> str:
        """The graph as text, without where its nodes stand and what is noted on it."""
        return replace(self.graph, positions={}, notes={}).to_json()

    @property
    def bounded(self) -> bool:
        """Whether the cause has levels, so that bounds exist."""
        return self.table.variable(self.effect.treatment).kind.discrete

    @property
    def licence(self) -> Licence:
        """What licenses an answer."""
        return licence_of(
            self.claims, (self.effect.treatment,), self.effect.outcome, self.given, self.bounded
        )

    def key(self, work: str) -> tuple[Any, ...]:
        """What names this work wholly."""
        asked = self.effect
        question = (asked.treatment, asked.outcome, asked.values, asked.level, self.adjusted)
        return (work, self.table.digest, self.claims, *question)

    @property
    def opinion(self) -> Future[Estimate]:
        """The estimate from the rows."""
        from causal_core.estimation.estimate import opinion

        asked, chosen = self.effect, self.adjusted or None
        work = partial(
            opinion,
            self.table,
            self.graph,
            asked.treatment,
            asked.outcome,
            asked.values,
            level=asked.level,
            adjusted=chosen,
        )
        return later.later(self.key("opinion"), work)

    @property
    def bounds(self) -> Future[Bounds]:
        """Between which numbers the effect must lie."""
        from causal_core.estimation.bounds import bounds

        asked = self.effect
        work = partial(
            bounds,
            self.table,
            self.graph,
            asked.treatment,
            asked.outcome,
            asked.values,
            level=asked.level,
        )
        return later.later(self.key("bounds"), work)


@st.cache_resource(max_entries=128, show_spinner=False)
def licence_of(
    claims: str, treated: tuple[str, ...], outcome: str, given: tuple[str, ...], bounded: bool
) -> Licence:
    """What licenses an answer on this graph."""
    from causal_core.estimation.licence import licence
    from causal_core.graphs.graph import CausalGraph

    return licence(CausalGraph.from_json(claims), treated, outcome, given, bounded=bounded)
