"""Data: what each column is, what was repaired in the file, and how to correct either."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from causal_core.errors import RungsError
from causal_core.studies import room
from causal_core.tables.schema import Kind, Level, Variable
from causal_core.views.theme import code_span, number, percent, plain
from pages._ui import errors, guards, outdated, session, widgets

if TYPE_CHECKING:
    from causal_core.studies.store import Study
    from causal_core.tables.finding import Finding
    from causal_core.tables.table import Table
    from causal_core.views.columns import ColumnGlance

_PREVIEW_ROWS = 50
_KINDS = {
    Kind.CONTINUOUS: "continuous: any number",
    Kind.INTEGER: "integer: whole numbers, counts",
    Kind.BINARY: "binary: two levels",
    Kind.CATEGORICAL: "categorical: levels without order",
    Kind.ORDINAL: "ordinal: levels in order",
}


def main() -> None:
    """Draw the page."""
    study, table = guards.need_table()
    outdated.carry(study, table, st.session_state.get("column"))
    widgets.heading("Data", study, f"{len(table):,} rows × {len(table.columns)} columns")
    _findings(study, table)
    glances = _glances(table.digest, table)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _overview(glances)
    with right:
        _detail(study, table, glances)
    label = f"The first {min(_PREVIEW_ROWS, len(table))} rows"
    rows = st.expander(label, key="first-rows", on_change="rerun")
    if rows.open:
        with rows:
            _preview(table)
    widgets.next_step("Next: draw the graph", "graph")


@st.cache_data(max_entries=16, show_spinner=False)
def _glances(digest: str, _table: Table) -> tuple[ColumnGlance, ...]:
    from causal_core.views.columns import glances

    return glances(_table)


def _overview(glances: tuple[ColumnGlance, ...]) -> None:
    """Every column in one row; clicking a row opens it beside."""
    import pandas as pd

    st.subheader("Columns", anchor=False)
    rows = pd.DataFrame(
        {
            "Column": [g.variable.name for g in glances],
            "Kind": [str(g.variable.kind) for g in glances],
            "Distribution": [list(g.bars) for g in glances],
            "Missing": [_missing(g) for g in glances],
            "Content": [g.content for g in glances],
            "Unit": [g.variable.unit for g in glances],
        }
    )
    st.dataframe(
        rows,
        key="columns",
        on_select=_row_chosen,
        selection_mode="single-row",
        hide_index=True,
        height=min(36 + 35 * len(rows), 560),
        column_config={
            "Column": st.column_config.TextColumn(pinned=True),
            "Distribution": st.column_config.BarChartColumn(y_min=0, color="blue"),
        },
        alt="Every column with its kind, its distribution and its missing cells",
    )
    st.session_state["column-names"] = [g.variable.name for g in glances]


def _row_chosen() -> None:
    rows = st.session_state["columns"]["selection"]["rows"]
    if rows:
        st.session_state["column"] = st.session_state["column-names"][rows[0]]


def _missing(glance: ColumnGlance) -> str:
    if not glance.missing:
        return "none"
    return f"{glance.missing:,} ({percent(glance.missing_share)})"


def _detail(study: Study, table: Table, glances: tuple[ColumnGlance, ...]) -> None:
    """One column: its kind, unit and order of levels, each correctable."""
    st.subheader("Correct a column", anchor=False)
    if st.session_state.get("column") not in table.columns:
        st.session_state["column"] = table.columns[0]
    name = st.selectbox("Column", table.columns, key="column")
    glance = glances[table.columns.index(name)]
    variable = glance.variable
    kind = st.selectbox(
        "Kind",
        list(_KINDS),
        index=list(_KINDS).index(variable.kind),
        format_func=_KINDS.__getitem__,
        key=outdated.field("kind", study.table, name),
        help="How the values relate to one another. The equations and sliders follow it.",
    )
    if kind != variable.kind:
        _change_kind(study, table, name, kind)
    _unit(study, table, variable)
    if variable.kind is Kind.ORDINAL:
        _order(study, table, variable)
    st.caption(f"{plain(glance.content)} · missing: {_missing(glance)}")


def _change_kind(
    study: Study, table: Table, name: str, kind: Kind, levels: Sequence[Level] | None = None
) -> None:
    try:
        changed = table.with_kind(name, kind, levels)
    except RungsError as error:
        errors.show(error)
        st.caption(f"{code_span(name)} stays {table.variable(name).kind}.")
        return
    _save(study, changed)


def _unit(study: Study, table: Table, variable: Variable) -> None:
    if variable.kind.discrete:
        return
    unit = st.text_input(
        "Unit",
        value=variable.unit,
        key=outdated.field("unit", study.table, variable.name),
        max_chars=40,
        placeholder="kg, years, US$ …",
        help="Every answer about this column is given in it.",
    ).strip()
    if unit != variable.unit:
        from causal_core.tables.corrections import with_unit

        _save(study, with_unit(table, variable.name, unit))


def _order(study: Study, table: Table, variable: Variable) -> None:
    """The levels from lowest to highest, set by choosing them in that order."""
    by_text = {str(level): level for level in variable.levels}
    chosen = st.multiselect(
        "Levels, lowest first",
        list(by_text),
        default=list(by_text),
        key=outdated.field("order", study.table, variable.name),
        help="Clear the box and choose the levels again from lowest to highest.",
    )
    if len(chosen) < len(by_text):
        st.caption(f"{len(by_text) - len(chosen)} more to choose.")
    elif chosen != list(by_text):
        _change_kind(study, table, variable.name, Kind.ORDINAL, [by_text[c] for c in chosen])


def _save(study: Study, table: Table, **changes: object) -> None:
    (digest,) = room.take_in(session.store(), table.to_bytes())
    outdated.settle()
    session.save(study, table=digest, **changes)
    st.rerun()


def _findings(study: Study, table: Table) -> None:
    """What was noticed and repaired; a repair of the file can be switched off and on."""
    shown = _with_undone(study, table)
    if not shown:
        st.caption("Nothing in this table had to be repaired.")
        return
    title = "One finding" if len(shown) == 1 else f"{len(shown)} findings"
    with st.expander(
        f"{title} about this table", expanded=len(shown) <= 6, icon=":material/fact_check:"
    ):
        for index, finding in enumerate(shown, start=1):
            _finding(study, table, finding, index)


def _finding(study: Study, table: Table, finding: Finding, index: int) -> None:
    where = f"{code_span(finding.column)}: " if finding.column is not None else ""
    text = where + plain(finding.message)
    if finding.undo is None or study.source is None:
        st.markdown(f"- {text}")
        return
    applied = finding.undo not in study.undo
    with st.container(horizontal=True, gap="small"):
        key = f"repair-{study.table}-{index}"
        wanted = st.toggle(f"Repair {index}", value=applied, key=key)
        st.markdown(text, width="stretch")
    if wanted != applied:
        undo = tuple(sorted(set(study.undo) ^ {finding.undo}))
        with st.spinner("Reading the file again…"):
            again = _read_again(study, table, undo)
        _save(study, again, undo=undo)


def _with_undone(study: Study, table: Table) -> list[Finding]:
    """The table's findings, and those of the repairs that were switched off."""
    if not (study.undo and study.source):
        return list(table.findings)
    first = _read(study.source, table.name, ()).findings
    kept = [f for f in first if f in table.findings or f.undo in study.undo]
    return kept + [f for f in table.findings if f not in kept]


def _read_again(study: Study, table: Table, undo: tuple[str, ...]) -> Table:
    """The file read with other repairs, every correction of a column kept."""
    from causal_core.tables.corrections import carried_over

    assert study.source is not None
    read = _read(study.source, table.name, study.undo)
    return carried_over(table, read, _read(study.source, table.name, undo))


@st.cache_resource(max_entries=8, show_spinner=False)
def _read(source: str, name: str, undo: tuple[str, ...]) -> Table:
    from causal_core.tables.readers import read_table

    return read_table(session.store().get_blob(source), name, undo=undo)


def _preview(table: Table) -> None:
    from causal_core.tables.encoding import decode

    st.dataframe(decode(table.codes[:_PREVIEW_ROWS], table.variables), hide_index=True)
    left = len(table) - _PREVIEW_ROWS
    if left > 0:
        st.caption(f"and {number(left, 0)} more")


with errors.shown():
    main()
