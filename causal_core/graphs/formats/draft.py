"""A graph while it is read: what is gathered so far, every mistake with its place."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from causal_core.errors import GraphError, GraphSyntaxError, LimitError
from causal_core.graphs.formats.tokens import syntax_error
from causal_core.graphs.graph import KINDS, CausalGraph, Edge, Pair, Position
from causal_core.graphs.stored import ROLES
from causal_core.limits import limit

_LONGEST = 1000  # characters of a name; a column's is never so long
_HALF = re.compile("[\ud800-\udfff]")  # of a pair that stands for one character
_SAID = 100_000  # edges that a text may say, over and over


@dataclass
class Draft:
    """Nodes with their roles, edges, places and notes.

    `at` is an offset in `text`, or what `locate` turns into one when there is a mistake.
    """

    text: str
    locate: Callable[[Any], int] = int
    nodes: dict[str, set[str]] = field(default_factory=dict)
    edges: dict[Edge, None] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)
    notes: dict[Pair, str] = field(default_factory=dict)
    _said: int = 0

    def node(self, name: str, at: Any, *roles: str) -> str:
        """A node, whether new or known, and roles (“latent”, “exposure”, …) that it has."""
        if name not in self.nodes:
            self._check(name, at)
        self.nodes.setdefault(name, set()).update(roles)
        return name

    def edge(self, source: str, target: str, kind: str, at: Any) -> None:
        """An edge and its ends."""
        self._said += 1
        if self._said > _SAID:
            raise LimitError(
                f"The text has more than {_SAID:,} edges.", "Say each edge of the graph once."
            )
        self.node(source, at)
        self.node(target, at)
        if kind not in KINDS:
            raise self.error(at, f"“{kind[:20]}” is no kind of edge", f"Use {', '.join(KINDS)}.")
        try:
            self.edges[Edge(source, target, kind)] = None
        except GraphError as error:
            raise self.error(at, error.what.rstrip("."), error.remedy) from None

    def place(self, name: str, text: str, at: Any) -> None:
        """Where a node stands, from “x,y”; what Graphviz adds behind is left out."""
        try:
            x, y = (float(part) for part in text.rstrip("!").split(",")[:2])
            if math.isfinite(x) and math.isfinite(y):
                self.positions[name] = (x, y)
                return
        except ValueError:
            pass
        raise self.error(at, "a position is two numbers", 'Write for example pos="0.5,1.2".')

    def note(self, one: str, other: str, text: str, at: Any) -> None:
        """Why this pair of nodes has its edge, or has none."""
        if _HALF.search(text):
            raise self.error(at, "a note holds half a character", "Save the file as UTF-8.")
        self.notes[one, other] = text

    def error(self, at: Any, what: str, remedy: str) -> GraphSyntaxError:
        """The error at this place."""
        return syntax_error(self.text, self.locate(at), what, remedy)

    def graph(self) -> CausalGraph:
        """The graph; CycleError and GraphError as `CausalGraph` raises them."""
        return CausalGraph(
            tuple(self.nodes),
            tuple(self.edges),
            positions=self.positions,
            notes=self.notes,
            **{
                field_: frozenset(name for name, roles in self.nodes.items() if role in roles)
                for role, field_ in ROLES.items()
            },
        )

    def _check(self, name: str, at: Any) -> None:
        if not name.strip():
            raise self.error(at, "a node has no name", "Give every node a name.")
        if len(name) > _LONGEST:
            raise self.error(at, f"a name is longer than {_LONGEST} characters", "Shorten it.")
        if _HALF.search(name):
            raise self.error(at, "a name holds half a character", "Save the file as UTF-8.")
        if len(self.nodes) >= limit("graph_nodes"):
            raise LimitError(
                f"The graph has more than {limit('graph_nodes')} nodes.",
                "Leave out the columns that the question does not need.",
            )
