"""What works on a store and what it holds, as tables of numbers and of words of our own."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import streamlit as st

from causal_core.limits import MEBI
from causal_core.studies import logs, roster
from causal_core.studies.logs import Event

if TYPE_CHECKING:
    from causal_core.studies.store import Store

_FAILURES = 10


def work(store: Store, found: dict[str, Any]) -> None:
    """Jobs by state, the newest failures, and the workers."""
    st.subheader("Jobs and workers", anchor=False)
    table("jobs", [{"state": state, "jobs": n} for state, n in found["jobs"].items()])
    told = ("time", "kind", "cause", "seconds", "job")
    failed = logs.newest(store.folder, Event.JOB_FAILED, _FAILURES)
    table("failures", [{part: one.get(part) for part in told} for one in failed], "No job failed.")
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
    table("workers", workers, "No worker is entered: one starts with the next job.")


def kept(found: dict[str, Any]) -> None:
    """What is kept, in bytes and rows, and by which versions."""
    st.subheader("What is kept", anchor=False)
    bytes_ = found["folder_bytes"] | {
        "tables and models of all": found["studies_bytes"]["all"],
        "most of one person": found["studies_bytes"]["one_person"],
    }
    sizes = {part: f"{size / MEBI:,.2f} MiB" for part, size in bytes_.items()}
    table("sizes", [{"part": part, "size": size} for part, size in sizes.items()])
    table("rows", [{"table": table, "rows": rows} for table, rows in found["rows"].items()])
    database = " ".join(found["database"].values())
    versions = {**found["versions"], "database and its form": database}
    table("versions", [{"part": part, "version": number} for part, number in versions.items()])


def table(key: str, rows: list[dict[str, Any]], instead: str = "") -> None:
    """The rows under their columns' names; `instead` where there are none."""
    if rows:
        st.dataframe(rows, hide_index=True, key=key)
    else:
        st.caption(instead)
