"""Discover: the graph that the rows speak for, as a proposal to be judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from causal_core.studies import jobs
from causal_core.studies.jobs import State
from causal_core.views.theme import plain
from pages._ui import discovered, errors, guards, search_question, session, widgets
from pages._ui import jobs as panel

if TYPE_CHECKING:
    from causal_core.studies.jobs import Job
    from causal_core.studies.store import Study

_RESAMPLES, _SECONDS = 100, 10.0
_FIRST = (
    f"It takes about {_SECONDS + 5:.0f} seconds. The search supposes that no arrows form a circle "
    "and, unless the method allows for it, that nothing unmeasured causes two of these columns."
)
_WAIT = (
    "The best graph comes first. Then the search is repeated on resampled rows, which shows "
    "how sure each edge is; last, equations judge the best graphs on rows set aside."
)
_METHODS = {
    "auto": "Choose for me, and say why",
    "linear": "Lines, normal noise",
    "non-normal": "Lines, noise that is not normal (DirectLiNGAM)",
    "additive": "Curves",
    "discrete": "Levels: tables of counts",
    "mixed": "Numbers and levels together",
    "latents": "With possible unmeasured causes (FCI)",
    "pc": "Tests of independence (PC)",
}


def main() -> None:
    """Draw the page."""
    study, table = guards.need_table()
    widgets.heading("Discover", study, "what the rows say of the arrows: a proposal to judge")
    job = jobs.newest(session.store(), study.id, kind="discover")
    if job is not None and job.state.active:
        st.caption(_WAIT)
        panel.watch(job.id, discovered.partly)
        return
    asked = search_question.question(study, table, _METHODS, opened=job is None)
    spec = {"table": study.table, "resamples": _RESAMPLES, "seconds": _SECONDS, "seed": 0} | asked
    search_question.unusable(study, table, asked["columns"])
    _search(study, job, spec)
    if job is not None:
        _result(study, job)


def _search(study: Study, job: Job | None, spec: dict[str, Any]) -> None:
    """The button, and in a line what it will do."""
    able = len(spec["columns"]) > 1
    stale = job is not None and any(job.spec.get(key) != spec[key] for key in spec)
    label = "Search" if job is None else "Search again"
    kind = "primary" if job is None or stale else "secondary"
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(label, type=kind, key="search", icon=":material/search:", disabled=not able):  # type: ignore[arg-type]
            panel.submit(study.id, spec, "discover")
        if not able:
            st.caption("Choose two columns or more.")
        elif job is None:
            st.caption(_FIRST)
        elif stale:
            st.caption("What you ask or know has changed since the search below.")


def _result(study: Study, job: Job) -> None:
    if job.error:
        st.error(plain(" ".join(job.error)), icon=":material/error:")
    elif job.state is not State.DONE:
        st.info("The search was stopped. This is what it had found.", icon=":material/stop_circle:")
    discovered.show(study, job)


with errors.shown():
    main()
