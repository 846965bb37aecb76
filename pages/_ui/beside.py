"""On Explore: what licenses the picture, its bounds, and the second opinion under it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from causal_core.estimation.licence import LicenceKind
from pages._ui import apart, asked, errors, later, licence, second, session, widgets
from pages._ui.opinions import Asking, licence_of

if TYPE_CHECKING:
    from causal_core.estimation.licence import Licence
    from causal_core.graphs.graph import CausalGraph
    from causal_core.queries.questions import Sweep
    from causal_core.queries.sweep_answer import SweepAnswer
    from causal_core.studies.store import Study
    from causal_core.tables.schema import Value
    from causal_core.tables.table import Table
    from causal_core.views.hero import Band


def band(table: Table, graph: CausalGraph, question: Sweep) -> Band | None:
    """Where the doing points must lie, once it is known; nothing waits for it."""
    from causal_core.views.hero import Band

    found = None if question.do else later.known(_band_key(table, graph, question))
    if found is None:
        return None
    low, high = (np.array([getattr(arm, end) for arm in found]) for end in ("low", "high"))
    return Band(low, high)


def show(
    study: Study,
    table: Table,
    graph: CausalGraph,
    question: Sweep,
    answer: SweepAnswer,
    position: float,
) -> Licence:
    """Under the picture: the licence, then the second opinion on the slider's contrast."""
    asking = _asking(table, graph, question, answer, position)
    treated = (question.cause, *question.do)
    found = licence_of(asking.claims, treated, question.outcome, (), asking.bounded)
    with errors.shown(), st.container(border=True, key="beside"):
        licence.strip(found)
        if question.do:
            st.caption(
                "The second opinion and bounds are for one cause: empty “Also set” for them."
            )
            return found
        _begin_band(asking, question)
        _second(asking, answer, position, question.rho)
        if not session.shared():
            carry = partial(asked.carry, study, graph, asking.asked)
            widgets.next_step("Next: look closer, try to refute it", "estimate", first=carry)
    return found


def _second(asking: Asking, answer: SweepAnswer, position: float, rho: float) -> None:
    from causal_core.views.sentence import reference

    before, after = asking.values
    if before == after:
        st.caption("Move the slider for a second opinion, read from the rows themselves.")
        return
    value, low, high = answer.doing.contrast_at(answer.positions, position, reference(answer))
    neural = second.Neural(value, (low, high), rho)
    second.beside(asking, neural, _at(answer, before), _at(answer, after))


def _at(answer: SweepAnswer, value: Value) -> str:
    """A setting of the cause in words."""
    from causal_core.views.hero import setting

    return f"{answer.cause.name} = {setting(answer, value)}"


def _asking(
    table: Table, graph: CausalGraph, question: Sweep, answer: SweepAnswer, position: float
) -> Asking:
    from causal_core.identification.asked import Asked
    from causal_core.views.sentence import reference

    before = answer.cause.value(float(answer.positions[reference(answer)]))
    values = (before, answer.cause.value(position))
    made = Asked(question.cause, question.outcome, values=values, level=answer.level)
    return Asking(table, graph, made)


def _band_key(table: Table, graph: CausalGraph, question: Sweep) -> tuple[object, ...]:
    return ("band", table.digest, graph.claims, question.cause, question.outcome, question.level)


def _begin_band(asking: Asking, question: Sweep) -> None:
    """Work the band out where the effect is not identified; the page is drawn anew with it."""
    from causal_core.estimation.level_bounds import level_bounds

    if asking.licence.kind not in (LicenceKind.BOUNDED, LicenceKind.INSTRUMENT):
        return
    if not asking.table.variable(question.cause).kind.discrete:
        return
    put = (asking.table, asking.graph, question.cause, question.outcome, question.level)
    key = _band_key(asking.table, asking.graph, question)
    drawn = later.known(key) is not None
    work = later.later(key, partial(level_bounds, *put), apart.OPINIONS)
    if not drawn and (not work.done() or work.exception() is None):
        later.redraw(work, every=second.UNHURRIED)
