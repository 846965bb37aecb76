"""What one side of a contested change says that the other does not, in Markdown sentences."""

from __future__ import annotations

from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.tables.schema import Variable
from causal_core.tables.table import Table
from causal_core.views.edge_menu import ARROWS
from causal_core.views.theme import code_span, plain

_SAME = ["Nodes and arrows are the same; places, roles or notes are not."]


def of_graph(graph: CausalGraph, other: CausalGraph) -> list[str]:
    """Nodes and edges that only `graph` has.

    >>> of_graph(CausalGraph.parse("x -> y -> z"), CausalGraph.parse("x -> y; x -> z"))
    ['Arrows only here: `y` → `z`.']
    """
    told = {
        "Nodes only here": [code_span(name) for name in graph.nodes if name not in other.nodes],
        "Arrows only here": [_edge(edge) for edge in graph.edges if edge not in other.edges],
        "Unmeasured only here": [code_span(n) for n in sorted(graph.latent - other.latent)],
    }
    said = [f"{what}: {', '.join(which)}." for what, which in told.items() if which]
    return said or (["Nothing that the other has not."] if graph.claims != other.claims else _SAME)


def of_table(table: Table, other: Table) -> list[str]:
    """The columns that `table` describes otherwise than `other` does."""
    there = {variable.name: variable for variable in other.variables}
    own = [one for one in table.variables if there.get(one.name) != one]
    return [_column(one) for one in own] or ["The columns are the same; their cells are not."]


def of_name(name: str) -> list[str]:
    """The study's name."""
    return [f"The study is called “{plain(name)}”."]


def _edge(edge: Edge) -> str:
    return f"{code_span(edge.source)} {ARROWS[edge.kind]} {code_span(edge.target)}"


def _column(variable: Variable) -> str:
    unit = f", in {plain(variable.unit)}" if variable.unit else ""
    levels = ", ".join(code_span(level) for level in variable.levels)
    return f"{code_span(variable.name)} is {variable.kind}{unit}{f': {levels}' if levels else ''}."
