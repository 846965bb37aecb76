"""Explore: seeing, doing and imagining on one picture."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from causal_core.identification.verdict import Status
from causal_core.views.theme import plain
from pages._ui import (
    answers,
    beside,
    conventions,
    details,
    errors,
    explore,
    guards,
    scenarios,
    sensitivity,
    session,
    sharing,
    stage,
    widgets,
)
from pages._ui.report import report

if TYPE_CHECKING:
    from causal_core.queries.questions import Sweep
    from causal_core.queries.sweep_answer import SweepAnswer
    from causal_core.studies.store import Study
    from causal_core.views.hero import Band, Payload


def main() -> None:
    """Draw the page."""
    study, job, table, model, _ = guards.need_fit(session.shared_study())
    widgets.heading("Explore", study, "drag the slider: see, do and imagine side by side")
    explore.stale_notice(study, job)
    with errors.shown():
        study = scenarios.opened(study, model, len(table))
        question = explore.question(study, table, model)
        with st.spinner("Running the equations …"):
            answered = partial(answers.answer, job)
            answer = answered(question)
        truth = explore.truth(study, question, answer)
        stage.line(job)
        if answer.status == Status.NOT_IDENTIFIED and sensitivity.offered(model, question.cause):
            sensitivity.span(model, job.models["model"], table, question)
        if question.orders:
            conventions.difference(answer, answered(replace(question, orders={})))
        for told in model.doubts({question.cause}, question.outcome):
            st.caption(f":material/warning: Imagining is doubtful. {plain(told)}")
        band = beside.band(table, model.graph, question)
        source = (job.id, job.models["model"], study.example, band is not None)
        drawn = _drawn(source, question, answer, truth, band)
        position = _picture(study, question, answer, drawn)
        with errors.shown():  # where nothing can be saved, all else is shown
            explore.remember(study, question, position)
        licence = beside.show(study, table, model.graph, question, answer, position)
        scenarios.panel(study, model, len(table), explore.looked(question, position), answered)
        sharing.panel(study)
        widgets.mistakes()
        details.show(study, table, question, answer, truth)
        report(study, model, len(table), question, answer, drawn, position, licence)


@st.cache_resource(max_entries=128, show_spinner=False)
def _drawn(
    source: tuple[object, ...],
    question: Sweep,
    _answer: SweepAnswer,
    _truth: np.ndarray | None,
    _band: Band | None,
) -> Payload:
    """The picture, which follows from `source` and `question` alone: a drag makes none."""
    from causal_core.views.hero import payload

    return payload(_answer, _truth, None if question.row is None else question.row + 1, _band)


def _picture(study: Study, question: Sweep, answer: SweepAnswer, drawn: Payload) -> float:
    from causal_core.views.sentence import start
    from pages._ui.hero import hero

    kept = explore.remembered(study)
    same = (kept.get("cause"), kept.get("outcome")) == (question.cause, question.outcome)
    position = kept.get("position") if same else None
    known = start(answer) if position is None else float(position)
    return hero(drawn, known, key=explore.hero_key(study))


main()
