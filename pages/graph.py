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
from pages._ui import errors, graph_files, guards, widgets
from pages._ui.critic import critic, marks_of
from pages._ui.graph_editor import graph_editor, put
from pages._ui.graph_history import graph_history
from pages._ui.knowledge import known_of

if TYPE_CHECKING:
    from causal_core.studies.store import Study
    from causal_core.tables.table import Table


def main() -> None:
    """Draw the page."""
    study, table = guards.need_table()
    widgets.heading("Graph", study, "An arrow says: this one can change that one.")
    tiers = known_of(study).tiers
    study, graph = graph_editor(study, table.columns, marks_of(study.id), tiers)
    with st.container():  # always there, so that what follows keeps its place and state
        _unknown(study, graph, table)
        _hidden(graph, table)
    critic(study.id, table, graph)
    left, right = st.columns([1, 1], vertical_alignment="top")
    with left, st.container(horizontal=True):
        widgets.next_step("Next: fit the equations", "fit", disabled=not graph.observed)
        widgets.next_step("First ask what it can answer", "identify", primary=False)
    with right, st.expander("Start again, paste or download", icon=":material/code:", key="more"):
        graph_files.panel(study, graph, table, _replace)
    graph_history(study, graph)


def _replace(study: Study, make: Callable[[], CausalGraph]) -> None:
    """When a button is pressed: the graph of `make` instead; a mistake is shown in the run."""
    try:
        put(study.id, make())
    except RungsError as error:
        st.session_state[graph_files.ERROR] = error


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


with errors.shown():
    main()
