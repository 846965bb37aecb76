"""Under the picture on Explore: the row asked about, what all rests on, the numbers, the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from causal_core.views.theme import plain
from pages._ui import explore

if TYPE_CHECKING:
    from causal_core.queries.questions import Sweep
    from causal_core.queries.sweep_answer import SweepAnswer
    from causal_core.studies.store import Study
    from causal_core.tables.table import Table


def show(
    study: Study, table: Table, question: Sweep, answer: SweepAnswer, truth: np.ndarray | None
) -> None:
    """Draw it, each part folded away; a table is sent only once it is opened."""
    known = explore.known_effect(study, question)
    if known:
        st.info(known, icon=":material/science:")
    if question.row is not None:
        label = f"Row {question.row + 1}, as it is"
        row = st.expander(label, icon=":material/person:", key="the-row", on_change="rerun")
        if row.open:
            row.dataframe(table.frame.iloc[[question.row]], hide_index=True)
    with st.expander("What this rests on", icon=":material/foundation:"):
        st.markdown(_assumptions(answer))
    numbers = st.expander(
        "The numbers", icon=":material/table_rows:", key="the-numbers", on_change="rerun"
    )
    if numbers.open:
        with numbers:
            _numbers(answer, truth)
    with st.expander("The graph, as this question cuts it", icon=":material/account_tree:"):
        explore.cut_graph(study, question)


def _numbers(answer: SweepAnswer, truth: np.ndarray | None) -> None:
    from causal_core.queries.numbers import numbers
    from causal_core.tables.export import to_csv

    frame = numbers(answer, truth)
    st.dataframe(frame, hide_index=True, height=280)
    st.download_button(
        "Download as CSV",
        lambda: to_csv(frame),
        "rungs.csv",
        "text/csv",
        on_click="ignore",  # a run of the page would take away what is being made
    )


def _assumptions(answer: SweepAnswer) -> str:
    from causal_core.views.assumptions import assumptions

    return "\n".join(f"- **{name}**: {plain(text)}" for name, text in assumptions(answer))
