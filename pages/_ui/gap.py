"""The gap explained: what is seen less what is caused, way by way, on the graph."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from causal_core.errors import RungsError
from causal_core.views.theme import plain
from pages._ui import later, session, widgets
from pages._ui.served import DRAWING, LOADER, served

if TYPE_CHECKING:
    from causal_core.queries.gap import Gap
    from causal_core.studies.jobs import Job
    from causal_core.studies.store import Study
    from pages._ui.opinions import Asking

_FILES = ("gap.js", "gap.css", *DRAWING)
_COMPONENT = st.components.v2.component("rungs_gap", js=LOADER)


def show(study: Study, asking: Asking) -> None:
    """Draw it, where the equations tell the effect and are fitted on this table and graph."""
    st.subheader("Why seeing differs from doing", anchor=False)
    if not (asking.licence.identified and asking.licence.followed):
        st.caption(
            "The equations do not tell this effect from the rows, so what lies between seeing and "
            "doing cannot be split into ways."
        )
        return
    job = session.shown(study)
    if job is None or not session.matches(study, job):
        st.caption("This needs equations fitted on this table and graph.")
        widgets.next_step("Fit the equations", "fit")
        return
    work = later.later(asking.key(f"gap {job.models['model']}"), partial(_gap, job, asking))
    if not later.ready(work):
        return
    try:
        found = work.result()
    except RungsError as error:
        st.caption(plain(str(error)))
        return
    st.markdown(plain(found.sentence))
    _mount(_payload(asking, found))


def _gap(job: Job, asking: Asking) -> Gap:
    from causal_core.queries.gap import gap

    models = session.models_of(job.models["model"], job.models["association"])
    asked = asking.asked
    pair = asked.treatment, asked.outcome
    return gap(*models, asking.table, *pair, asking.values, asked.level)


def _payload(asking: Asking, found: Gap) -> dict[str, Any]:
    from causal_core.views.gap import payload

    return payload(found, asking.graph, asking.asked.treatment, asking.asked.outcome)


def _mount(payload: dict[str, Any]) -> None:
    _COMPONENT(key="gap", data={"src": served(*_FILES), **payload})
