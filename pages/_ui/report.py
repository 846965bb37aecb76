"""The picture on Explore as one file to take away."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from causal_core.studies.merge import NOTES
from pages._ui import session

if TYPE_CHECKING:
    from causal_core.estimation.licence import Licence
    from causal_core.queries.questions import Sweep
    from causal_core.queries.sweep_answer import SweepAnswer
    from causal_core.scm.model import StructuralCausalModel
    from causal_core.studies.store import Study
    from causal_core.views.hero import Payload

_HERO = Path(__file__).parents[2] / "static" / "hero.js"


def report(
    study: Study,
    model: StructuralCausalModel,
    rows: int,
    question: Sweep,
    answer: SweepAnswer,
    drawn: Payload,
    position: float,
    licence: Licence,
) -> None:
    """A button that makes the file when it is pressed."""

    def made() -> str:
        from causal_core.views.assumptions import assumptions
        from causal_core.views.fit_quality import Quality
        from causal_core.views.report import Report, report_html
        from causal_core.views.script import script
        from causal_core.views.sentence import reference

        before = float(answer.positions[reference(answer)])
        values = (answer.cause.value(before), answer.cause.value(position))
        doubts = [("Doubt", told) for told in model.doubts({question.cause}, question.outcome)]
        told = Report(
            study.name,
            datetime.now(UTC),
            rows,
            drawn,
            position,
            model.graph,
            [(str(licence.kind).capitalize(), licence.sentence), *assumptions(answer), *doubts],
            [Quality.of(node.to_dict()).row() for node in model.report],
            script(model.variables, model.graph, question, values),
            "" if session.shared() else str(study.choices.get(NOTES, "")),
        )
        return report_html(told, _HERO.read_text("utf-8"))

    st.download_button(
        "Download as a report",
        made,
        "report.html",
        "text/html",
        key="report",
        icon=":material/description:",
        help="One HTML file that works without a network: this picture with its slider, the "
        "graph, what each number rests on, the equations, and a Python program that makes the "
        "numbers again.",
        on_click="ignore",
    )
