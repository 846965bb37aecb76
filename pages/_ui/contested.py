"""What two tabs have changed at once: both are shown, and a person keeps one of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from causal_core.errors import StudyError
from causal_core.graphs.graph import CausalGraph
from pages._ui import session

if TYPE_CHECKING:
    from causal_core.studies.store import Study


def panel() -> None:
    """Both versions side by side, until one is chosen; nothing where none is contested."""
    study_id, mine = st.session_state.get(session.CONTESTED, (None, {}))
    if study_id is None or session.looked_at() != study_id:
        return
    try:
        theirs = session.store().get(study_id)
    except StudyError:
        del st.session_state[session.CONTESTED]
        return
    with st.container(border=True, key="contested"):
        st.markdown(
            "**This was changed in another tab or by someone else at the same time.** "
            "Nothing is lost yet: see both, and choose."
        )
        left, right = st.columns(2)
        ours = replace(theirs, **mine)
        with left:
            _side("Mine", ours, theirs, mine)
            st.button("Keep mine", key="contested-mine", on_click=_keep, args=(study_id, mine))
        with right:
            _side("Theirs", theirs, ours, mine)
            st.button("Take theirs", key="contested-theirs", on_click=_settled)


def _side(title: str, study: Study, other: Study, fields: dict[str, Any]) -> None:
    st.markdown(f"**{title}**")
    st.markdown("\n".join(f"- {line}" for line in _told(study, other, fields)))


def _told(study: Study, other: Study, fields: dict[str, Any]) -> list[str]:
    from causal_core.views import contested_words as words

    lines = []
    if "graph" in fields:
        graphs = (session.graph(one) or CausalGraph() for one in (study, other))
        lines += words.of_graph(*graphs)
    if "table" in fields:
        table, another = session.table(study), session.table(other)
        lines += words.of_table(table, another) if table and another else []
    if "name" in fields:
        lines += words.of_name(study.name)
    return lines


def _keep(study_id: str, mine: dict[str, Any]) -> None:
    session.save(session.store().get(study_id), **mine)
    _settled()


def _settled() -> None:
    st.session_state.pop(session.CONTESTED, None)
