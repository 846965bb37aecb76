"""Small pieces that every page shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causal_core.errors import RungsError
from causal_core.views.theme import plain
from pages._ui import contested, errors, notes, session

if TYPE_CHECKING:
    from collections.abc import Callable

    from causal_core.studies.store import Study

_MISTAKE = "_mistake"  # what the button pressed last could not do


def heading(title: str, study: Study, sentence: str) -> None:
    """A page's head: its title, the study it is about, what to do, notes, what to settle."""
    st.title(title, anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"**{plain(study.name)}** · {sentence}", width="content")
        notes.notes(study)
    contested.panel()


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


def button(label: str, key: str, does: Callable[[], object], *, disabled: bool = False) -> None:
    """A button that `does` something; `mistakes` shows in the next run what went wrong."""

    def press() -> None:
        try:
            does()
        except RungsError as error:
            st.session_state[_MISTAKE] = error

    st.button(label, key=key, on_click=press, disabled=disabled)


def mistakes() -> None:
    """Why the button pressed last did not do what it says."""
    if error := st.session_state.pop(_MISTAKE, None):
        errors.show(error)
