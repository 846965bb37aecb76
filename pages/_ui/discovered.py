"""What a search has found: the picture, what it rests on, and the way to use it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from causal_core.discovery.compare import hamming, wrong_effects
from causal_core.discovery.discover import STRONG, Discovered
from causal_core.discovery.stored import from_json
from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.graphs.partial import extension, oriented
from causal_core.views.found_graph import kept_graph, payload, places, said
from causal_core.views.theme import code_span, plain
from pages._ui import session
from pages._ui.found_graph import found_graph

if TYPE_CHECKING:
    from causal_core.studies.jobs import Job
    from causal_core.studies.store import Study

_AT_FIRST = 50  # per cent of the resamples that an edge needs to be shown
_OPEN = "open"


def partly(job: Job) -> None:
    """The best graph so far, while the search goes on."""
    told = job.progress.get("sketch", {}).get("found")
    if told:
        found = from_json(told)
        found_graph(payload(found, found.graph, 0.0))
        st.caption(f"{found.resamples} resamples so far.")


def show(study: Study, job: Job) -> None:
    """The result."""
    found = from_json((job.result or {})["found"])
    if job.spec["table"] != study.table:
        st.warning("The table has changed since this search.", icon=":material/sync:")
    _basis(found)
    least = _threshold(job, found)
    graph = kept_graph(found, _directed(job, found), least)
    found_graph(payload(found, graph, least))
    _legend(found)
    _use(study, graph)
    _open_edges(job, found, graph)
    _truth(study, found)
    _table(found)


def _basis(found: Discovered) -> None:
    """How it was found, and what that supposes."""
    st.markdown(f"{plain(found.reason)} *({found.rows:,} rows, method “{found.method}”.)*")
    for note in found.notes:
        st.warning(plain(note), icon=":material/info:")


def _threshold(job: Job, found: Discovered) -> float:
    if not found.resamples:
        return 0.0
    asked = st.slider(
        f"Show edges that at least this share of {found.resamples} resampled tables has",
        0,
        100,
        _AT_FIRST,
        5,
        format="%d %%",
        key=f"discover-least-{job.id}",
    )
    return asked / 100


def _legend(found: Discovered) -> None:
    parts = ["**→** the rows or what you know direct it", "**—** open: the rows fit both ways"]
    if found.resamples:
        parts += [
            f"a figure: the share of resamples with an edge here (with “→”: with this direction), "
            f"where it is below {STRONG:.0%}",
            "dotted: not in the best graph, but in some resamples",
        ]
    st.caption(
        " · ".join(parts) + ". It supposes that nothing unmeasured causes two of these columns."
    )


def _chosen(job: Job) -> dict[str, list[str]]:
    """The open edges that the person has directed: as found → [cause, effect]."""
    kept: dict[str, list[str]] = st.session_state.setdefault(f"discover-directed-{job.id}", {})
    return kept


def _directed(job: Job, found: Discovered) -> CausalGraph:
    """The graph found, with the person's arrows and what follows from them."""
    graph = found.graph
    for source, target in _chosen(job).values():
        if any(e.kind == "--" and {e.source, e.target} == {source, target} for e in graph.edges):
            graph = oriented(graph, [(source, target)])
    return graph


def _open_edges(job: Job, found: Discovered, graph: CausalGraph) -> None:
    """A choice for each open edge; what follows from it is directed too (Meek's rules)."""
    chosen = _chosen(job)
    still = [edge for edge in graph.edges if edge.kind == "--"]
    asked = [e for e in found.graph.edges if said(e) in chosen]
    if not still and not asked:
        return
    word = "edge is" if len(still) == 1 else "edges are"
    label = f"{len(still)} {word} open: direct them" if still else "All edges are directed"
    with st.expander(label, icon=":material/alt_route:", expanded=False, key=f"open-{job.id}"):
        st.caption("Choose what you know; the arrows that follow are drawn by themselves.")
        for edge in [*asked, *(e for e in still if e not in asked)]:
            _choice(edge, chosen)


def _choice(edge: Edge, chosen: dict[str, list[str]]) -> None:
    one, other = code_span(edge.source), code_span(edge.target)
    ways = {
        f"{one} → {other}": [edge.source, edge.target],
        _OPEN: None,
        f"{other} → {one}": [edge.target, edge.source],
    }
    now = chosen.get(said(edge))
    default = next(label for label, way in ways.items() if way == now)

    def store() -> None:
        way = ways[st.session_state[key] or _OPEN]
        if way is None:
            chosen.pop(said(edge), None)
        else:
            chosen[said(edge)] = way

    key = f"direct-{said(edge)}"
    st.segmented_control(
        f"{one} — {other}",
        list(ways),
        default=default,
        key=key,
        on_change=store,
        label_visibility="collapsed",
    )


def _use(study: Study, graph: CausalGraph) -> None:
    """Hand the graph to the Graph page, every edge directed."""
    still = sum(edge.kind == "--" for edge in graph.edges)
    label = "Use this graph"
    if still:
        label += f", {still} open {'edge' if still == 1 else 'edges'} directed for me"
    if st.button(label, type="primary", key="use-found", icon=":material/arrow_forward:"):
        whole = extension(graph) if still else graph
        session.save(
            session.store().get(study.id), graph=replace(whole, positions=places(whole)).to_json()
        )
        session.go("pages/graph.py")
    if still:
        st.caption(
            "Any direction of an open edge that makes no new collider fits the rows as well: "
            "what the equations then say of it rests on that choice."
        )


def _truth(study: Study, found: Discovered) -> None:
    """How far the graph is from the example's, beside the empty and a random one."""
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
