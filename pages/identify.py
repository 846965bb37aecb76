"""Identify: whether a question can be answered from these data, how, and from which formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causal_core.graphs.graph import CausalGraph
from pages._ui import errors, guards, widgets
from pages._ui.adjustment import adjustment
from pages._ui.identify_canvas import canvas, held_on_canvas
from pages._ui.question_box import question_box
from pages._ui.verdict import verdict

if TYPE_CHECKING:
    from causal_core.identification.identify import Identification


def main() -> None:
    """Draw the page."""
    study, table, graph = guards.need_graph()
    widgets.heading("Identify", study, "can the data answer this, how, and by which formula?")
    question_box(study, graph)
    asked, now = held_on_canvas(study, graph)
    found = _identified(graph.to_json(), asked.treatment, asked.outcome, asked.given)
    verdict(found)
    canvas(study, graph, asked, found, now, table)
    adjustment(study, graph, asked)
    with st.container(horizontal=True):
        widgets.next_step("Next: fit the equations", "fit")
        widgets.next_step("Estimate from the rows alone", "estimate", primary=False)


@st.cache_resource(max_entries=64, show_spinner="Looking for a formula …")
def _identified(graph: str, treatment: str, outcome: str, given: tuple[str, ...]) -> Identification:
    from causal_core.identification.identify import identify

    return identify(CausalGraph.from_json(graph), treatment, outcome, given)


with errors.shown():
    main()
