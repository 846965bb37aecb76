"""Which stage of a fit the picture shows, redrawn by itself while the fit goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causal_core.studies import jobs
from pages._ui import errors, session

if TYPE_CHECKING:
    from causal_core.studies.jobs import Job

_POLL_SECONDS = 3.0  # nothing waits for it
_SKETCH = "First sketch, from equations that are solved at once"
_SHARPENED = "_sharpened"  # the fit whose sketch this tab has shown


def line(job: Job) -> None:
    """One quiet line on the stage; draws the page anew when a sketch's fit has finished."""
    if job.result:
        if st.session_state.get(_SHARPENED) == job.id:
            st.caption("Sharpened: this is the full fit, with every kind of equation tried.")
        return
    st.session_state[_SHARPENED] = job.id
    if job.state.active:
        st.fragment(_while_learning, run_every=_POLL_SECONDS)(job.id)
    else:
        st.caption(f"{_SKETCH}. Its fit did not finish: the Fit page says why and goes on.")


def _while_learning(job_id: str) -> None:
    with errors.shown():
        job = jobs.get(session.store(), job_id)
        if not job.state.active:
            st.rerun()
        if job.state is jobs.State.QUEUED:
            st.caption(f"{_SKETCH}; the neural ones wait until other fits have ended.")
            return
        done = float(job.progress.get("fraction", 0.0))
        st.caption(f"{_SKETCH}; the neural ones are still learning, {done:.0%}.")
