"""Other graphs that the rows nearly speak for, judged on rows set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from causal_core.views.theme import number, percent, plain
from pages._ui import steering

if TYPE_CHECKING:
    from causal_core.discovery.discover import Discovered
    from causal_core.scm.held_out_score import HeldOut
    from causal_core.studies.jobs import Job
    from causal_core.studies.store import Study

_TIES = (
    "Score: nats over a graph without arrows, on the rows it was found with, less what arrows "
    "cost. Held out: log-likelihood, in nats a row, of rows that Rungs’ own equations on this "
    "graph did not learn from (the search had seen them). Graphs that differ only in how open "
    "edges point tie when relations are lines with normal noise: no row can tell those apart."
)


def alternatives(study: Study, job: Job, found: Discovered) -> None:
    """A line for each graph, and the way to look at it."""
    from causal_core.views.found_words import held_out_words

    if len(found.alternatives) < 2:
        return
    scores = _scores(job, len(found.alternatives))
    shown = steering.of_result(study, job)["graph"]
    label = f"{len(found.alternatives)} graphs compared: graph {shown + 1} is shown"
    with st.expander(label, icon=":material/compare:", expanded=shown > 0, key="alternatives"):
        if said := held_out_words(scores):
            st.markdown(said)
        elif wrong := (job.result or {}).get("unjudged"):
            st.caption(plain(f"Equations could not be compared on them. {wrong}"))
        st.dataframe(
            [_row(found, place, score) for place, score in enumerate(scores)], hide_index=True
        )
        places = range(len(found.alternatives))
        st.segmented_control(
            "Show graph",
            places,
            default=shown,
            format_func=lambda place: f"{place + 1}, best score" if not place else f"{place + 1}",
            key=f"show-{job.id}",
            on_change=_show,
            args=(study.id, job, f"show-{job.id}"),
            required=True,
        )
        st.caption(_TIES)


def _show(study_id: str, job: Job, key: str) -> None:
    steering.decide(study_id, job, graph=int(st.session_state[key]))


def _scores(job: Job, count: int) -> list[HeldOut | None]:
    from causal_core.scm.held_out_score import HeldOut

    told = (job.result or {}).get("held_out") or [None] * count
    return [None if one is None else HeldOut(**one) for one in told]


def _row(found: Discovered, place: int, score: HeldOut | None) -> dict[str, Any]:
    one = found.alternatives[place]
    best, mine = found.graph.edges, one.graph.edges
    return {
        "graph": str(place + 1),
        "edges": len(mine),
        "unlike graph 1 in": len(set(best) ^ set(mine)) if place else 0,
        "score": number(one.gain, 1),
        "resamples with it": "–" if one.share != one.share else percent(one.share, 0),
        "held out": "not in time" if score is None else number(score.mean, 3),
        "behind the best by": _behind(score),
    }


def _behind(score: HeldOut | None) -> str:
    if score is None:
        return "–"
    return f"{number(score.behind, 4)} ± {number(score.error, 4)}" if score.error else "best"
