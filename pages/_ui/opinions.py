"""What the rows themselves say of a question: its licence, the second opinion, the bounds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from causal_core.tables.schema import Kind
from pages._ui import apart, later

if TYPE_CHECKING:
    from concurrent.futures import Future

    from causal_core.estimation.bounds import Bounds
    from causal_core.estimation.licence import Licence
    from causal_core.estimation.result import Estimate
    from causal_core.graphs.graph import CausalGraph
    from causal_core.identification.asked import Asked
    from causal_core.tables.schema import Value
    from causal_core.tables.table import Table


@dataclass(frozen=True, eq=False)
class Asking:
    """One effect asked of a table under a graph; the question's `values` must be chosen.

    A node that the table lacks counts as unmeasured.
    """

    table: Table
    graph: CausalGraph
    asked: Asked

    @cached_property
    def measured(self) -> CausalGraph:
        """The graph, its nodes that are no column unmeasured."""
        missing = frozenset(self.graph.nodes) - frozenset(self.table.columns)
        return replace(self.graph, latent=self.graph.latent | missing)

    @cached_property
    def claims(self) -> str:
        """The graph as text, without where its nodes stand and what is noted on it."""
        return replace(self.measured, positions={}, notes={}).to_json()

    @property
    def values(self) -> tuple[Value, Value]:
        """The two settings compared."""
        assert self.asked.values is not None
        return self.asked.values

    @property
    def settings(self) -> tuple[str, str]:
        """The two settings compared, in words."""
        from causal_core.views.amounts import setting

        cause = self.table.variable(self.asked.treatment)
        before, after = self.values
        return setting(cause, before), setting(cause, after)

    @property
    def bounded(self) -> bool:
        """Whether rows share values of the cause, so that bounds exist."""
        return self.table.variable(self.asked.treatment).kind is not Kind.CONTINUOUS

    @property
    def licence(self) -> Licence:
        """What licenses an answer."""
        asked = self.asked
        return licence_of(self.claims, (asked.treatment,), asked.outcome, asked.given, self.bounded)

    def key(self, work: str) -> tuple[Any, ...]:
        """What names this work wholly."""
        asked = self.asked
        question = (asked.treatment, asked.outcome, asked.values, asked.level, asked.adjusted)
        return (work, self.table.digest, self.claims, *question)

    @property
    def opinion(self) -> Future[Estimate]:
        """The estimate from the rows."""
        from causal_core.estimation.estimate import opinion

        asked, chosen = self.asked, self.asked.adjusted or None
        work = partial(
            opinion,
            self.table,
            self.measured,
            asked.treatment,
            asked.outcome,
            self.values,
            level=asked.level,
            adjusted=chosen,
        )
        return later.later(self.key("opinion"), work, apart.OPINIONS)

    @property
    def bounds(self) -> Future[Bounds]:
        """Between which numbers the effect must lie."""
        from causal_core.estimation.bounds import bounds

        asked = self.asked
        work = partial(
            bounds,
            self.table,
            self.measured,
            asked.treatment,
            asked.outcome,
            self.values,
            level=asked.level,
        )
        return later.later(self.key("bounds"), work, apart.OPINIONS)


@st.cache_resource(max_entries=128, show_spinner=False)
def licence_of(
    claims: str, treated: tuple[str, ...], outcome: str, given: tuple[str, ...], bounded: bool
) -> Licence:
    """What licenses an answer on this graph."""
    from causal_core.estimation.licence import licence
    from causal_core.graphs.graph import CausalGraph

    return licence(CausalGraph.from_json(claims), treated, outcome, given, bounded=bounded)
