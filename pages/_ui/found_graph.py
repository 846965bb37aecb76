"""Mounting the picture of a graph that was found, to be looked at or to be directed."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages._ui import steering
from pages._ui.exchange import exchanged
from pages._ui.served import DRAWING, LOADER, served

if TYPE_CHECKING:
    from causal_core.discovery.discover import Discovered
    from causal_core.discovery.judgement import Judged
    from causal_core.graphs.graph import CausalGraph
    from causal_core.studies.jobs import Job
    from causal_core.studies.store import Study

_FILES = ("found_graph.js", "found_graph.css", "found_menu.js", *DRAWING)
_COMPONENT = st.components.v2.component("rungs_found_graph", js=LOADER)


def found_graph(payload: dict[str, Any], key: str = "found-graph") -> None:
    """Draw it."""
    _COMPONENT(key=key, data={"src": served(*_FILES), **payload})


def steered_graph(
    study: Study, job: Job, found: Discovered, base: CausalGraph
) -> tuple[Judged, float]:
    """Draw `base` to be directed; it as judged, and the share of resamples that edges need."""
    from causal_core.discovery.judgement import judge, read_verdicts
    from causal_core.views.found_graph import steered

    decided = steering.of_result(study, job)
    place = str(decided["graph"])
    ours = json.dumps([decided["verdicts"].get(place, []), decided["least"]])
    key = f"found-{job.id}-{place}"
    now = exchanged(key, ours, partial(_read, base))
    verdicts, least = json.loads(now.value)
    if now.value != ours:
        kept = decided["verdicts"] | {place: verdicts}
        steering.decide(study.id, job, verdicts=kept, least=least)
    judged = judge(base, read_verdicts(verdicts))
    _COMPONENT(
        key=key,
        data={
            "src": served(*_FILES),
            "revision": now.revision,
            "refused": now.refused,
            "verdicts": verdicts,
            "least": least if found.resamples else None,
            "resamples": found.resamples,
            **steered(found, judged, base),
        },
        on_commit_change=_nothing,
    )
    return judged, least / 100 if found.resamples else 0.0


def _read(base: CausalGraph, sent: Any) -> str:
    """What the browser sent as text to store, once the graph has judged it."""
    from causal_core.discovery.judgement import judge, read_verdicts
    from causal_core.errors import QuestionError

    if not isinstance(sent, dict) or not isinstance(sent.get("least"), int | float):
        raise QuestionError("This is no decision on a graph.", "Reload the page.")
    judged = judge(base, read_verdicts(sent.get("verdicts")))
    verdicts = [[v.source, v.target, v.say.value] for v in judged.verdicts.values()]
    return json.dumps([verdicts, min(100, max(0, round(sent["least"])))])


def _nothing() -> None:
    """A callback must exist for a value to be kept."""
