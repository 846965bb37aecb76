"""Mounting the graph that a question is asked of, and what is held on it by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from causal_core.errors import QuestionError
from causal_core.graphs.graph import CausalGraph
from pages._ui import asked as questions
from pages._ui import session
from pages._ui.exchange import Exchanged, exchanged, forget
from pages._ui.graph_editor import writing
from pages._ui.served import DRAWING, LOADER, served

if TYPE_CHECKING:
    from causal_core.identification.asked import Asked
    from causal_core.identification.identify import Identification
    from causal_core.studies.store import Study
    from causal_core.tables.table import Table

_STATIC = Path(__file__).parents[2] / "static"
_PARTS = sorted(path.name for path in _STATIC.glob("identify_*.js"))
_FILES = ("identify.js", "identify.css", *_PARTS, *DRAWING)
_COMPONENT = st.components.v2.component("rungs_identify", js=LOADER)


def held_on_canvas(study: Study, graph: CausalGraph) -> tuple[Asked, Exchanged]:
    """The question with what was last held or let go on the canvas, kept with the study."""
    key, last = _key(study), f"{_key(study)}-last"
    with writing(study.id):
        asked = questions.question(session.store().get(study.id), graph)
        fixed = [asked.treatment, asked.outcome, list(asked.given)]
        ours = json.dumps([*fixed, sorted(asked.adjusted)])
        if st.session_state.get(last, ours) != ours:  # by a box or a button
            forget(key)
        now = exchanged(key, ours, partial(_read, graph, asked))
        asked = replace(asked, adjusted=tuple(json.loads(now.value)[-1]))
        if now.value != ours:
            questions.keep(study, asked)
        st.session_state[last] = now.value
    return asked, now


def canvas(
    study: Study,
    graph: CausalGraph,
    asked: Asked,
    found: Identification,
    now: Exchanged,
    table: Table,
) -> None:
    """Draw it."""
    from causal_core.identification.judgement import judge
    from causal_core.views.asked_graph import asked_graph, drawn, unheld
    from causal_core.views.hedge_words import hedge_payload
    from causal_core.views.judged import judged

    shown = asked_graph(graph, asked)
    whole = shown.project()
    fixed = json.dumps([asked.treatment, asked.outcome, asked.given, asked.values, asked.level])
    steps = _steps(graph.to_json(), table.digest, fixed, found, asked, table)
    _COMPONENT(
        key=_key(study),
        data={
            "src": served(*_FILES),
            "height": "34rem",
            "revision": now.revision,
            "refused": now.refused,
            "question": json.dumps([asked.treatment, asked.outcome, list(asked.given)]),
            "mode": "steps" if found.identifiable else "hedge",
            "columns": list(table.columns),
            "graph": drawn(shown),
            "projected": drawn(whole),
            "fixed": unheld(graph, asked),
            "given": list(asked.given),
            "adjusted": sorted(asked.adjusted),
            "paths": judged(judge(graph, asked.treatment, asked.outcome, asked.held)),
            "steps": steps or None,
            "hedge": hedge_payload(found.hedge, whole) if found.hedge else None,
        },
        on_commit_change=_nothing,
    )


@st.cache_resource(max_entries=64, show_spinner="Following the derivation …")
def _steps(
    graph: str, digest: str, fixed: str, _found: Identification, _asked: Asked, _table: Table
) -> list[dict[str, Any]]:
    """The derivation for a graph, a table and a question, which the first three name."""
    from causal_core.views.derivation import step_payloads
    from causal_core.views.term_words import term_words

    terms = dict.fromkeys(term for step in _found.steps for term in step.terms)
    whole = CausalGraph.from_json(graph).project()
    return step_payloads(_found, whole, term_words(_table, tuple(terms), _asked))


def _key(study: Study) -> str:
    return f"identify-{study.id}"


def _read(graph: CausalGraph, asked: Asked, sent: Any) -> str:
    """What the browser says is held, as text to store, once the graph has it."""
    free = set(graph.observed) - {asked.treatment, asked.outcome, *asked.given}
    if not isinstance(sent, list) or not all(isinstance(name, str) for name in sent):
        raise QuestionError("This is no choice of variables.", "Reload the page.")
    if gone := sorted(set(sent) - free):
        raise QuestionError(f"“{gone[0]}” cannot be adjusted for.", "Choose another node.")
    return json.dumps([asked.treatment, asked.outcome, list(asked.given), sorted(set(sent))])


def _nothing() -> None:
    """A callback must exist for a value to be kept."""
