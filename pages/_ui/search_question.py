"""What to search: which columns, by which method, and what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from causal_core.views.theme import code_span, plain
from pages._ui import steering
from pages._ui.conditions import conditions
from pages._ui.knowledge import knowledge

T = TypeVar("T")

if TYPE_CHECKING:
    from causal_core.studies.store import Study
    from causal_core.tables.table import Table

_MOST = 20  # columns chosen at first
_TURN = "discover-columns-turn"  # grows when columns are chosen by anything but their box


def question(
    study: Study, table: Table, methods: Mapping[str, str], *, opened: bool
) -> dict[str, Any]:
    """{"columns", "method", "tiers", "required", "forbidden"}, and what `conditions` asks."""
    label = "What to search, and what is known already"
    with st.expander(label, icon=":material/tune:", expanded=opened):
        left, right = st.columns([3, 2])
        with left:
            columns = _columns(study, table.columns)
        with right:
            method = _method(study, methods)
            taken = conditions(table, columns)
        st.markdown(
            "**What is known** (optional): drag columns into the order of time, and draw "
            "arrows that must be there or cannot be."
        )
        known = knowledge(study, columns, table.columns).within(columns)
    steering.remember(study.id, columns=columns, method=method)
    return {
        "columns": columns,
        "method": method,
        "tiers": [list(tier) for tier in known.tiers],
        "required": sorted(map(list, known.required)),
        "forbidden": sorted(map(list, known.forbidden)),
        **taken,
    }


def _columns(study: Study, names: Sequence[str]) -> list[str]:
    def first() -> list[str]:
        kept = steering.remembered(study).get("columns", names[:_MOST])
        return [name for name in kept if name in names]

    key = f"discover-columns-{study.id}-{st.session_state.get(_TURN, 0)}"
    return st.multiselect("Columns", names, _first(key, first), key=key, format_func=str)


def _method(study: Study, methods: Mapping[str, str]) -> str:
    def first() -> int:
        kept = str(steering.remembered(study).get("method"))
        return list(methods).index(kept) if kept in methods else 0

    key = f"discover-method-{study.id}"
    return st.selectbox(
        "Method", list(methods), _first(key, first), format_func=methods.__getitem__, key=key
    )


def _first(key: str, make: Callable[[], T]) -> T:
    """What a widget begins with, the same as long as it lives.

    Not set through the session's state: a run that overtakes this one would lose it.
    """
    if key not in st.session_state:
        st.session_state[f"{key}-first"] = make()
    found: T = st.session_state[f"{key}-first"]
    return found


def unusable(study: Study, table: Table, columns: Sequence[str]) -> None:
    """Columns that no search can use, and one click that leaves them out."""
    found = _unusable(study.table, tuple(columns), table) if columns else {}
    if not found:
        return
    with st.container(border=True, key="unusable"):
        st.warning("\n".join(f"- {plain(why)}" for why in found.values()), icon=":material/block:")
        names = ", ".join(map(code_span, found))
        st.button(
            f"Leave out {names}",
            key="leave-out",
            icon=":material/filter_alt_off:",
            on_click=_leave_out,
            args=(study.id, [name for name in columns if name not in found]),
        )


def _leave_out(study_id: str, columns: list[str]) -> None:
    steering.remember(study_id, columns=columns)
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


@st.cache_data(max_entries=32, show_spinner=False)
def _unusable(digest: str | None, columns: tuple[str, ...], _table: Table) -> dict[str, str]:
    """Of the columns of the table, which `digest` names."""
    from causal_core.discovery.usable import unusable

    return unusable(_table.select(columns))
