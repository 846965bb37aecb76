"""What two tabs have changed at once: both are shown, and a person keeps one of each two."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from causal_core.errors import StudyError
from causal_core.graphs.graph import CausalGraph
from pages._ui import errors, session

if TYPE_CHECKING:
    from causal_core.studies.store import Study

# The study, what would be written, and the table whose columns that corrects (session.contest).
Change = tuple[str, dict[str, Any], str | None]


def panel() -> None:
    """Both versions side by side, until one is chosen; nothing where none is contested."""
    held = [one for one in _held() if one[0] == session.looked_at()]
    if not held:
        return
    try:
        theirs = session.store().get(held[0][0])
    except StudyError:
        _settle(*held)
        return
    mine = [(one, _fields(one, theirs)) for one in held]
    _settle(*(one for one, fields in mine if _is_so(theirs, fields)))
    left = [(one, fields) for one, fields in mine if one in _held()]
    if left:
        _choices(theirs, left)


def _choices(theirs: Study, mine: list[tuple[Change, dict[str, Any]]]) -> None:
    """Each contested change on its own, the oldest first."""
    with st.container(border=True, key="contested"):
        st.markdown(
            "**This was changed in another tab or by someone else at the same time.** "
            "Nothing is lost yet: see both, and choose."
        )
        for place, (one, fields) in enumerate(mine):
            number = f" ({place + 1} of {len(mine)})" if len(mine) > 1 else ""
            _choice(theirs, one, fields, place, number)


def _choice(theirs: Study, one: Change, fields: dict[str, Any], place: int, number: str) -> None:
    left, right = st.columns(2)
    ours = replace(theirs, **fields)
    with left:
        _side(f"Mine{number}", ours, theirs, fields)
        st.button("Keep mine", key=f"contested-mine-{place}", on_click=_keep, args=(one,))
    with right:
        _side(f"Theirs{number}", theirs, ours, fields)
        st.button("Take theirs", key=f"contested-theirs-{place}", on_click=_settle, args=(one,))


def _side(title: str, study: Study, other: Study, fields: dict[str, Any]) -> None:
    st.markdown(f"**{title}**")
    st.markdown("\n".join(f"- {line}" for line in _told(study, other, fields)))


def _told(study: Study, other: Study, fields: dict[str, Any]) -> list[str]:
    from causal_core.views import contested_words as words

    lines = []
    if "graph" in fields:
        graphs = (session.graph(one) or CausalGraph() for one in (study, other))
        lines += words.of_graph(*graphs)
    if "table" in fields:
        table, another = session.table(study), session.table(other)
        lines += words.of_table(table, another) if table and another else []
    if "name" in fields:
        lines += words.of_name(study.name)
    return lines


def _keep(one: Change) -> None:
    with errors.shown():  # then it is still to be settled
        newest = session.store().get(one[0])
        session.save(newest, **_fields(one, newest))
        _settle(one)


def _fields(one: Change, newest: Study) -> dict[str, Any]:
    """What the change would write on the newest study; other columns' corrections stay."""
    _, fields, corrected = one
    if corrected is None or newest.table is None:
        return fields
    return {**fields, "table": _carried(fields["table"], corrected, newest.table)}


@st.cache_resource(max_entries=16, show_spinner=False)
def _carried(chosen: str, corrected: str, newest: str) -> str:
    """The newest table with what `chosen` corrected; digests of all of them."""
    from causal_core.tables.corrections import carried_over

    wanted, read, again = map(session.table_of, (chosen, corrected, newest))
    carried = carried_over(wanted, read, again)
    return newest if carried == again else session.store().put_blob(carried.to_bytes())


def _is_so(study: Study, fields: dict[str, Any]) -> bool:
    """Whether the study says by now what these fields would make it say."""
    return all(getattr(study, name) == value for name, value in fields.items())


def _held() -> tuple[Change, ...]:
    held: tuple[Change, ...] = st.session_state.get(session.CONTESTED, ())
    return held


def _settle(*settled: Change) -> None:
    st.session_state[session.CONTESTED] = tuple(one for one in _held() if one not in settled)
