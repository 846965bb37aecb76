"""The graph editor: our own SVG widget, and the rule by which its graph and ours stay one.

Python owns the graph and a revision, a token that changes whenever the graph changes by
anything but the editor. The browser owns undo and the drag; it sends the whole graph with
the revision it started from, and takes ours only when the revision is new. So a late
commit never overwrites a paste, and a rerun never disturbs a drag.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import streamlit as st

from causal_core.errors import RungsError
from causal_core.graphs.graph import CausalGraph
from causal_core.views.layout import Tiers, layered, placed, ringed, tidy
from pages._ui import errors, session
from pages._ui.served import LOADER, served

if TYPE_CHECKING:
    from causal_core.studies.store import Study
    from causal_core.views.critic_marks import Mark

_STATIC = Path(__file__).parents[2] / "static"
_PARTS = sorted(path.name for path in _STATIC.glob("graph_*.js"))
_FILES = ("graph_editor.js", "graph_editor.css", *_PARTS)
_COMPONENT = st.components.v2.component("rungs_graph_editor", js=LOADER)


def graph_editor(
    study: Study,
    columns: Sequence[str],
    marks: Sequence[Mark] = (),
    tiers: Tiers | None = None,
) -> tuple[Study, CausalGraph]:
    """Draw the editor; the study with its graph as the person has left it, stored.

    `marks` are drawn on the graph with their words; `tiers` are a further way to tidy.
    """
    key = f"graph-editor-{study.id}"
    with writing(study.id):
        study = session.store().get(study.id)
        stored = session.graph(study) or CausalGraph()
        _contest(key, study.id, stored)
        graph = _edited(key, stored, tiers)
        revision = _revision(key, graph)
        if graph.to_json() != stored.to_json():
            study = session.save(study, graph=graph.to_json())
    _COMPONENT(
        key=key,
        data={
            "src": served(*_FILES),
            "height": "34rem",
            "revision": revision,
            "graph": json.loads(placed(graph).to_json()),
            "columns": list(columns),
            "marks": list(marks),
            "tiers": bool(tiers),
        },
        on_commit_change=_nothing,
        on_tidy_change=_nothing,
    )
    return study, graph


def writing(study_id: str) -> Lock:
    """Held from reading the graph to storing its successor.

    A new event starts a run while the run of the last event may still be storing; one
    must wait for the other, or the older graph could be stored last.
    """
    lock: Lock = st.session_state.setdefault(f"graph-writing-{study_id}", Lock())
    return lock


def put(study_id: str, graph: CausalGraph) -> None:
    """Store `graph` instead of what is drawn; the editor takes it over, and can undo that.

    The old revision is forgotten, for the graph may be one that the browser began with.
    """
    with writing(study_id):
        session.save(session.store().get(study_id), graph=graph.to_json())
        st.session_state.pop(_known(f"graph-editor-{study_id}"), None)


def _edited(key: str, graph: CausalGraph, tiers: Tiers | None = None) -> CausalGraph:
    """`graph`, or what the browser has sent instead of it since this revision."""
    sent = st.session_state.get(key) or {}
    revision, commit = _revision(key, graph), sent.get("commit")
    if isinstance(commit, dict) and commit.get("revision") == revision:
        try:
            edited = CausalGraph.from_json(json.dumps(commit.get("graph")))
        except RungsError as error:
            errors.show(error)
            st.session_state.pop(_known(key))  # a new revision gives the browser our graph back
        else:
            # Both, for the run may be interrupted before what was sent is stored.
            st.session_state[_known(key)] = (revision, edited.to_json(), graph.to_json())
            graph = edited
    return _tidied(graph, sent.get("tidy"), revision, tiers)


def _contest(key: str, study_id: str, stored: CausalGraph) -> None:
    """Ask which to keep when the browser drew on a graph that was changed elsewhere meanwhile."""
    known = st.session_state.get(_known(key))
    commit = (st.session_state.get(key) or {}).get("commit")
    if known is None or stored.to_json() in known[1:] or not isinstance(commit, dict):
        return
    with suppress(RungsError):  # a graph that is none is no loss
        drawn = CausalGraph.from_json(json.dumps(commit.get("graph"))).to_json()
        if commit.get("revision") == known[0] and drawn not in (*known[1:], stored.to_json()):
            del st.session_state[_known(key)]  # so that the browser takes over what is stored
            session.contest(study_id, {"graph": drawn})


def _tidied(graph: CausalGraph, asked: Any, revision: str, tiers: Tiers | None) -> CausalGraph:
    """`graph`, laid out anew if the browser has asked for that of this revision."""
    if not isinstance(asked, dict) or asked.get("revision") != revision:
        return graph
    way = {"layers": layered, "ring": ringed}.get(str(asked.get("way")))
    return way(graph) if way else tidy(graph, tiers)


def _revision(key: str, graph: CausalGraph) -> str:
    """The token of this graph: a new one if the editor neither sent nor started from it."""
    known = st.session_state.get(_known(key))
    if known is None or graph.to_json() not in known[1:]:
        known = (secrets.token_hex(6), graph.to_json())
        st.session_state[_known(key)] = known
    return str(known[0])


def _known(key: str) -> str:
    return f"{key}-known"


def _nothing() -> None:
    """A callback must exist for a value to be kept."""
