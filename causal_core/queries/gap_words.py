"""The gap between seeing and doing in plain sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.separation import connected
from causal_core.identification.naming import separated
from causal_core.queries.gap_parts import GapPart
from causal_core.queries.grids import support
from causal_core.queries.sweep_answer import OUTSIDE
from causal_core.queries.words import difference
from causal_core.tables.encoding import encode_column
from causal_core.tables.schema import Value, Variable
from causal_core.tables.table import Table

_ENOUGH = 100.0  # effective draws: below, a part is off by a tenth of the outcome's spread


def gap_sentence(seeing: float, doing: float, parts: Sequence[GapPart], unit: str) -> str:
    """What is seen, what is caused, and the part that matters most."""
    told = f"Seen, the outcome differs by {difference(seeing, unit)}; caused is a difference of "
    told += f"{difference(doing, unit)}."
    if not parts:
        return f"{told} No back-door path is open: what the equations see is what they do."
    first, together = parts[0], difference(sum(part.value for part in parts), unit)
    if len(parts) == 1:
        return f"{told} The back door brings {together}: {first.label}."
    return (
        f"{told} The back door brings {together} in {len(parts)} parts; the largest "
        f"({difference(first.value, unit)}) is {first.label}."
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
        told.append(
            f"The rows were chosen by {separated(graph.selected)}, which opens further paths "
            "between the two; what these bring is not told apart here."
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


def rough(effective: float) -> tuple[str, ...]:
    """The warning where few draws of the model have the cause's values, given its causes."""
    if effective >= _ENOUGH:
        return ()
    return (
        "The cause is all but settled by its own causes at one of the two values; the parts are "
        "rough there.",
    )


def _opened(graph: CausalGraph, cause: str, outcome: str) -> bool:
    """Whether both ends reach what chose the rows, so that choosing joins or bends them."""
    reached = connected(graph, [cause]) & connected(graph, [outcome])
    return bool(graph.selected & reached)
