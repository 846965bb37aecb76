"""Estimate: the effect read from the rows themselves, and what could be wrong with it."""

from __future__ import annotations

import streamlit as st

from pages._ui import (
    alike,
    errors,
    estimate_question,
    estimated,
    gap,
    guards,
    hidden_cause,
    licence,
    refuted,
    widgets,
)
from pages._ui.opinions import Asking


def main() -> None:
    """Draw the page."""
    study, table, graph = guards.need_graph()
    widgets.heading(
        "Estimate", study, "the effect from the rows themselves, and what could be wrong"
    )
    asked = estimate_question.question(study, table, graph)
    asking = Asking(table, graph, asked)
    with st.container(border=True):
        licence.strip(asking.licence)
        found = estimated.show(study, asking)
    if found is not None:
        alike.show(asking, found)
    hidden_cause.show(asking, found)
    if found is not None:
        refuted.show(study, asking)
    gap.show(study, asking)


with errors.shown():
    main()
