"""The one place where a column's name becomes a label."""

from __future__ import annotations

import re

import streamlit as st

from pages._ui import session

_TICKS = re.compile(r"`+")


def name_label(name: str) -> str:
    """A column's name for places that read Markdown: a code span, white space folded."""
    text = " ".join(name.split()) or "(no name)"
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if longest else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def heading(title: str, study_name: str, sentence: str) -> None:
    """A page's head: its title, the study it is about, and what to do here."""
    from pages._ui.errors import plain

    st.title(title, anchor=False)
    st.caption(f"**{plain(study_name)}** · {sentence}")


def next_step(label: str, page: str, *, disabled: bool = False) -> None:
    """The button that leads to the next page."""
    if st.button(
        label,
        type="primary",
        key=f"next-{page}",
        icon=":material/arrow_forward:",
        icon_position="right",
        disabled=disabled,
    ):
        session.go(page)
