"""Whether the rows that are compared are alike: chances by arm, and balance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causal_core.views.theme import plain

if TYPE_CHECKING:
    from causal_core.estimation.result import Estimate
    from pages._ui.opinions import Asking

_QUIET = {"displayModeBar": False}


def show(asking: Asking, found: Estimate) -> None:
    """Draw both pictures, where the method compares rows of two values."""
    if found.overlap is None:
        return
    st.subheader("Are the compared rows alike?", anchor=False)
    st.markdown(plain(found.overlap.sentence))
    left, right = st.columns(2, gap="large")
    with left:
        _chances(asking, found)
    with right:
        _balance(found)


def _chances(asking: Asking, found: Estimate) -> None:
    from causal_core.estimation.membership import membership
    from causal_core.estimation.overlap import COMMON
    from causal_core.views.overlap_plot import propensity_histogram

    assert found.overlap is not None
    pair = asking.asked.treatment, asking.asked.outcome
    arm = membership(asking.table, *pair, asking.values, found.adjusted)
    figure = propensity_histogram(found.overlap.propensities[:, 1], arm, asking.settings, COMMON)
    st.markdown("**The chance that each row had of it**")
    said = "Rows of both arms by their chance of the second setting"
    st.plotly_chart(figure, key="chances", config=_QUIET, alt=said)
    st.caption(
        "Where both sides have bars, like is compared with like. In the grey margins hardly any "
        "row of the other side is like these."
    )


def _balance(found: Estimate) -> None:
    from causal_core.views.overlap_plot import balance_plot

    assert found.overlap is not None
    if found.overlap.balance.empty:
        st.caption("Nothing is adjusted for, so there is nothing to balance.")
        return
    st.markdown("**How far the two sides differ, before and after weighting**")
    said = "Differences of the arms in each column adjusted for"
    st.plotly_chart(balance_plot(found.overlap.balance), key="balance", config=_QUIET, alt=said)
    st.caption("After weighting, every dot should lie left of the dotted line (0.1).")
