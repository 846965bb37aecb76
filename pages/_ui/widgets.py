"""Small pieces that every page shares."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from causal_core.views.theme import plain
from pages._ui import session


def heading(title: str, study_name: str, sentence: str) -> None:
    """A page's head: its title, the study it is about, and what to do here."""
    st.title(title, anchor=False)
    st.caption(f"**{plain(study_name)}** · {sentence}")


def next_step(
    label: str,
    page: str,
    *,
    primary: bool = True,
    disabled: bool = False,
    first: Callable[[], object] | None = None,
) -> None:
    """The button that leads to the next page ("graph", "fit", …); `first` is done before."""
    if st.button(
        label,
        type="primary" if primary else "secondary",
        key=f"next-{page}",
        icon=":material/arrow_forward:",
        icon_position="right",
        disabled=disabled,
    ):
        if first is not None:
            first()
        session.go(f"pages/{page}.py")
