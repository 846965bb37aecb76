"""The studies of the store on a page: go on with one, rename, save, copy, remove, bring back."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from causal_core.limits import limit
from causal_core.studies import removal
from causal_core.studies.duplicate import duplicate
from causal_core.studies.numbered import LONGEST
from causal_core.views.theme import plain
from pages._ui import errors, session

if TYPE_CHECKING:
    from causal_core.studies.store import Store, Study

_RECENT, _LISTED = 6, 60


def recent() -> None:
    """The studies of the store, the one changed last first; what is folded away is not drawn."""
    studies = session.store().list(most=_RECENT)
    if not studies:
        return
    st.subheader("Go on with a study", anchor=False)
    with st.container(key="recent", gap="xsmall"):
        for study in studies:
            _entry(study)
        count = session.store().count()
        if count > _RECENT:
            older = st.expander(f"{count - _RECENT} older", key="older", on_change="rerun")
            if older.open:
                with older:
                    _older({study.id for study in studies}, count)


def _older(shown: set[str], count: int) -> None:
    """Those not `shown` yet: the newest of them, and all others by a part of their name."""
    named = ""
    if count > _LISTED:
        named = st.text_input("Find a study", key="find", placeholder="A part of its name")
    found = [s for s in session.store().list(named, most=_LISTED) if s.id not in shown]
    if not found:
        st.caption("No older study has this in its name.")
    for study in found:
        _entry(study)


def _entry(study: Study) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"study-{study.id}"):
        label = f"{plain(study.name)} · {_ago(study.updated)}"
        if st.button(label, key=f"go-{study.id}", type="tertiary", icon=":material/history:"):
            session.open_study(study.id, page_for(study))
        manage = st.popover("Manage", type="tertiary", key=f"manage-{study.id}", on_change="rerun")
        if manage.open:
            with manage:
                _manage(study)


def page_for(study: Study) -> str:
    """The page where this study was left: the first step not yet done."""
    if study.graph is None:
        return "pages/data.py"
    return "pages/explore.py" if study.fit else "pages/graph.py"


def _manage(study: Study) -> None:
    field, before = f"name-{study.id}", f"name-{study.id}-before"
    if field not in st.session_state or st.session_state.get(before) != study.name:
        # First shown, or renamed in another tab: what stands in this one is no new name.
        st.session_state[field] = study.name[:LONGEST].strip()
    st.session_state[before] = study.name
    st.text_input("Name", key=field, max_chars=LONGEST, on_change=_rename, args=(study.id, field))
    st.download_button(
        "Save as one file",
        partial(_bundled, session.store(), study.id),
        "study.zip",
        "application/zip",
        key=f"bundle-{study.id}",
        icon=":material/archive:",
        help="Table, graph, equations and what you looked at. It opens on any machine with Rungs; "
        "“python -m causal_core replay study.zip” prints its numbers there.",
    )
    if st.button("Duplicate", key=f"copy-{study.id}", icon=":material/content_copy:"):
        duplicate(session.store(), study.id)
        st.rerun()
    if st.button("Remove", key=f"remove-{study.id}", icon=":material/delete:"):
        removal.remove(session.store(), study.id)
        session.forget_if(study.id)
        st.rerun()


def _rename(study_id: str, field: str) -> None:
    with errors.shown():
        if name := st.session_state[field].strip():
            session.save(session.store().get(study_id), name=name)


def removed() -> None:
    """What was removed, each with the way back."""
    gone = removal.removed(session.store())
    if not gone:
        return
    panel = st.expander(
        f"{len(gone)} removed", icon=":material/delete:", key="removed", on_change="rerun"
    )
    if panel.open:
        with panel:
            st.caption(f"Kept for {limit('removed_days')} days, then gone for good.")
            for study in gone[:_LISTED]:
                _removed(study)


def _removed(study: Study) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(plain(study.name), width="content")
        if st.button("Bring back", key=f"back-{study.id}", icon=":material/undo:"):
            removal.bring_back(session.store(), study.id)
            st.rerun()
        with st.popover("Forget", type="tertiary"):
            st.caption("There is no way back then.")
            if st.button("Forget for good", key=f"forget-{study.id}"):
                removal.forget(session.store(), study.id)
                st.rerun()


def _bundled(store: Store, study_id: str) -> bytes:
    from causal_core.studies.bundle import bundle

    return bundle(store, study_id)


def _ago(moment: datetime) -> str:
    minutes = int((datetime.now(UTC) - moment).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 48 * 60:
        return f"{minutes // 60} h ago"
    return f"{moment:%d %B %Y}"
