"""Versions of the graph: kept under a name, compared, and gone back to."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from causal_core.graphs.difference import difference
from causal_core.graphs.graph import CausalGraph
from causal_core.studies import versions
from pages._ui import session
from pages._ui.found_graph import found_graph
from pages._ui.graph_editor import put
from pages._ui.widgets import button, mistakes

if TYPE_CHECKING:
    from causal_core.studies.store import Study
    from causal_core.studies.versions import Version

_NOW = 0  # stands for the graph as it is drawn now, among the numbers of versions
_NAME, _CHOSEN = "version-name", "version-chosen"


def graph_history(study: Study, graph: CausalGraph) -> None:
    """The panel."""
    with st.expander("Versions", icon=":material/history:", key="versions"):
        _keep(study, graph)
        kept = {one.number: one for one in versions.listed(session.store(), study.id)}
        if kept:
            _versions(study, graph, kept)
        else:
            st.caption("A kept version can be compared with later ones, and gone back to.")
        mistakes()


def _keep(study: Study, graph: CausalGraph) -> None:
    def keep() -> None:
        kept = versions.keep(session.store(), study.id, st.session_state[_NAME], graph.to_json())
        st.session_state[_NAME], st.session_state[_CHOSEN] = "", kept.number

    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        st.text_input(
            "Name of this version",
            key=_NAME,
            max_chars=versions.LONGEST,
            placeholder="Before the meeting",
        )
    with right:
        button("Keep this version", "version-keep", keep, disabled=not graph.nodes)


def _versions(study: Study, graph: CausalGraph, kept: dict[int, Version]) -> None:
    """One of them, what differs, and what can be done with it."""
    left, right = st.columns(2)
    with left:
        chosen = kept[_choice("Version", list(kept), kept, _CHOSEN)]
    with right:
        others = [_NOW, *(number for number in kept if number != chosen.number)]
        other = _choice("Compared with", others, kept, "version-other")
    before = CausalGraph.from_json(chosen.graph)
    after = CausalGraph.from_json(kept[other].graph) if other else graph
    if st.toggle("Show the difference", key="version-difference"):
        _difference(before, after)
    _change(study, chosen, before)


def _choice(label: str, numbers: list[int], kept: dict[int, Version], key: str) -> int:
    def title(number: int) -> str:
        return kept[number].title if number in kept else "the graph as it is now"

    if st.session_state.get(key) not in numbers:  # it was deleted, or is on the other side now
        st.session_state[key] = numbers[0]
    return int(st.selectbox(label, numbers, format_func=title, key=key))


def _difference(before: CausalGraph, after: CausalGraph) -> None:
    from causal_core.views.graph_difference import payload, sentences

    found = difference(before, after)
    if not found:
        st.info("Both have the same nodes and edges.", icon=":material/check:")
        return
    st.markdown("  \n".join(sentences(found)))
    found_graph(payload(before, after), key="graph-difference")
    st.caption("“+” added · dotted with “−” removed · “⇄” turned · faint: in both")


def _change(study: Study, chosen: Version, graph: CausalGraph) -> None:
    store, number = session.store(), chosen.number
    st.caption(f"Kept on {chosen.created:%Y-%m-%d at %H:%M} UTC.")
    with st.container(horizontal=True):
        button("Go back to this version", "version-back", partial(put, study.id, graph))
        with st.popover("Rename", key="version-rename"):
            field = f"version-name-{number}"
            st.text_input("New name", chosen.name, key=field, max_chars=versions.LONGEST)

            def rename() -> None:
                versions.rename(store, study.id, number, st.session_state[field])
                st.session_state[_CHOSEN] = number  # else the box goes on showing the old name

            button("Use this name", "version-renamed", rename)
        with st.popover("Delete", key="version-delete"):
            st.write("A deleted version cannot be brought back.")
            delete = partial(versions.delete, store, study.id, number)
            button("Delete it", "version-deleted", delete)
