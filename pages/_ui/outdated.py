"""What a person chose for a column of a table that was changed elsewhere meanwhile.

Where the column itself is as it was, the choice is added to the newest table; where it is
not, both are shown side by side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causal_core.errors import StudyError, TableError
from causal_core.tables.schema import Kind
from pages._ui import session

if TYPE_CHECKING:
    from causal_core.studies.store import Study
    from causal_core.tables.table import Table

_DRAWN = "_column-drawn"  # the study and the table that the fields of a column were drawn for


def field(what: str, digest: str | None, column: str) -> str:
    """The key of a field; with the table in it, a choice for another table is not taken for it."""
    return f"{what}-{digest}-{column}"


def settle() -> None:
    """What is chosen now is about to be written."""
    st.session_state.pop(_DRAWN, None)


def carry(study: Study, table: Table, column: str | None) -> None:
    """Before the fields of `column` are drawn: what was chosen in those of an older table.

    Draws the page anew where something was: written, or to be settled by the person.
    """
    now = (study.id, study.table)
    drawn = st.session_state.get(_DRAWN, now)
    st.session_state[_DRAWN] = now
    if drawn == now or drawn[0] != study.id or column not in table.columns:
        return
    try:
        before = session.table_of(drawn[1])
        chosen = _chosen(before, drawn[1], column)
    except (StudyError, TableError):  # no longer kept, or it could not have become so
        return
    _carry(study, table, column, (drawn[1], before, chosen))


def _carry(study: Study, table: Table, column: str, older: tuple[str, Table, Table]) -> None:
    """Write what is chosen; `older` is the digest, the older table, and it with the choice."""
    from causal_core.tables.corrections import carried_over

    digest, before, chosen = older
    carried = carried_over(chosen, before, table)
    if carried == table:  # nothing was chosen, or it is so by now
        return
    keep = session.store().put_blob
    if table.variable(column) != before.variable(column):
        session.contest(study.id, {"table": keep(chosen.to_bytes())}, digest)
    session.flash(
        "This study was changed in another tab or by someone else meanwhile. "
        f"What you chose for “{column}” is added to that."
    )
    settle()
    session.save(study, table=keep(carried.to_bytes()))
    st.rerun()


def _chosen(table: Table, digest: str, column: str) -> Table:
    """The table as the fields drawn for it say; TableError where it has no such column or kind."""
    from causal_core.tables.corrections import with_unit

    variable = table.variable(column)
    kind = st.session_state.get(field("kind", digest, column), variable.kind)
    unit = st.session_state.get(field("unit", digest, column), variable.unit).strip()
    by_text = {str(level): level for level in variable.levels}
    order = st.session_state.get(field("order", digest, column), ())
    if kind != variable.kind:
        return table.with_kind(column, kind)
    if len(order) == len(by_text) and list(order) != list(by_text):
        return table.with_kind(column, Kind.ORDINAL, [by_text[text] for text in order])
    return table if unit == variable.unit else with_unit(table, column, unit)
