"""Free notes in a study, kept as they are written; both texts stay when two tabs write."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from causal_core.studies.merge import NOTES
from pages._ui import errors, session

if TYPE_CHECKING:
    from causal_core.studies.store import Study

_LONGEST = 20_000  # characters: a few pages of writing


def notes(study: Study) -> None:
    """The small box behind a button; a reader of a shared study sees none."""
    if session.shared():
        return
    stored = str(study.choices.get(NOTES, ""))
    field, before = f"notes-{study.id}", f"notes-{study.id}-before"
    if st.session_state.get(before) != stored:  # first shown, or written in another tab
        st.session_state[field] = st.session_state[before] = stored
    elif field not in st.session_state:  # the box was on another page
        st.session_state[field] = stored
    label = "Notes ✓" if stored else "Notes"
    with st.popover(label, icon=":material/edit_note:", type="tertiary", key="notes"):
        st.text_area(
            "Notes on this study",
            key=field,
            height=220,
            max_chars=_LONGEST,
            placeholder="Why this arrow, whom to ask, what to look at next …",
            help="Kept as you leave the box, saved and copied with the study, and in its report.",
            on_change=_keep,
            args=(study.id, field, before),
        )


def _keep(study_id: str, field: str, before: str) -> None:
    """Write the text; `before` is what stood there when this tab read it."""
    with errors.shown():
        newest = session.store().get(study_id)
        base = replace(newest, choices={**newest.choices, NOTES: st.session_state[before]})
        text = st.session_state[field].replace("\x00", "")
        session.save_merged(base, choices={**base.choices, NOTES: text})
