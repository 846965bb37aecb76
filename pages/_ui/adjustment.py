"""Under the canvas: which sets would do, and what else leads to the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from causal_core.graphs.graph import CausalGraph
from pages._ui import asked as questions
from pages._ui import session

if TYPE_CHECKING:
    from causal_core.identification.asked import Asked
    from causal_core.identification.instruments import Instrument
    from causal_core.identification.minimal import Listed
    from causal_core.identification.optimal import Optimal
    from causal_core.studies.store import Study

_CHOICE = "identify"
_LIMITS = {"forced": "Always held", "forbidden": "Never held"}


class Ways(NamedTuple):
    """All that a graph offers for one question."""

    sets: Listed
    best: Optimal
    fronts: Listed
    instruments: tuple[Instrument, ...]


def adjustment(study: Study, graph: CausalGraph, asked: Asked) -> None:
    """Draw it."""
    with st.container(border=True, key="adjustment"):
        free = [
            n for n in graph.observed if n not in (asked.treatment, asked.outcome, *asked.given)
        ]
        forced, forbidden = _chosen(study, asked, free)
        pair = (asked.treatment, asked.outcome)
        ways = _ways(graph.to_json(), *pair, asked.given, forced, forbidden)
        left, right = st.columns([1.7, 1], gap="medium")
        with left:
            _sets(study, asked, ways, bool(forced or forbidden))
        with right:
            _others(ways)


def _chosen(
    study: Study, asked: Asked, free: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The boxes: what is held now, what must be held and what must not."""
    places = st.columns([1.2, 1, 1])
    key = f"hold-{study.id}"
    st.session_state[key] = list(asked.adjusted)
    told = (study, asked, key)
    places[0].multiselect(
        "Held now", free, key=key, placeholder="nothing", on_change=_held, args=told
    )
    kept = study.choices.get(_CHOICE, {})
    limits = []
    for place, (part, label) in zip(places[1:], _LIMITS.items(), strict=True):
        key = f"hold-{part}-{study.id}"
        first = [name for name in kept.get(part, ()) if name in free]
        st.session_state[key] = first
        place.multiselect(
            label, free, key=key, placeholder="any", on_change=_limited, args=(study, part, key)
        )
        limits.append(tuple(first))
    return limits[0], limits[1]


def _held(study: Study, asked: Asked, key: str) -> None:
    hold(study, asked, st.session_state[key])


def hold(study: Study, asked: Asked, names: Sequence[str]) -> None:
    """Hold exactly `names` beside what the question gives."""
    questions.keep(study, replace(asked, adjusted=tuple(sorted(names))))


def _limited(study: Study, part: str, key: str) -> None:
    study = session.store().get(study.id)
    told = {**study.choices.get(_CHOICE, {}), part: list(st.session_state[key])}
    session.save(study, choices={**study.choices, _CHOICE: told})


@st.cache_resource(max_entries=64, show_spinner="Listing sets …")
def _ways(
    graph: str,
    treatment: str,
    outcome: str,
    given: tuple[str, ...],
    forced: tuple[str, ...],
    forbidden: tuple[str, ...],
) -> Ways:
    from causal_core.identification.frontdoors import frontdoor_sets
    from causal_core.identification.instruments import instruments
    from causal_core.identification.minimal import minimal_adjustment_sets
    from causal_core.identification.optimal import optimal

    drawn = CausalGraph.from_json(graph)
    pair = (treatment, outcome)
    return Ways(
        minimal_adjustment_sets(drawn, *pair, {*forced, *given}, forbidden),
        optimal(drawn, *pair),
        frontdoor_sets(drawn, *pair),
        instruments(drawn, *pair),
    )


def _sets(study: Study, asked: Asked, ways: Ways, limited: bool) -> None:
    from causal_core.views.adjustment_words import offers, sets_line

    st.markdown("**Hold one of these**")
    found = offers(ways.sets, None if limited else ways.best.names, asked.given)
    with st.container(horizontal=True, key="sets"):
        for place, offer in enumerate(found):
            now = set(offer.names) == set(asked.adjusted)
            st.button(
                offer.label,
                key=f"set-{place}",
                type="primary" if now else "secondary",
                icon=":material/star:" if offer.best else None,
                help="The most precise set: its estimate varies least." if offer.best else None,
                on_click=hold,
                args=(study, asked, offer.names),
            )
    st.caption(sets_line(ways.sets, " under these conditions" if limited else ""))
    if any(offer.best for offer in found):
        st.caption(":material/star: varies least, however strong the arrows are (Henckel et al.).")


def _others(ways: Ways) -> None:
    from causal_core.views.adjustment_words import front_door_lines, instrument_lines

    for title, lines, none in (
        ("Front doors", front_door_lines(ways.fronts), "No front door leads there."),
        ("Instruments", instrument_lines(ways.instruments), "The graph has no instrument."),
    ):
        st.markdown(f"**{title}**")
        if lines:
            st.markdown("\n".join(f"- {line}" for line in lines))
        else:
            st.caption(none)
    if ways.instruments:
        st.caption(
            "An instrument tells the effect only where its shape is assumed, such as a line."
        )
