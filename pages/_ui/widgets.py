"""Small pieces that every page shares."""

from __future__ import annotations

import streamlit as st

from causal_core.views.theme import plain
from pages._ui import session


def heading(title: str, study_name: str, sentence: str) -> None:
    """A page's head: its title, the study it is about, and what to do here."""
    st.title(title, anchor=False)
    st.caption(f"**{plain(study_name)}** · {sentence}")


def next_step(label: str, page: str, *, disabled: bool = False) -> None:
    """The button that leads to the next page ("graph", "fit", …)."""
    if st.button(
        label,
        type="primary",
        key=f"next-{page}",
        icon=":material/arrow_forward:",
        icon_position="right",
        disabled=disabled,
    ):
        session.go(f"pages/{page}.py")
