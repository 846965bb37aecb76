"""Trying to refute the estimate in one click: a job's progress, and its verdicts in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from causal_core.studies import jobs
from causal_core.studies.jobs import State
from causal_core.views.theme import plain
from pages._ui import jobs as panel
from pages._ui import session

if TYPE_CHECKING:
    from causal_core.estimation.refutation import Refutation
    from causal_core.studies.jobs import Job
    from causal_core.studies.store import Study
    from pages._ui.opinions import Asking

_QUIET = {"displayModeBar": False}
_NORMAL = 1.645  # standard errors on either side that hold 90 %
_WHY = (
    "A check repeats the estimate where its answer is known: with a made-up cause it must find "
    "nothing, with a made-up further column or fewer rows it must not change. Passing proves no "
    "graph right; failing shows that something is wrong."
)


def show(study: Study, asking: Asking) -> None:
    """The button, the work while it goes on, and what came of it."""
    st.subheader("Try to refute it", anchor=False)
    job = jobs.newest(session.store(), study.id, kind="refute")
    spec = _spec(study, asking)
    if job is None or any(job.spec.get(key) != spec[key] for key in spec):
        st.caption(_WHY)
        _start("Try to refute it", study, spec)
    elif job.state.active:
        panel.watch(job.id, _partly)
    elif job.state is State.DONE:
        _verdicts(_read(job), asking)
        st.caption(_WHY)
    else:
        st.info(_ended(job), icon=":material/stop_circle:")
        _start("Try again", study, spec)


def _spec(study: Study, asking: Asking) -> dict[str, Any]:
    asked = asking.asked
    question = {"treatment": asked.treatment, "outcome": asked.outcome, "level": asked.level}
    held = list(asked.adjusted) or None
    rest = {"values": list(asking.values), "adjusted": held, "seed": 0}
    return {"table": study.table, "graph": asking.claims, **question, **rest}


def _start(label: str, study: Study, spec: dict[str, Any]) -> None:
    if st.button(label, key="refute", icon=":material/gavel:"):
        panel.submit(study.id, spec, "refute")


def _read(job: Job) -> tuple[Refutation, ...]:
    from causal_core.estimation.stored import from_json

    told = job.result or job.progress.get("sketch", {})
    return from_json(told["refutations"]) if told else ()


def _partly(job: Job) -> None:
    """The checks done so far."""
    for one in _read(job):
        st.markdown(_line(one))


def _ended(job: Job) -> str:
    if job.error:
        return plain(" ".join(job.error))
    return "The checks were stopped before they were done."


def _verdicts(found: tuple[Refutation, ...], asking: Asking) -> None:
    failed = sum(not one.passed for one in found)
    if failed:
        st.warning(f"{failed} of {len(found)} checks failed.", icon=":material/gpp_bad:")
    else:
        st.success(f"All {len(found)} checks passed.", icon=":material/gpp_good:")
    left, right = st.columns([3, 2], gap="large", vertical_alignment="center")
    with left:
        for one in found:
            st.markdown(_line(one))
    with right:
        _picture(found, asking)


def _line(one: Refutation) -> str:
    icon = ":green[:material/check_circle:]" if one.passed else ":red[:material/cancel:]"
    return f"{icon} **{plain(one.name)}**: {plain(one.sentence)}"


def _picture(found: tuple[Refutation, ...], asking: Asking) -> None:
    from causal_core.views.amounts import scale, unit_words
    from causal_core.views.effects_plot import Shown, effects_plot

    outcome = asking.table.variable(asking.asked.outcome)
    unit = "probability" if outcome.kind.discrete else outcome.unit
    shown = [
        Shown(
            one.name,
            "check",
            one.value,
            one.value - _NORMAL * one.error,
            one.value + _NORMAL * one.error,
            one.reference,
        ).times(scale(unit))
        for one in found
    ]
    figure = effects_plot(shown, f"estimate ({unit_words(unit)})" if unit else "estimate")
    st.plotly_chart(
        figure, key="refutations", config=_QUIET, alt="Each check and where it must lie"
    )
    st.caption(
        "Dot: what the check found. Bar: how far chance moves it (90 %). Tick: where it should lie."
    )
