"""Explore: seeing, doing and imagining on one picture."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from causal_core.identification.verdict import Status
from causal_core.views.theme import code_span, plain
from pages._ui import conventions, errors, explore, guards, sensitivity, session, stage, widgets

if TYPE_CHECKING:
    from causal_core.queries.questions import Sweep
    from causal_core.queries.sweep_answer import SweepAnswer
    from causal_core.studies.store import Study
    from causal_core.tables.table import Table


def main() -> None:
    """Draw the page."""
    study, table, model, _ = guards.need_fit()
    widgets.heading("Explore", study.name, "drag the slider: see, do and imagine side by side")
    explore.stale_notice(study)
    with errors.shown():
        question = explore.question(study, table, model)
        with st.spinner("Running the equations …"):
            job = session.shown(study)
            assert job is not None
            answer = _answer(job.models["model"], job.models["association"], job.id, question)
        truth = explore.truth(study, question, answer)
        stage.line(job)
        if answer.status == Status.NOT_IDENTIFIED and sensitivity.offered(model, question.cause):
            sensitivity.span(model, job.models["model"], table, question)
        if question.orders:
            free = replace(question, orders={})
            models = job.models["model"], job.models["association"]
            conventions.difference(answer, _answer(*models, job.id, free))
        for told in model.doubts({question.cause}, question.outcome):
            st.caption(f":material/warning: Imagining is doubtful. {plain(told)}")
        position = _picture(study, question, answer, truth)
        explore.remember(study, question, position)
        _details(study, table, question, answer, truth)


@st.cache_resource(max_entries=64, show_spinner=False)
def _answer(model: str, association: str, job_id: str, question: Sweep) -> SweepAnswer:
    """The answer of one fit's models (by digest), from the table that it learned from."""
    from causal_core.queries.sweep import sweep
    from causal_core.studies import jobs

    models = session.models_of(model, association)
    return sweep(*models, question, session.fitted_table(jobs.get(session.store(), job_id)))


def _picture(study: Study, question: Sweep, answer: SweepAnswer, truth: np.ndarray | None) -> float:
    from causal_core.views.hero import payload
    from causal_core.views.sentence import start
    from pages._ui.hero import hero

    drawn = payload(answer, truth, None if question.row is None else question.row + 1)
    kept = explore.remembered(study)
    same = (kept.get("cause"), kept.get("outcome")) == (question.cause, question.outcome)
    position = kept.get("position") if same else None
    known = start(answer) if position is None else float(position)
    return hero(drawn, known, key=f"hero-{study.id}")


def _details(
    study: Study, table: Table, question: Sweep, answer: SweepAnswer, truth: np.ndarray | None
) -> None:
    known = explore.known_effect(study, question)
    if known:
        st.info(known, icon=":material/science:")
    if question.row is not None:
        with st.expander(f"Row {question.row + 1}, as it is", icon=":material/person:"):
            st.dataframe(table.frame.iloc[[question.row]], hide_index=True)
    with st.expander("What this rests on", icon=":material/foundation:"):
        st.markdown(_assumptions(answer))
    with st.expander("The numbers", icon=":material/table_rows:"):
        _numbers(answer, truth)
    with st.expander("The graph, as this question cuts it", icon=":material/account_tree:"):
        explore.cut_graph(study, question)


def _numbers(answer: SweepAnswer, truth: np.ndarray | None) -> None:
    from causal_core.queries.numbers import numbers
    from causal_core.tables.export import to_csv

    frame = numbers(answer, truth)
    st.dataframe(frame, hide_index=True, height=280)
    st.download_button("Download as CSV", lambda: to_csv(frame), "rungs.csv", "text/csv")


def _assumptions(answer: SweepAnswer) -> str:
    cause, outcome = code_span(answer.cause.name), code_span(answer.outcome.name)
    lines: dict[str, Any] = {
        "Seeing": "read off the rows as they are by a net that knows no graph; it never says "
        f"what happens to {outcome} when {cause} is changed.",
        "Doing": f"{plain(answer.evidence)} No unmeasured cause beyond the graph's `<->` edges.",
        "Imagining": "assumes besides that every equation is monotone in its noise. Levels without "
        "an order have Gumbel noise, a convention. No data can test this.",
        "Intervals": "90 %, from refits to bootstrap samples of the rows; they do not cover a "
        "wrong graph.",
        "Support": "where hardly any row is near the slider, the picture turns grey: the model "
        "extrapolates there.",
    }
    return "\n".join(f"- **{name}**: {text}" for name, text in lines.items())


main()
