"""Fit: one structural equation per variable, learned in a worker while the page may close."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from causal_core.errors import StudyError
from causal_core.graphs.graph import CausalGraph
from causal_core.studies import jobs
from causal_core.studies.jobs import Job, State
from causal_core.views.theme import code_span
from pages._ui import answers, errors, guards, quality, session, widgets
from pages._ui import jobs as panel

if TYPE_CHECKING:
    from causal_core.studies.store import Study
    from causal_core.tables.table import Table

Spec = dict[str, str | int | None]


def main() -> None:
    """Draw the page."""
    study, table, graph = guards.need_graph()
    widgets.heading("Fit", study, "one equation per variable, learned from its causes")
    _plan(table, graph)
    job = _newest(study)
    if job is not None and job.state.active:
        panel.watch(job.id, partial(answers.expect, study))
        return
    finished = jobs.newest(session.store(), study.id, State.DONE)
    if _ready(table, graph):
        _offer(study, job, fresh=finished is not None and not session.stale(study))
    if finished is not None and finished.result:
        quality.show(finished)


def _newest(study: Study) -> Job | None:
    try:
        return jobs.get(session.store(), study.fit) if study.fit else None
    except StudyError:
        return None


def _plan(table: Table, graph: CausalGraph) -> None:
    """What will be fitted, from what, and what is left out."""
    left_out = [name for name in table.columns if name not in graph.observed]
    lines = [f"**{len(graph.observed)} equations** from **{len(table):,} rows**"]
    if left_out:
        lines.append(f"left out: {_names(left_out)}")
    if graph.latent:
        lines.append(f"unmeasured: {_names(sorted(graph.latent))}")
    gaps = [name for name in graph.observed if name in table.columns and table[name].isna().any()]
    if gaps:
        lines.append(f"with gaps, so that some rows teach less: {_names(gaps)}")
    st.markdown(" · ".join(lines))


def _ready(table: Table, graph: CausalGraph) -> bool:
    unknown = [name for name in graph.observed if name not in table.columns]
    if unknown:
        st.error(f"The graph names {_names(unknown)}, which the table does not have.")
        widgets.next_step("Correct the graph", "graph")
    return not unknown


def _offer(study: Study, job: Job | None, *, fresh: bool) -> None:
    """The way on from where the newest fit stands."""
    spec: Spec = {"table": study.table, "graph": study.graph, "seed": 0}
    if job is None:
        _start("Fit the equations", study, spec)
    elif job.state is State.DONE:
        if not fresh:
            st.warning("The table or the graph has changed since this fit.", icon=":material/sync:")
        with st.container(horizontal=True):
            if fresh:
                answers.expect(study, job)
                widgets.next_step("Explore", "explore")
            _start("Fit again", study, spec, primary=not fresh)
    else:
        panel.ended(job)
        with st.container(horizontal=True):
            goes_on = job.state is not State.FAILED and session.matches(study, job)
            if goes_on and st.button("Go on", type="primary", key="resume"):
                jobs.resume(session.store(), job.id)
                st.rerun()
            _start("Start anew", study, spec, primary=not goes_on)
        if fresh:
            widgets.next_step("Explore the fit before it", "explore")


def _start(label: str, study: Study, spec: Spec, *, primary: bool = True) -> None:
    kind = "primary" if primary else "secondary"
    if st.button(label, type=kind, key="fit", icon=":material/play_arrow:"):  # type: ignore[arg-type]
        panel.submit(study.id, spec)


def _names(names: list[str]) -> str:
    return ", ".join(code_span(name) for name in names)


with errors.shown():
    main()
