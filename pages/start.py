"""Start: what Rungs is for, and one click to begin or to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causal_core.studies import room
from causal_core.views.theme import plain
from pages._ui import bring, errors, session, studies

if TYPE_CHECKING:
    from causal_core.tables.examples import Example

_ABREAST = 3
_HERO = """
<style>
.rungs { display: grid; gap: .75rem 1.5rem; margin: .25rem 0 .5rem;
  grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); }
.rungs div::before { content: ""; display: block; width: 100%; max-width: 9rem;
  margin-bottom: .45rem; border-top: .28rem solid; border-color: inherit; }
.rungs .seeing { border-color: #E69F00; }
.rungs .doing { border-color: #0072B2; }
.rungs .imagining { border-color: #CC79A7; }
.rungs .seeing::before { border-top-style: dotted; }
.rungs .imagining::before { border-top-style: dashed; }
.rungs b { font-size: 1.05rem; }
.rungs p { margin: .1rem 0 0; line-height: 1.4; }
</style>
<section class="rungs" aria-label="The three rungs">
<div class="seeing"><b>Seeing</b>
<p>How do those who <i>have</i> more of X differ? What the data shows as it is.</p></div>
<div class="doing"><b>Doing</b>
<p>What would change if everyone were <i>given</i> more of X? What a trial would show.</p></div>
<div class="imagining"><b>Imagining</b>
<p>What would have been for <i>this one row</i>, had its X been different?</p></div>
</section>
"""


def main() -> None:
    """Draw the page."""
    st.title("What would happen if?", anchor=False)
    st.markdown(
        "Bring a table, draw what causes what, and drag one slider to see three answers "
        "on one picture. Nothing leaves this machine."
    )
    st.html(_HERO)
    _beginnings()
    studies.recent()
    studies.removed()


def _beginnings() -> None:
    """Your own table first, then the shelf, in a grid that fills one screen."""
    from causal_core.tables.examples import EXAMPLES

    st.subheader("Bring a table or take an example", anchor=False)
    cells = [None, *EXAMPLES.values()]
    for row in range(0, len(cells), _ABREAST):
        places = st.columns(_ABREAST)
        for place, example in zip(places, cells[row : row + _ABREAST], strict=False):
            with place:
                if example is None:
                    bring.card()
                else:
                    _card(example)


def _card(example: Example) -> None:
    with st.container(border=True, height="stretch", key=f"card-{example.key}"):
        st.markdown(f"**{plain(example.title)}**  \n{plain(example.question)}")
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if st.button("Open", key=f"open-{example.key}"):
                with errors.shown():
                    _open_example(example)
            source = f"Source: {example.source} Licence: {example.licence}."
            st.caption(
                f"{example.rows:,} rows × {example.columns} columns",
                help=plain(source),
                width="content",
            )


def _open_example(example: Example) -> None:
    from causal_core.graphs.graph import CausalGraph

    (table,) = room.take_in(session.store(), example.table().to_bytes())
    study = session.new_study(
        example.title,
        example=example.key,
        table=table,
        graph=CausalGraph.parse(example.graph_text).to_json(),
    )
    session.open_study(study.id, "pages/graph.py")


with errors.shown():
    main()
