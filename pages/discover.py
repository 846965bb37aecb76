"""Discover: the graph that the rows speak for, as a proposal to be judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from causal_core.discovery.knowledge_text import parse_arrows, parse_tiers
from causal_core.errors import RungsError
from causal_core.studies import jobs
from causal_core.studies.jobs import State
from causal_core.views.theme import plain
from pages._ui import discovered, errors, guards, session, widgets
from pages._ui import jobs as panel
from pages._ui.conditions import conditions

if TYPE_CHECKING:
    from causal_core.studies.store import Study
    from causal_core.tables.table import Table

_RESAMPLES, _SECONDS = 100, 10.0
_MOST = 20  # columns chosen at first
_METHODS = {
    "auto": "Choose for me, and say why",
    "linear": "Lines, normal noise",
    "non-normal": "Lines, noise that is not normal (DirectLiNGAM)",
    "additive": "Curves",
    "discrete": "Levels: tables of counts",
    "mixed": "Numbers and levels together",
    "latents": "With possible unmeasured causes (FCI)",
    "pc": "Tests of independence (PC)",
}


def main() -> None:
    """Draw the page."""
    study, table = guards.need_table()
    widgets.heading("Discover", study.name, "what the rows say of the arrows: a proposal to judge")
    job = jobs.newest(session.store(), study.id, kind="discover")
    spec = _question(study, table)
    if job is not None and job.state.active:
        panel.watch(job.id, discovered.partly)
        return
    label = "Search" if job is None else "Search again"
    kind = "primary" if job is None else "secondary"
    able = len(spec["columns"]) > 1
    if st.button(label, type=kind, key="search", icon=":material/search:", disabled=not able):  # type: ignore[arg-type]
        panel.submit(study.id, spec, "discover")
    if job is None:
        st.caption(
            f"It takes about {_SECONDS:.0f} seconds. The search supposes that no arrows form a "
            "circle and, unless the method allows for it, that nothing unmeasured causes two of "
            "these columns."
        )
    elif job.state is State.DONE:
        discovered.show(study, job)
    elif job.error:
        st.error(plain(" ".join(job.error)), icon=":material/error:")
    else:
        st.info("The search was stopped before it ended.", icon=":material/stop_circle:")
        discovered.partly(job)


def _question(study: Study, table: Table) -> dict[str, Any]:
    """What to search, by which method, and what is known."""
    names = list(table.columns)
    with st.expander("Columns, method and what is known", icon=":material/tune:"):
        columns = st.multiselect(
            "Columns", names, default=names[:_MOST], key="discover-columns", format_func=str
        )
        method = st.selectbox(
            "Method", list(_METHODS), format_func=_METHODS.__getitem__, key="discover-method"
        )
        asked = conditions(table, columns)
        tiers = _typed(
            "Order in time, the earliest first: a line for each tier, commas between columns",
            "discover-tiers",
            lambda text: parse_tiers(text, columns),
            "age, sex\ndose\nrecovery",
        )
        left, right = st.columns(2)
        arrows = partial(_typed, make=lambda text: parse_arrows(text, columns))
        with left:
            required = arrows("Arrows that are there, one on a line", "discover-required")
        with right:
            forbidden = arrows("Arrows that cannot be, one on a line", "discover-forbidden")
    return {
        "table": study.table,
        "columns": columns,
        "method": method,
        "tiers": tiers,
        "required": required,
        "forbidden": forbidden,
        "resamples": _RESAMPLES,
        "seconds": _SECONDS,
        "seed": 0,
        **asked,
    }


def _typed(
    label: str,
    key: str,
    make: Callable[[str], Sequence[Sequence[str]]],
    example: str = "age -> dose",
) -> list[list[str]]:
    """What is typed in a box, as columns; a mistake is shown below it, and nothing is used."""
    text = st.text_area(label, key=key, placeholder=example, height=110)
    try:
        return [list(names) for names in make(text)]
    except RungsError as error:
        errors.show(error)
        st.stop()


with errors.shown():
    main()
