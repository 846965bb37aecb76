"""What a format is: how it is recognised, read and written, and what it can hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal

from causal_core.errors import GraphError
from causal_core.graphs.graph import KINDS, CausalGraph
from causal_core.graphs.stored import ROLES

BESIDES = ("roles", "positions", "notes")  # what is no claim of a graph


@dataclass(frozen=True)
class Format:
    """One format.

    `read` raises GraphSyntaxError with line and column for text that is not the format.
    `write` is asked only for a graph that `refusal` has nothing against. `claims` tells from
    the content alone whether a text is meant so. What a graph claims (`kinds` of edges,
    `latent` nodes, `names`) is held or refused; of what is beside it (`besides`), what is
    not held is left out, and `left_out` says so.
    """

    key: str
    label: str
    suffixes: tuple[str, ...]  # of files, the usual one first
    read: Callable[..., CausalGraph]
    write: Callable[[CausalGraph], str]
    claims: Callable[[str], bool]
    mime: str = "text/plain"
    kinds: Collection[str] = KINDS
    latent: bool = True
    names: re.Pattern[str] | None = None  # that every name must match
    reserved: frozenset[str] = frozenset()
    besides: Collection[str] = BESIDES
    oriented: bool = False  # whether `read` takes an `orientation` as well

    def refusal(self, graph: CausalGraph) -> GraphError | None:
        """Why `graph` cannot be written in this format, or None."""
        for name in graph.nodes:
            if self.names and (not self.names.fullmatch(name) or name in self.reserved):
                return self._cannot(f"the name “{name}”", "Rename it")
            if name in graph.latent and not self.latent:
                return self._cannot(f"the latent node “{name}”", "Remove it, or draw <-> instead")
        for edge in graph.edges:
            if edge.kind not in self.kinds:
                return self._cannot(f"“{edge}”", "Direct it or remove it")
        return None

    def left_out(self, graph: CausalGraph) -> tuple[str, ...]:
        """Which of roles, positions and notes `graph` has and this format does not hold."""
        there = {
            "roles": any(getattr(graph, role) for role in ROLES.values() if role != "latent"),
            "positions": bool(graph.positions),
            "notes": bool(graph.notes),
        }
        return tuple(what for what in BESIDES if there[what] and what not in self.besides)

    def _cannot(self, what: str, remedy: str) -> GraphError:
        return GraphError(
            f"{self.label} cannot hold {what}.",
            f"{remedy}, or choose dagitty, which holds everything.",
        )


def decimal(number: float) -> str:
    """`number` exactly, in digits and a point alone: not every reader knows exponents.

    >>> decimal(-2.5e-7)
    '-0.00000025'
    """
    return format(Decimal(repr(number)), "f")
