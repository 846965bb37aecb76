"""What a search has found: the picture, what it rests on, and the way to use it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from causal_core.graphs.graph import CausalGraph
from causal_core.graphs.partial import extension
from causal_core.views.theme import plain
from pages._ui import session, steering
from pages._ui.alternatives import alternatives
from pages._ui.found_graph import found_graph, steered_graph

if TYPE_CHECKING:
    from causal_core.discovery.discover import Discovered
    from causal_core.discovery.judgement import Judged
    from causal_core.discovery.next_question import NextQuestion
    from causal_core.studies.jobs import Job
    from causal_core.studies.store import Study


def partly(job: Job) -> None:
    """The best graph so far, while the search goes on."""
    from causal_core.discovery.stored import from_json
    from causal_core.views.found_graph import payload

    told = job.progress.get("sketch", {}).get("found")
    if told:
        found = from_json(told)
        found_graph(payload(found))
        st.caption(f"{found.resamples} resamples so far.")


def show(study: Study, job: Job) -> None:
    """The result, or what a search that was stopped had found by then."""
    from causal_core.discovery.situation import Method
    from causal_core.discovery.stored import from_json
    from causal_core.views.found_graph import kept_graph

    told = job.result or job.progress.get("sketch", {})
    if not told:
        return
    found = from_json(told["found"])
    if job.spec["table"] != study.table:
        st.warning("The table has changed since this search.", icon=":material/sync:")
    if found.method is Method.LATENTS:
        from pages._ui import unmeasured

        unmeasured.show(study, job, found)
        _basis(found)
        _table(found)
        return
    left, right = st.columns([5, 2], gap="medium")
    with left:
        judged, least = steered_graph(study, job, found, _base(study, job, found))
    graph = kept_graph(found, judged, least)
    with right:
        _use(study, graph)
        _next(judged, graph)
        _basis(found)
        _legend(found)
    alternatives(study, job, found)
    _truth(study, found)
    _table(found)


def _base(study: Study, job: Job, found: Discovered) -> CausalGraph:
    """The graph that is looked at: the one found, or one of its alternatives."""
    place = steering.of_result(study, job)["graph"]
    return found.alternatives[place].graph if place < len(found.alternatives) else found.graph


def _use(study: Study, graph: CausalGraph) -> None:
    """Hand the graph to the Graph page, every edge directed."""
    from causal_core.views.found_graph import places

    still = sum(edge.kind == "--" for edge in graph.edges)
    if st.button(
        "Use this graph", type="primary", key="use-found", icon=":material/arrow_forward:"
    ):
        whole = extension(graph) if still else graph
        session.save(
            session.store().get(study.id), graph=replace(whole, positions=places(whole)).to_json()
        )
        session.go("pages/graph.py")
    if still:
        edges = "1 open edge is" if still == 1 else f"{still} open edges are"
        st.caption(
            f"{edges} then directed for you, in a way that makes no new collider: it fits the "
            "rows as well as any other, and what the equations say of it rests on that choice."
        )


def _next(judged: Judged, graph: CausalGraph) -> None:
    """The one thing to find out next that would direct most."""
    from causal_core.views.found_words import next_words

    pairs = sorted((e.source, e.target) for e in graph.edges if e.kind == "--")
    asked = _next_question(judged.whole.to_json(), tuple(pairs))
    if asked is not None:
        st.info(next_words(asked), icon=":material/lightbulb:")


@st.cache_data(max_entries=64, show_spinner=False)
def _next_question(graph: str, pairs: tuple[tuple[str, str], ...]) -> NextQuestion | None:
    from causal_core.discovery.next_question import next_question

    return next_question(CausalGraph.from_json(graph), [frozenset(pair) for pair in pairs])


def _basis(found: Discovered) -> None:
    """How it was found, and what that supposes."""
    st.markdown(f"{plain(found.reason)} *({found.rows:,} rows, method “{found.method}”.)*")
    for note in found.notes:
        st.warning(plain(note), icon=":material/info:")


def _legend(found: Discovered) -> None:
    from causal_core.discovery.discover import STRONG

    parts = [
        "**→** the rows or what you know direct it",
        "**—** open: the rows fit both ways",
        "**✓** you said so",
    ]
    if found.resamples:
        parts += [
            f"solid: at least {STRONG:.0%} of the resamples have it (strong); dashed: fewer "
            "(tentative); the fainter, the fewer",
            f"a figure: the share of resamples with an edge here (with “→”: with this direction), "
            f"where it is below {STRONG:.0%}",
            "dotted: not in this graph, but in some resamples",
        ]
    st.caption(
        " · ".join(parts) + ". It supposes that nothing unmeasured causes two of these columns."
    )


def _truth(study: Study, found: Discovered) -> None:
    """How far the graph is from the example's, beside the empty and a random one."""
    from causal_core.discovery.compare import hamming, wrong_effects
    from causal_core.tables.examples import EXAMPLES

    example = EXAMPLES.get(study.example or "")
    if example is None:
        return
    known = CausalGraph.parse(example.graph_text).project()
    if set(known.nodes) != set(found.graph.nodes):
        return
    wrong, effects = hamming(found.graph, known), wrong_effects(found.graph, known)
    adjusted = (
        f" Of {effects.pairs} effects of one column on another, adjusting by this graph gets "
        f"{effects.found} wrong (no edges: {effects.empty}, random: {effects.random:.0f})."
        if effects
        else ""
    )
    st.info(
        f"Against the example's own graph: {wrong.found} of {wrong.pairs} pairs differ. "
        f"A graph without edges differs in {wrong.empty}, a random one of as many edges in "
        f"{wrong.random:.0f} on average. Arrows count as open where no data could direct them."
        + adjusted,
        icon=":material/school:",
    )


def _table(found: Discovered) -> None:
    from causal_core.views.edge_menu import said

    if not found.resamples:
        return
    rows: list[dict[str, Any]] = [
        {
            "edge": said(one.edge),
            "in the graph": one in found.edges,
            "resamples with an edge": one.adjacent,
            "→": one.forward,
            "←": one.backward,
            "called": "strong" if one.strong else "tentative",
        }
        for one in (*found.edges, *found.others)
    ]
    with st.expander("Every edge in numbers", icon=":material/table_rows:"):
        share = st.column_config.NumberColumn(format="percent")
        st.dataframe(
            rows,
            hide_index=True,
            column_config={"resamples with an edge": share, "→": share, "←": share},
        )
