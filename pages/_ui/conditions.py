"""Rows that were taken under several conditions: which column says so, and what was set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from causal_core.tables.schema import Kind
from causal_core.views.theme import code_span

if TYPE_CHECKING:
    from causal_core.tables.table import Table

_MOST = 20  # conditions; a column with more levels is none


def conditions(table: Table, columns: Sequence[str]) -> dict[str, Any]:
    """{"environment": column or None, "targets": {level: columns that were set}}."""
    able = [name for name in columns if 1 < len(_levels(table, name)) <= _MOST]
    targets: dict[str, list[str]] = {}
    if not able:
        return {"environment": None, "targets": targets}
    environment = st.selectbox(
        "A column that says under which conditions a row was taken",
        able,
        index=None,
        placeholder="none: all rows were taken alike",
        key="discover-environment",
        help="A laboratory, a year, a trial. Nothing in the system causes it; its arrows lead "
        "to what differs between the conditions.",
    )
    if environment is not None and st.toggle(
        "I know which columns were set from outside", key="discover-experiment"
    ):
        others = [name for name in columns if name != environment]
        for level in _levels(table, environment):
            set_ = st.multiselect(
                f"Set where {code_span(environment)} is {code_span(level)}",
                others,
                key=f"discover-set-{environment}-{level}",
                placeholder="only watched",
            )
            if set_:
                targets[level] = set_
    return {"environment": environment, "targets": targets}


def _levels(table: Table, name: str) -> list[str]:
    """The values of a column of levels or whole numbers, as text."""
    variable = table.variable(name)
    if variable.kind is not Kind.INTEGER:
        return [str(level) for level in variable.levels]
    if variable.high - variable.low > 10 * _MOST:
        return []
    seen = np.unique(table.codes[:, table.columns.index(name)])
    return [str(int(value)) for value in seen[np.isfinite(seen)]]
