"""The critic under the editor: what the rows say of the graph, after every change of it.

The cheap part is made anew when the table or what the graph claims has changed; shuffling
the names waits for its button, in a fragment of its own. What it marks on the drawing is
sent in a run of its own, so that the editor never waits for a test.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from causal_core.graphs.graph import CausalGraph
from causal_core.views.theme import code_span, plain
from pages._ui import errors

if TYPE_CHECKING:
    from causal_core.discovery.critic import Criticism
    from causal_core.discovery.falsify import Falsified
    from causal_core.graphs.graph import Edge
    from causal_core.tables.table import Table
    from causal_core.views.critic_marks import Mark

_ASKED = "critic-asked"  # the table and graph whose shuffles are wanted
_HELP = (
    "Each missing arrow says: these two are independent once some others are held fixed. "
    "The effect goes from 0 (none) to 1; p is how often rows of a true graph would look so, "
    "corrected for all arrows that could be drawn."
)


def marks_of(study_id: str) -> list[Mark]:
    """What was last found, as marks for the drawing."""
    found: list[Mark] = st.session_state.get(f"critic-marks-{study_id}", [])
    return found


def critic(study_id: str, table: Table, graph: CausalGraph) -> None:
    """Draw the panel; the page is run once more where the drawing's marks have changed."""
    with st.container(border=True, key="critic"), errors.shown():
        st.markdown("**What the rows say of this graph**", help=_HELP)
        columns = [name for name in graph.observed if name in table.columns]
        claims = replace(graph, positions={}, notes={}).to_json()
        found, warned = _criticised(table.digest, claims, table)
        _mark(study_id, found)
        _headline(found, len(columns))
        if len(columns) > 1:
            _claims(found)
            _weak(found)
            _open(found)
            _caveats(found.notes + warned)
            if found.claims:
                st.fragment(_shuffles)(table.digest, claims, table)


def _mark(study_id: str, found: Criticism) -> None:
    from causal_core.views.critic_marks import marks

    if (now := marks(found)) != marks_of(study_id):
        st.session_state[f"critic-marks-{study_id}"] = now
        st.rerun()


def _headline(found: Criticism, columns: int) -> None:
    from causal_core.views.critic_marks import MISSING
    from causal_core.views.critic_words import headline, mended

    sentence = plain(headline(found, columns))
    if not found.contradicted:
        st.markdown(sentence)
        return
    st.markdown(f":material/error: **{sentence}**")
    if len(found.contradicted) > MISSING:
        st.caption(f"The {MISSING} clearest are marked on the drawing; all are in the table below.")
    if found.mends:
        best = code_span(mended(found.mends[0]))
        several, wrong = len(found.mends[0].undone), len(found.contradicted)
        st.markdown(
            f"The change that explains the rows best: {best}; it undoes {several} of {wrong}. "
            "It could also be something unmeasured that acts on both."
        )


def _claims(found: Criticism) -> None:
    from causal_core.views.critic_words import claim_rows

    if not found.claims:
        return
    size = len(found.claims)
    label = f"All {size} independencies" if size > 1 else "The independence"
    with st.expander(label, expanded=bool(found.contradicted), icon=":material/table_rows:"):
        st.dataframe(claim_rows(found), hide_index=True)


def _weak(found: Criticism) -> None:
    from causal_core.views.critic_words import weak

    if found.weak:
        lines = [f"- {_drawn(arrow.edge)} {plain(weak(arrow))}" for arrow in found.weak]
        st.markdown("The rows do not speak for these arrows:\n\n" + "\n".join(lines))


def _open(found: Criticism) -> None:
    if found.open_arrows:
        st.caption(
            "Turned around, these arrows would fit any rows as well, so only what you know can "
            f"direct them: {', '.join(map(_drawn, found.open_arrows))}."
        )
    elif found.open_arrows is None:
        st.caption(
            "Where something unmeasured acts on two columns, which arrows the rows could turn is "
            "not worked out here."
        )


def _caveats(sentences: tuple[str, ...]) -> None:
    if sentences:
        label = f"What weakens these tests ({len(sentences)})"
        with st.expander(label, icon=":material/info:", key="critic-caveats"):
            st.markdown("\n".join(f"- {plain(sentence)}" for sentence in sentences))


def _shuffles(digest: str, claims: str, table: Table) -> None:
    """A button, and after it how the graph does beside graphs with its names shuffled."""
    from causal_core.views.critic_words import shuffled

    with errors.shown():
        if st.session_state.get(_ASKED) == (digest, claims):
            st.markdown(plain(shuffled(_falsified(digest, claims, table))))
            return
        st.button(
            "Compare with shuffled names",
            key="critic-shuffle",
            icon=":material/shuffle:",
            help="Does the graph fit better than the same graph with its names mixed up?",
            on_click=_ask,
            args=(digest, claims),
        )


def _ask(digest: str, claims: str) -> None:
    st.session_state[_ASKED] = (digest, claims)


def _drawn(edge: Edge) -> str:
    return f"{code_span(edge.source)} → {code_span(edge.target)}"


@st.cache_resource(max_entries=32, show_spinner=False)
def _criticised(digest: str, claims: str, _table: Table) -> tuple[Criticism, tuple[str, ...]]:
    from causal_core.discovery.caveats import caveats
    from causal_core.discovery.critic import criticise

    graph = CausalGraph.from_json(claims)
    return criticise(_table, graph), caveats(_table, graph)


@st.cache_resource(max_entries=32, show_spinner="Shuffling the names")
def _falsified(digest: str, claims: str, _table: Table) -> Falsified:
    from causal_core.discovery.falsify import falsify

    return falsify(_table, CausalGraph.from_json(claims))
