"""The gap between seeing and doing in plain sentences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from causal_core.errors import GraphError
from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.separation import connected
from causal_core.queries.grids import support
from causal_core.queries.sweep_answer import OUTSIDE
from causal_core.queries.words import measured
from causal_core.tables.encoding import encode_column
from causal_core.tables.schema import Value, Variable
from causal_core.tables.table import Table


def gap_sentence(seeing: float, doing: float, parts: list[tuple[str, float]], unit: str) -> str:
    """What is seen, what is caused, and the part that matters most."""
    told = f"Seen, the outcome differs by {measured(seeing, unit)}; caused is a difference of "
    told += f"{measured(doing, unit)}."
    if not parts:
        return f"{told} No back-door path is open, so that the equations see what they do."
    label, value = max(parts, key=lambda part: abs(part[1]))
    if len(parts) == 1:
        return f"{told} One back-door path brings {measured(value, unit)}: {label}."
    return (
        f"{told} {len(parts)} ways through the back door bring "
        f"{measured(sum(part for _, part in parts), unit)} together; most of it "
        f"({measured(value, unit)}) comes by {label}."
    )


def warnings(
    graph: CausalGraph, cause: str, outcome: str, clashing: frozenset[str]
) -> tuple[str, ...]:
    """What the parts leave out: arcs beside arrows, and rows that were chosen."""
    told = []
    for name in sorted(clashing):
        told.append(
            f"“{cause}” and “{name}” share an unmeasured cause that no data can tell from the "
            "arrow between them; the equations take it to do nothing."
        )
    if graph.selected and _opened(graph, cause, outcome):
        names = ", ".join(f"“{name}”" for name in sorted(graph.selected))
        told.append(
            f"The rows were chosen by {names}, which opens further paths between the two; what "
            "these bring is not told apart here."
        )
    return tuple(told)


def thin(table: Table, cause: Variable, values: tuple[Value, Value]) -> tuple[str, ...]:
    """The warning for a value of the cause that hardly any row has."""
    codes = encode_column(table[cause.name], cause)
    at = np.array([cause.code(value) for value in values])
    near = support(cause, at, {cause.name: codes}, {}, {cause.name: cause})
    return tuple(
        f"Hardly any row has “{cause.name}” near {value}, so that its side of the gap is the "
        "model's extrapolation."
        for value, share in zip(values, near, strict=True)
        if share < OUTSIDE
    )


def _opened(graph: CausalGraph, cause: str, outcome: str) -> bool:
    """Whether choosing rows connects the two by ways that were closed."""
    kept = (e for e in graph.edges if e.kind != "->" or e.source != cause)
    behind = replace(graph, edges=tuple(kept))
    chosen = graph.selected - {cause, outcome}
    try:
        return bool(chosen & (connected(behind, [cause]) | connected(behind, [outcome])))
    except GraphError:
        return False
