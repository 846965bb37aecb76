"""Admin: how this server is doing, by numbers and words of our own alone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import streamlit as st

from causal_core.limits import LIMITS
from causal_core.studies import logs, ownership, roster
from causal_core.studies.health import health
from causal_core.studies.logs import Event
from causal_core.studies.status import status
from pages._ui import doors, errors, session
from pages._ui.widgets import button, mistakes

if TYPE_CHECKING:
    from causal_core.studies.store import Store

_FAILURES = 10
_MEBI = 2**20


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
        _work(store, found)
    with right:
        _kept(found)
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
        "Data folder, MiB": f"{found['folder_bytes']['all'] / _MEBI:,.1f}",
    }
    with st.container(horizontal=True, key="numbers"):
        for label, value in shown.items():
            st.metric(label, value, border=True, width=150)


def _work(store: Store, found: dict[str, Any]) -> None:
    """Jobs by state, the newest failures, and the workers."""
    st.subheader("Jobs and workers", anchor=False)
    _table("jobs", [{"state": state, "jobs": n} for state, n in found["jobs"].items()])
    told = ("time", "kind", "cause", "seconds", "job")
    failed = logs.newest(store.folder, Event.JOB_FAILED, _FAILURES)
    _table("failures", [{part: one.get(part) for part in told} for one in failed], "No job failed.")
    workers = [
        {
            "worker": worker.id[:8],
            "host": worker.process.host,
            "process": worker.process.pid,
            "last sign, s ago": round(max(0.0, time.time() - worker.heartbeat), 1),
            "state": ("busy" if worker.job else "free") if worker.alive() else "lost",
        }
        for worker in roster.everyone(store)
    ]
    _table("workers", workers, "No worker is entered: one starts with the next job.")


def _kept(found: dict[str, Any]) -> None:
    """What is kept, in bytes and rows, and by which versions."""
    st.subheader("What is kept", anchor=False)
    sizes = {part: f"{size / _MEBI:,.2f} MiB" for part, size in found["folder_bytes"].items()}
    _table("sizes", [{"part": part, "size": size} for part, size in sizes.items()])
    _table("rows", [{"table": table, "rows": rows} for table, rows in found["rows"].items()])
    database = " ".join(found["database"].values())
    versions = {**found["versions"], "database and its form": database}
    _table("versions", [{"part": part, "version": number} for part, number in versions.items()])


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
    _table("limits", rows)


def _table(key: str, rows: list[dict[str, Any]], instead: str = "") -> None:
    if rows:
        st.dataframe(rows, hide_index=True, key=key)
    else:
        st.caption(instead)


with errors.shown():
    main()
