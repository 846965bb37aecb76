"""How well each equation of a finished fit does, in a table and three pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causal_core.views.theme import code_span
from pages._ui import jobs as panel

if TYPE_CHECKING:
    from causal_core.studies.jobs import Job
    from causal_core.views.fit_quality import Quality

_QUIET = {"displayModeBar": False}


def show(job: Job) -> None:
    """How well each equation fits, in words and pictures."""
    from causal_core.views.fit_quality import Quality, gains
    from causal_core.views.learning_curve import stage_words, stages_of

    assert job.result is not None
    qualities = [Quality.of(report) for report in job.result["report"]]
    st.subheader("How well each equation fits", anchor=False)
    st.caption("Judged on rows that the equations have not learned from.")
    st.table([_row(quality) for quality in qualities])
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Gain over the simplest equation** (bars: two standard errors)")
        said = "Gain of each equation over the simplest one, as in the table above"
        st.plotly_chart(gains(qualities), key="gains", config=_QUIET, alt=said)
    with right:
        _noise(qualities)
    with st.expander("How the fit learned"):
        curve = job.progress.get("curve", [])
        if not curve:
            st.write("Every equation was found in closed form: there was nothing to train.")
        for stage in stages_of(curve):
            st.markdown(f"**{stage_words(stage)}**")
            panel.learning(curve, stage)


def _row(quality: Quality) -> dict[str, str]:
    causes = ", ".join(map(code_span, quality.causes)) or "nothing before it"
    return quality.row() | {"Variable": code_span(quality.name), "Learned from": causes}


def _noise(qualities: list[Quality]) -> None:
    from causal_core.views.fit_quality import noise_histogram

    worst = max(range(len(qualities)), key=lambda i: qualities[i].gap)
    picked = st.selectbox(
        "Noise of the equation for",
        range(len(qualities)),
        index=worst,
        format_func=lambda i: qualities[i].name,
    )
    figure = noise_histogram(qualities[picked])
    st.plotly_chart(figure, key="noise", config=_QUIET, alt="Spread of the noise in ten bars")
    st.caption("Every bar should end in the band: then the noise is spread as the equation says.")
