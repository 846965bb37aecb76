"""What a search that allows for unmeasured causes has found: its marks, and a way to use it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from causal_core.discovery.discover import STRONG, Discovered
from causal_core.graphs.ancestral import cautious, representative
from causal_core.graphs.graph import CausalGraph
from causal_core.views.found_graph import at_least, payload, places
from pages._ui import session
from pages._ui.found_graph import found_graph

if TYPE_CHECKING:
    from causal_core.studies.jobs import Job
    from causal_core.studies.store import Study

_ARROWS = "arrows"
_WAYS = {_ARROWS: "as arrows", "doubt": "as arrows beside an unmeasured cause"}


_AT_FIRST = 50  # per cent of the resamples that an edge needs to be shown


def show(study: Study, job: Job, found: Discovered) -> None:
    """The picture, what its marks mean, and the way to use it."""
    left, right = st.columns([5, 2], gap="medium")
    with left:
        kept = at_least(found, _threshold(job, found))
        found_graph(payload(kept))
    with right:
        _use(study, kept.graph)
        _legend(found)


def _threshold(job: Job, found: Discovered) -> float:
    if not found.resamples:
        return 0.0
    label = f"Edges in at least this share of {found.resamples} resampled tables"
    key = f"discover-least-{job.id}"
    return st.slider(label, 0, 100, _AT_FIRST, 5, format="%d %%", key=key) / 100


def _legend(found: Discovered) -> None:
    """What the marks mean, and how far to trust them."""
    parts = [
        "**x → y** x causes y",
        "**x ↔ y** something unmeasured causes both, neither causes the other",
        "**x o→ y** y does not cause x",
        "**o** the rows do not say",
    ]
    if found.resamples:
        parts.append(
            "a figure: the share of resamples with an edge here (with “→” or “↔”: with these "
            f"arrowheads), where it is below {STRONG:.0%}"
        )
    st.caption(" · ".join(parts) + ".")
    st.caption(
        "Read it with care: where two unmeasured causes acted, only about 70 % of the definite "
        "marks of such a search were right, in every library tried."
    )


def _use(study: Study, graph: CausalGraph) -> None:
    """Hand it to the Graph page as arrows and unmeasured causes."""
    open_ = sum(edge.kind in ("o->", "o-o") for edge in graph.edges)
    way = _ARROWS
    if open_:
        way = st.radio(
            f"Take the {open_} {'edge' if open_ == 1 else 'edges'} with open ends",
            list(_WAYS),
            format_func=_WAYS.__getitem__,
            key="discover-take",
            horizontal=True,
        )
    label = "Use this graph"
    if st.button(label, type="primary", key="use-found", icon=":material/arrow_forward:"):
        whole = representative(graph) if way == _ARROWS else cautious(graph)
        session.save(
            session.store().get(study.id), graph=replace(whole, positions=places(graph)).to_json()
        )
        session.go("pages/graph.py")
    if open_:
        st.caption(
            "“o→” becomes “→”, and “o–o” is directed so that the graph implies the same "
            "independencies. An unmeasured cause beside the arrow is the more careful reading: "
            "then fewer effects can be told from the rows alone."
        )
