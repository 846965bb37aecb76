"""Admin: how this server is doing, by numbers and words of our own alone."""

from __future__ import annotations

from typing import Any

import streamlit as st

from causal_core.limits import LIMITS, MEBI
from causal_core.studies import ownership
from causal_core.studies.health import health
from causal_core.studies.status import status
from pages._ui import doors, errors, operations, session
from pages._ui.widgets import button, mistakes


def main() -> None:
    """Draw the page, for whom it is meant."""
    st.title("Admin", anchor=False)
    if not doors.admin():  # it is not in their navigation: they have typed its address
        st.info("This page is for those who run the server.", icon=":material/lock:")
        return
    st.caption("How this server is doing. No study's name and no cell is on this page.")
    store = session.store().seen_by(None)
    found = status(store)
    _health()
    _numbers(found)
    left, right = st.columns(2)
    with left:
        operations.work(store, found)
    with right:
        operations.kept(found)
        _nobodys()
    _limits()
    mistakes()


def _health() -> None:
    """Whether a person who came now could work, and what hinders it."""
    now = health(session.store().folder)
    if now.ready:
        st.success(
            "Ready: the database, the blobs and the workers answer.", icon=":material/check:"
        )
        return
    silent = [part for part, answers in now.to_dict().items() if not answers and part != "ready"]
    st.error(f"Not ready. What does not answer: {', '.join(silent)}.", icon=":material/error:")


def _numbers(found: dict[str, Any]) -> None:
    shown = {
        "Studies": found["studies"]["open"],
        "Removed": found["studies"]["removed"],
        "Jobs waiting": found["jobs"]["queued"],
        "Jobs running": found["jobs"]["running"],
        "Workers alive": found["workers"]["alive"],
        "Tables, models, MiB": f"{found['studies_bytes']['all'] / MEBI:,.1f}",
        "Data folder, MiB": f"{found['folder_bytes']['all'] / MEBI:,.1f}",
    }
    with st.container(horizontal=True, key="numbers"):
        for label, value in shown.items():
            st.metric(label, value, border=True, width=150)


def _nobodys() -> None:
    """Studies from before anyone signed in, which nobody sees until someone takes them."""
    store = session.store()
    if store.owner is None or not (number := ownership.unowned(store)):
        return
    st.caption(f"Studies that belong to nobody, and that nobody sees: {number}.")
    button("Make them mine", "claim", lambda: ownership.claim(store))


def _limits() -> None:
    st.subheader("Limits in force", anchor=False)
    rows = []
    for row in LIMITS.values():
        with errors.shown():
            name = f"RUNGS_{row.name.upper()}"
            rows.append({"limit": name, "value": row.value(), "unit": row.unit, "for": row.help})
    operations.table("limits", rows)


with errors.shown():
    main()
