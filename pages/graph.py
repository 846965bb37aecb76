"""Graph: what causes what, drawn by hand, pasted, or taken from the example."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from causal_core.errors import RungsError
from causal_core.graphs.graph import CausalGraph
from causal_core.views.theme import code_span
from pages._ui import errors, guards, session, widgets
from pages._ui.graph_editor import graph_editor

if TYPE_CHECKING:
    from causal_core.studies.store import Study
    from causal_core.tables.table import Table

_TEXT, _TEXT_ERROR = "graph-text", "graph-text-error"


def main() -> None:
    """Draw the page."""
    study, table = guards.need_table()
    widgets.heading("Graph", study.name, "An arrow says: this one can change that one.")
    stored = session.graph(study) or CausalGraph()
    graph = graph_editor(study.id, stored, table.columns)
    if graph.to_json() != stored.to_json():
        study = session.save(study, graph=graph.to_json())
    with st.container():  # always there, so that what follows keeps its place and state
        _unknown(study, graph, table)
        _left_out(graph, table)
    left, right = st.columns([1, 1], vertical_alignment="top")
    with left:
        widgets.next_step("Next: fit the equations", "fit", disabled=not graph.observed)
    with right, st.expander("Start again, paste or download", icon=":material/code:"):
        _starts(study, table)
        _text(study, graph)


def _replace(study: Study, graph: CausalGraph) -> None:
    session.save(study, graph=graph.to_json())
    st.rerun()


def _unknown(study: Study, graph: CausalGraph, table: Table) -> None:
    """Measured nodes that the table does not hold stop the fit: offer both ways on."""
    unknown = [name for name in graph.observed if name not in table.columns]
    if not unknown:
        return
    one = len(unknown) == 1
    names = ", ".join(map(code_span, unknown))
    st.warning(
        f"The table has no column {names}. Mark {'it' if one else 'them'} as latent "
        f"(unmeasured), or remove {'it' if one else 'them'} from the graph.",
        icon=":material/help:",
    )
    with st.container(horizontal=True):
        if st.button("Mark as latent", key="unknown-latent"):
            _replace(study, replace(graph, latent=graph.latent | set(unknown)))
        if st.button("Remove from the graph", key="unknown-remove"):
            _replace(study, graph.subgraph(set(graph.nodes) - set(unknown)))


def _left_out(graph: CausalGraph, table: Table) -> None:
    """Which columns the equations will not use."""
    unused = [name for name in table.columns if name not in graph.nodes]
    hidden = [name for name in table.columns if name in graph.latent]
    if unused and graph.nodes:
        names = ", ".join(map(code_span, unused))
        st.caption(f"Left out of the equations: {names}.")
    if hidden:
        names = ", ".join(map(code_span, hidden))
        st.caption(f"In the table, but marked as latent, so its values are not used: {names}.")


def _starts(study: Study, table: Table) -> None:
    from causal_core.tables.examples import EXAMPLES

    example = EXAMPLES.get(study.example or "")
    with st.container(horizontal=True):
        if example and st.button("The example's graph", key="start-example"):
            _replace(study, CausalGraph.parse(example.graph_text))
        with errors.shown():
            if st.button("All columns, no arrows", key="start-columns"):
                _replace(study, CausalGraph(tuple(table.columns)))
            if st.button("An empty graph", key="start-empty"):
                _replace(study, CausalGraph())


def _text(study: Study, graph: CausalGraph) -> None:
    """Dagitty text in and out; text with a mistake stays for correction."""
    st.text_area(
        "Dagitty text", key=_TEXT, height=160, placeholder="dag { age -> dose  dose -> recovery }"
    )
    with st.container(horizontal=True):
        st.button("Use this text", key="graph-paste", on_click=_paste, args=(study,))
        st.download_button(
            "Download as dagitty",
            graph.to_dagitty,  # made on demand: a file for every edit would be gone too soon
            file_name="graph.dagitty",
            mime="text/plain",
            key="graph-download",
            on_click="ignore",
        )
    if error := st.session_state.pop(_TEXT_ERROR, None):
        errors.show(error)


def _paste(study: Study) -> None:
    try:
        graph = CausalGraph.parse(st.session_state[_TEXT])
        session.store().update(session.store().get(study.id), graph=graph.to_json())
    except RungsError as error:
        st.session_state[_TEXT_ERROR] = error


with errors.shown():
    main()
