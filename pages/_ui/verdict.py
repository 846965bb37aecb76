"""The answer to “can this be answered?”: in large words, with its licence and its formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causal_core.views.theme import plain

if TYPE_CHECKING:
    from causal_core.identification.identify import Identification


def verdict(found: Identification) -> None:
    """Draw it."""
    from causal_core.views.verdict_words import verdict_words

    told = verdict_words(found)
    good = found.identifiable
    with st.container(border=True, key="verdict"):
        left, right = st.columns([1, 1.25], vertical_alignment="center", gap="medium")
        with left:
            icon = ":material/check_circle:" if good else ":material/block:"
            st.badge(told.kind, icon=icon, color="green" if good else "red")
            st.subheader(told.headline, anchor=False)
            st.markdown(f"{told.why} This holds if the graph is right.")
        with right:
            if good:
                _formula(found)
            else:
                _worlds(found)


def _formula(found: Identification) -> None:
    from causal_core.views.verdict_words import formula_words, spans

    told = formula_words(found)
    with st.container(key="estimand"):
        st.latex(told.shown)
    if told.stands:
        st.caption(f"**Z** stands for {spans(told.stands)}.")
    else:
        st.caption(f"In words: {plain(told.words)}.")
    with st.popover("Copy", icon=":material/content_copy:"):
        st.caption("As LaTeX")
        st.code(told.latex, language="latex", wrap_lines=True)
        st.caption("In words")
        st.code(told.words, language=None, wrap_lines=True)


def _worlds(found: Identification) -> None:
    from causal_core.errors import GraphError
    from causal_core.views.worlds import worlds

    try:
        told = worlds(found)
    except GraphError as error:
        st.caption(plain(str(error)))
        return
    bar = st.column_config.ProgressColumn(min_value=0, max_value=1, format="percent", width="small")
    st.markdown(f"**{plain(told.title)}** in two worlds that this graph allows")
    st.dataframe(
        told.frame, hide_index=True, column_config={"World A": bar, "World B": bar}, key="worlds"
    )
    st.caption(
        "Seen: the share in rows that have it, the same in both. Set: once everyone is given it."
    )
