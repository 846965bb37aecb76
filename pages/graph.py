"""Graph: what causes what, drawn by hand, pasted, or taken from the example."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from causal_core.errors import RungsError
from causal_core.graphs.graph import CausalGraph
from causal_core.views.theme import code_span
from pages._ui import errors, guards, session, widgets
from pages._ui.critic import critic
from pages._ui.graph_editor import graph_editor, writing

if TYPE_CHECKING:
    from causal_core.studies.store import Study
    from causal_core.tables.table import Table

_TEXT, _ERROR = "graph-text", "graph-error"


def main() -> None:
    """Draw the page."""
    study, table = guards.need_table()
    widgets.heading("Graph", study.name, "An arrow says: this one can change that one.")
    study, graph = graph_editor(study, table.columns)
    with st.container():  # always there, so that what follows keeps its place and state
        _unknown(study, graph, table)
        _hidden(graph, table)
    left, right = st.columns([1, 1], vertical_alignment="top")
    with left:
        widgets.next_step("Next: fit the equations", "fit", disabled=not graph.observed)
    with right, st.expander("Start again, paste or download", icon=":material/code:", key="more"):
        _starts(study, table)
        _text(study, graph)
    critic(table, graph)


def _replace(study: Study, make: Callable[[], CausalGraph]) -> None:
    """When a button is pressed: the graph of `make` instead; a mistake is shown in the run."""
    try:
        graph = make()
        with writing(study.id):
            session.save(session.store().get(study.id), graph=graph.to_json())
    except RungsError as error:
        st.session_state[_ERROR] = error


def _button(label: str, key: str, study: Study, make: Callable[[], CausalGraph]) -> None:
    st.button(label, key=key, on_click=_replace, args=(study, make))


def _unknown(study: Study, graph: CausalGraph, table: Table) -> None:
    """Measured nodes that the table does not hold stop the fit: offer both ways on."""
    unknown = [name for name in graph.observed if name not in table.columns]
    if not unknown:
        return
    them = "it" if len(unknown) == 1 else "them"
    st.warning(
        f"The table has no column {', '.join(map(code_span, unknown))}. "
        f"Mark {them} as latent (unmeasured), or remove {them} from the graph.",
        icon=":material/help:",
    )
    with st.container(horizontal=True):
        hide = partial(replace, graph, latent=graph.latent | set(unknown))
        _button("Mark as latent", "unknown-latent", study, hide)
        drop = partial(graph.subgraph, set(graph.nodes) - set(unknown))
        _button("Remove from the graph", "unknown-remove", study, drop)


def _hidden(graph: CausalGraph, table: Table) -> None:
    """Columns whose values the equations will not see although the graph names them."""
    hidden = [name for name in table.columns if name in graph.latent]
    if hidden:
        names = ", ".join(map(code_span, hidden))
        st.caption(f"Marked as latent, so the values in the table are not used: {names}.")


def _starts(study: Study, table: Table) -> None:
    from causal_core.tables.examples import EXAMPLES

    example = EXAMPLES.get(study.example or "")
    with st.container(horizontal=True):
        if example:
            parse = partial(CausalGraph.parse, example.graph_text)
            _button("The example's graph", "start-example", study, parse)
        every = partial(CausalGraph, tuple(table.columns))
        _button("All columns, no arrows", "start-columns", study, every)
        _button("An empty graph", "start-empty", study, CausalGraph)


def _text(study: Study, graph: CausalGraph) -> None:
    """Dagitty text in and out; text with a mistake stays for correction."""
    st.text_area(
        "Dagitty text", key=_TEXT, height=160, placeholder="dag { age -> dose  dose -> recovery }"
    )
    with st.container(horizontal=True):
        _button("Use this text", "graph-paste", study, _parsed)
        st.download_button(
            "Download as dagitty",
            graph.to_dagitty,  # made on demand: a file for every edit would be gone too soon
            file_name="graph.dagitty",
            mime="text/plain",
            key="graph-download",
            on_click="ignore",
        )
    if error := st.session_state.pop(_ERROR, None):
        errors.show(error)


def _parsed() -> CausalGraph:
    return CausalGraph.parse(st.session_state[_TEXT])


with errors.shown():
    main()
