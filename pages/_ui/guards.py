"""What a page needs before it can draw: a guard returns it, or says what to do and stops."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, NoReturn

import streamlit as st

from causal_core.graphs.graph import CausalGraph
from causal_core.studies.store import Study
from pages._ui import session

if TYPE_CHECKING:
    from causal_core.association.model import AssociationModel
    from causal_core.scm.model import StructuralCausalModel
    from causal_core.studies.jobs import Job
    from causal_core.tables.table import Table


class Fitted(NamedTuple):
    """A study with the fit to look at, the table that it learned from, and what it learned."""

    study: Study
    job: Job
    table: Table
    model: StructuralCausalModel
    association: AssociationModel


def need_study() -> Study:
    """The study in the address, or an empty state."""
    study = session.current_study()
    if study is None:
        _instead("No study is open yet", "Start with an example or your table.", "start", "Start")
    return study


def need_table(study: Study | None = None) -> tuple[Study, Table]:
    """The study and its table, or an empty state."""
    study = study or need_study()
    table = session.table(study)
    if table is None:
        _instead("This study has no table yet", "Upload one on the first page.", "start", "Start")
    return study, table


def need_graph(study: Study | None = None) -> tuple[Study, Table, CausalGraph]:
    """The study, its table and its graph, or an empty state."""
    study, table = need_table(study)
    graph = session.graph(study)
    if graph is None or not graph.nodes:
        _instead(
            "There is no graph yet",
            "Draw which column causes which: the equations follow its arrows.",
            "graph",
            "Draw the graph",
        )
    return study, table, graph


def need_fit(study: Study | None = None) -> Fitted:
    """The study and its fit, or an empty state."""
    study, _, _ = need_graph(study)
    job = session.shown(study)
    if job is None:
        _instead(
            "The equations are not fitted yet",
            "Fit them once, and every slider moves.",
            "fit",
            "Fit the equations",
        )
    models = session.models_of(job.models["model"], job.models["association"])
    return Fitted(study, job, session.fitted_table(job), *models)


def _instead(title: str, text: str, page: str, label: str) -> NoReturn:
    """An empty state with one way on; the rest of the page is not run."""
    with st.container(border=True, horizontal_alignment="center"):
        st.markdown(f"#### {title}")
        st.write(text)
        if st.button(label, type="primary", key=f"instead-{page}"):
            session.go(f"pages/{page}.py")
    st.stop()
