"""Which level of a discrete outcome a question is about."""

from __future__ import annotations

from causal_core.tables.schema import Level, Variable


def chosen_level(variable: Variable, level: Level | None) -> int | None:
    """The index of the level whose probability is asked for; None for numbers."""
    if not variable.kind.discrete:
        return None
    return len(variable.levels) - 1 if level is None else int(variable.code(level))
