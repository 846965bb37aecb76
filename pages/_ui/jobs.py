"""A job on a page: its progress while it runs, redrawn by itself, and its end in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import streamlit as st

from causal_core.studies import cluster, jobs, pool
from causal_core.studies.jobs import Job, State
from causal_core.views.theme import plain
from pages._ui import errors, session

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_POLL_SECONDS = 0.8
_CLOSE = "You may close this tab; the work goes on. This page's address brings you back."


def submit(study_id: str, spec: dict[str, Any], kind: str = "fit") -> None:
    """Queue a job and draw the page anew; say why where it cannot be queued."""
    with errors.shown():
        jobs.submit(session.store(), study_id, kind, spec)
        pool.ensure_workers(session.store())
        st.rerun()


def watch(job_id: str, partly: Callable[[Job], None] | None = None) -> None:
    """The progress of an active job; draws the whole page anew when it has ended.

    `partly` draws what there is so far.
    """
    with st.container(border=True, key="job"):
        st.fragment(_progress, run_every=_POLL_SECONDS)(job_id, partly)


def _progress(job_id: str, partly: Callable[[Job], None] | None) -> None:
    with errors.shown():
        job = jobs.get(session.store(), job_id)
        if not job.state.active:
            st.rerun()
        _bar(job)
        if (
            job.kind == "fit"
            and job.models
            and st.button("Explore the first sketch", type="primary", key="sketch")
        ):
            session.go("pages/explore.py")
        if st.button("Cancel", key="cancel", icon=":material/stop_circle:", disabled=job.stopping):
            jobs.cancel(session.store(), job_id)
            st.rerun(scope="fragment")
        st.caption(_CLOSE)
        if job.progress.get("curve"):
            learning(job.progress["curve"], job.progress["stage"])
        if partly:
            partly(job)


def _bar(job: Job) -> None:
    st.progress(float(job.progress.get("fraction", 0.0)), text=doing(job))


def doing(job: Job) -> str:
    """What the job is doing now, how far it is, and how long it will still take."""
    from causal_core.views.learning_curve import stage_words

    if job.stopping:
        return "Stopping…"
    if job.state is State.QUEUED and cluster.silent():
        return "Waiting: the cluster does not answer; this begins by itself as soon as it does."
    if job.state is State.QUEUED:
        others = "1 other job comes" if job.ahead == 1 else f"{job.ahead} other jobs come"
        return f"Waiting: {others} first." if job.ahead else "Waiting for a worker…"
    words = [stage_words(str(job.progress.get("stage", "")))]
    words.append(f"{float(job.progress.get('fraction', 0.0)):.0%}")
    eta = job.progress.get("eta")
    return " · ".join(words + ([time_left(eta)] if eta is not None else []))


def time_left(seconds: float) -> str:
    """A duration as people say it, rounded up.

    >>> time_left(41.2), time_left(100)
    ('about 45 s left', 'about 2 min left')
    """
    if seconds < 60:
        return f"about {max(5, 5 * math.ceil(seconds / 5))} s left"
    return f"about {math.ceil(seconds / 60)} min left"


def learning(curve: Sequence[Sequence[Any]], stage: str) -> None:
    """The learning curves of one stage."""
    from causal_core.views.learning_curve import learning_curve

    st.html(learning_curve(curve, stage))


def ended(job: Job) -> None:
    """One sentence on a job that did not finish."""
    if job.state is State.INTERRUPTED:
        st.warning(
            "The process that was fitting has died. What it had learned is kept: go on from there.",
            icon=":material/heart_broken:",
        )
    elif job.state is State.CANCELLED:
        st.info(
            "The fit was cancelled. What it had learned is kept: go on, or start anew.",
            icon=":material/stop_circle:",
        )
    elif job.state is State.FAILED and job.error:
        st.error(plain(" ".join(job.error)), icon=":material/error:")
