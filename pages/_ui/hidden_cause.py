"""What an unmeasured cause would have to be like to explain the estimate away."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from causal_core.errors import RungsError
from causal_core.views.theme import code_span, percent, plain
from pages._ui import later, session

if TYPE_CHECKING:
    from causal_core.estimation.e_value import EValue
    from causal_core.estimation.result import Estimate
    from causal_core.estimation.robustness import Robustness
    from pages._ui.opinions import Asking

_QUIET = {"displayModeBar": False}
_READ = (
    "Across and up: how much the unmeasured cause would explain of what the columns held fixed "
    "leave open. Each line joins causes that leave the same estimate; on the thick line nothing "
    "is left. Diamonds: a cause as strong as one that is measured, once, twice, three times. By "
    "linear regression with the same columns held fixed (Cinelli and Hazlett 2020)."
)


def show(asking: Asking, found: Estimate | None) -> None:
    """The contour and the E-value of an adjusted estimate; the way to ρ where it has a place."""
    from causal_core.estimation.result import Method

    adjusted = found is not None and found.method in (Method.AIPW, Method.PARTIAL)
    if not adjusted and not _drawn(asking):
        return
    st.subheader("What if something unmeasured acts on both?", anchor=False)
    if _drawn(asking):
        _rho(asking)
    if found is not None and adjusted:
        _strength(asking, found)


def _strength(asking: Asking, found: Estimate) -> None:
    work = later.later(asking.key("robustness"), partial(_robust, asking, found))
    if not later.ready(work):
        return
    try:
        robust = work.result()
    except RungsError as error:
        st.caption(plain(str(error)))
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        _contour(asking, robust)
    with right:
        st.metric("Robustness value", percent(robust.value))
        st.markdown(plain(robust.sentence))
        _e_value(asking, found)


def _robust(asking: Asking, found: Estimate) -> Robustness:
    """Compared with the few columns that are the strongest."""
    from causal_core.estimation.regression import ABSORBED
    from causal_core.views.contour import notable

    table = asking.table
    known = [n for n in sorted(found.adjusted) if len(table.variable(n).levels) <= ABSORBED]
    every = _regressed(asking, found, known)
    few = tuple(dict.fromkeys(one.name for one in notable(every.benchmarks)))
    return _regressed(asking, found, few)


def _regressed(asking: Asking, found: Estimate, benchmarks: Sequence[str]) -> Robustness:
    from causal_core.estimation.robustness import robustness

    asked = asking.asked
    return robustness(
        asking.table,
        asked.treatment,
        asked.outcome,
        sorted(found.adjusted),
        values=asking.values,
        level=asked.level,
        benchmarks=benchmarks,
    )


def _contour(asking: Asking, robust: Robustness) -> None:
    from causal_core.views.contour import contour

    figure = contour(robust, asking.asked.treatment, asking.asked.outcome)
    said = "Lines of equal estimate over the strength of an unmeasured cause"
    st.plotly_chart(figure, key="contour", config=_QUIET, alt=said)
    st.caption(_READ)


def _e_value(asking: Asking, found: Estimate) -> None:
    try:
        value = _ratio(asking, found)
    except RungsError as error:
        st.caption(f"No E-value: {plain(str(error))}")
        return
    st.metric("E-value", f"{value.point:.2f}")
    st.markdown(plain(value.sentence))
    if found.unit != "probability":
        st.caption("Roughly: by its size in standard deviations, the change counts as that ratio.")


def _ratio(asking: Asking, found: Estimate) -> EValue:
    from causal_core.estimation.e_value import e_value, risk_ratio
    from causal_core.estimation.standardised_ratio import standardised_ratio

    if found.unit == "probability" and found.arms:
        first, second = found.arms
        return e_value(*risk_ratio((first.mean, second.mean), (first.error, second.error)))
    outcome = asking.table.codes[:, asking.table.columns.index(asking.asked.outcome)]
    spread = float(np.nanstd(outcome))
    return e_value(*standardised_ratio(found.value, found.interval(), spread))


def _drawn(asking: Asking) -> bool:
    """Whether the graph draws an unmeasured common cause of the cause and one of its effects."""
    graph, cause = asking.measured.project(), asking.asked.treatment
    return bool(graph.siblings(cause) & graph.descendants(cause))


def _rho(asking: Asking) -> None:
    """The way to the ρ slider."""
    cause = code_span(asking.asked.treatment)
    st.markdown(
        f"The graph draws an unmeasured cause of {cause} and of one of its effects. How strong it "
        "is, no row tells; the ρ slider on Explore shows how the answer moves with it."
    )
    if st.button("Try the ρ slider", key="to-rho", icon=":material/tune:"):
        session.go("pages/explore.py")
