"""Graphs in and out: start again, paste or upload in any format, download in any format."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from causal_core.errors import GraphSyntaxError, LimitError, OrientationNeeded
from causal_core.graphs.formats import FORMATS, read_graph, sniff, write_graph
from causal_core.graphs.graph import CausalGraph
from causal_core.limits import limit
from causal_core.views.theme import plain
from pages._ui import errors
from pages._ui.graph_export import interactive_page

if TYPE_CHECKING:
    from causal_core.studies.store import Study
    from causal_core.tables.table import Table

    Replace = Callable[[Study, Callable[[], CausalGraph]], None]  # called when a button is pressed

ERROR = "graph-error"
_TEXT, _FILE, _FORMAT, _WAY = "graph-text", "graph-file", "graph-format", "graph-orientation"
_ASKED = "graph-asked"  # the study, and the matrix for it whose orientation is asked for
_TAKEN = "graph-taken"  # what the last text was read as
_AUTO = "auto"
_WAYS = {
    "row-to-column": "The row causes the column",
    "column-to-row": "The column causes the row",
}
_SUFFIXES = sorted({suffix for format_ in FORMATS.values() for suffix in format_.suffixes})


def panel(study: Study, graph: CausalGraph, table: Table, replace: Replace) -> None:
    """Draw all of it; `replace` stores the graph of a callable, or its error under ERROR."""
    _starts(study, table, replace)
    _bring(study, replace)
    _take(graph)
    interactive_page(graph)


def _starts(study: Study, table: Table, replace: Replace) -> None:
    from causal_core.tables.examples import EXAMPLES

    example = EXAMPLES.get(study.example or "")
    every = partial(CausalGraph, tuple(table.columns))
    with st.container(horizontal=True):
        if example:
            parse = partial(CausalGraph.parse, example.graph_text)
            _start("The example's graph", "start-example", study, replace, parse)
        _start("All columns, no arrows", "start-columns", study, replace, every)
        _start("An empty graph", "start-empty", study, replace, CausalGraph)


def _start(
    label: str, key: str, study: Study, replace: Replace, make: Callable[[], CausalGraph]
) -> None:
    st.button(label, key=key, on_click=_begin, args=(study, replace, make))


def _begin(study: Study, replace: Replace, make: Callable[[], CausalGraph]) -> None:
    st.session_state.pop(_ASKED, None)
    replace(study, make)


# ── in ───────────────────────────────────────────────────────────────────────────


def _bring(study: Study, replace: Replace) -> None:
    """Text or a file in; text with a mistake stays for correction."""
    st.text_area(
        "Dagitty text, or any other format of graphs",
        key=_TEXT,
        height=160,
        placeholder="dag { age -> dose  dose -> recovery }",
    )
    problem = st.container()  # under the text, though known only after the choices below
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox("Format", [_AUTO, *FORMATS], format_func=_called, key=_FORMAT)
        st.button("Use this text", key="graph-paste", on_click=_use_text, args=(study, replace))
    st.file_uploader(
        "Or a file with a graph",
        type=_SUFFIXES,
        key=_FILE,
        max_upload_size=max(1, limit("graph_text") // 2**20),
        on_change=_use_file,
        args=(study, replace),
    )
    with problem:
        _problem(study, replace)


def _called(key: str) -> str:
    return "Tell from the text" if key == _AUTO else FORMATS[key].label


def _problem(study: Study, replace: Replace) -> None:
    """What was wrong with the last text, or the question that a matrix leaves open."""
    error = st.session_state.pop(ERROR, None)
    taken = st.session_state.pop(_TAKEN, None)
    if st.session_state.get(_ASKED, ("", ""))[0] == study.id:
        st.radio(
            "What does a 1 in this matrix mean?",
            list(_WAYS),
            index=None,
            format_func=_WAYS.__getitem__,
            key=_WAY,
            on_change=_use_matrix,
            args=(study, replace),
            help="networkx, igraph and bnlearn let the row cause the column; lingam the column "
            "the row.",
        )
    elif error:
        errors.show(error)
        if taken:
            st.caption(f"It was read as {taken}. If it is something else, choose its format.")
    elif taken:
        st.caption(f"Read as {taken}.")


def _use_text(study: Study, replace: Replace) -> None:
    replace(study, partial(_read, study, st.session_state[_TEXT]))


def _use_file(study: Study, replace: Replace) -> None:
    if uploaded := st.session_state.get(_FILE):
        replace(study, lambda: _read(study, _decoded(uploaded.getvalue())))


def _use_matrix(study: Study, replace: Replace) -> None:
    text = st.session_state[_ASKED][1]
    replace(study, partial(_read, study, text, st.session_state[_WAY]))


def _read(study: Study, text: str, orientation: str | None = None) -> CausalGraph:
    """The graph of `text` in the format chosen; what the panel must say next is noted."""
    st.session_state.pop(_ASKED, None)
    key = st.session_state.get(_FORMAT, _AUTO)
    try:
        if key == _AUTO and len(text) <= limit("graph_text"):
            key = sniff(text)
        st.session_state[_TAKEN] = _called(key)
        return read_graph(text, key, orientation)
    except OrientationNeeded:
        st.session_state[_ASKED] = (study.id, text)
        raise


def _decoded(content: bytes) -> str:
    if len(content) > limit("graph_text"):
        raise LimitError(
            f"The file has {len(content):,} bytes; the limit is {limit('graph_text'):,}.",
            "A graph needs far fewer: leave out tables and drawings.",
        )
    try:
        return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise GraphSyntaxError("this is no UTF-8.", line, column, "Save it as UTF-8.") from None


# ── out ──────────────────────────────────────────────────────────────────────────


def _take(graph: CausalGraph) -> None:
    """A download in the format chosen, or why there is none."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = st.selectbox(
            "Download as", list(FORMATS), format_func=_called, key="graph-download-as"
        )
        chosen = FORMATS[key]
        refused, left = chosen.refusal(graph), chosen.left_out(graph)
        if not refused:
            st.download_button(
                f"Download as {chosen.label}",
                partial(write_graph, graph, key),  # made on demand: no file for every edit
                file_name=f"graph.{chosen.suffixes[0]}",
                mime=chosen.mime,
                key="graph-download",
                on_click="ignore",
            )
    if refused:
        st.caption(plain(str(refused)))
    elif left:
        st.caption(f"This format has no place for {' and '.join(left)}: they are left out.")
