"""How an estimate moves with the strength of an unmeasured cause, as lines of equal effect.

The picture of Cinelli & Hazlett (2020, section 5.2): across, how much of what is left of the
cause's variation the unmeasured one explains; upwards, how much of the outcome's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causal_core.views.fit_quality import INK, literal, plainly
from causal_core.views.theme import RUNGS, digits_for, number

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from causal_core.estimation.robustness import Benchmark, Robustness

_WRONG = "#D55E00"
_STEPS = 60
_LEAST, _MOST, _ROOM = 0.1, 0.9, 1.35  # of the axes: how far they reach past what is marked


def reach(robust: Robustness) -> float:
    """How far both axes go: past the robustness value and every benchmark, at most to 0.9."""
    marked = [robust.value]
    marked += [r2 for b in robust.benchmarks for r2 in (b.r2_treatment, b.r2_outcome)]
    return float(min(_MOST, max(_LEAST, _ROOM * max(marked))))


def contour(robust: Robustness, cause: str, outcome: str) -> Figure:
    """Lines of equal estimate; the thick one is no effect, dots are the estimate and benchmarks."""
    import plotly.graph_objects as go

    axis = np.linspace(0, reach(robust), _STEPS)
    height = robust.adjusted_estimate(axis[None, :], axis[:, None])
    figure = go.Figure(_lines(axis, height, robust.unit))
    figure.add_trace(_zero(axis, height))
    figure.add_trace(_here(robust))
    if robust.benchmarks:
        figure.add_trace(_marks(robust.benchmarks, robust.unit))
    shares = {"tickformat": ".0%", "range": [0, axis[-1]], "constrain": "domain"}
    figure.update_xaxes(title=f"share of what is left of {literal(cause)}", **shares)
    figure.update_yaxes(title=f"share of what is left of {literal(outcome)}", **shares)
    return plainly(figure, 400)


def _lines(axis: np.ndarray, height: np.ndarray, unit: str) -> object:
    import plotly.graph_objects as go

    digits = digits_for(float(np.ptp(height)) / 8)
    return go.Contour(
        x=axis,
        y=axis,
        z=height,
        ncontours=9,
        contours={"coloring": "lines", "showlabels": True, "labelformat": f",.{digits}f"},
        colorscale=[[0, INK], [1, INK]],
        showscale=False,
        line={"width": 1},
        hovertemplate=f"across %{{x:.0%}}, up %{{y:.0%}}: %{{z:,.{digits}f}} {literal(unit)}"
        "<extra></extra>",
    )


def _zero(axis: np.ndarray, height: np.ndarray) -> object:
    """The line on which nothing is left of the effect."""
    import plotly.graph_objects as go

    return go.Contour(
        x=axis,
        y=axis,
        z=height,
        contours={"type": "constraint", "operation": "=", "value": 0},
        line={"color": _WRONG, "width": 3},
        hoverinfo="skip",
        showlegend=False,
    )


def _here(robust: Robustness) -> object:
    import plotly.graph_objects as go

    said = number(robust.estimate, digits_for(robust.error))
    return go.Scatter(
        x=[0],
        y=[0],
        mode="markers+text",
        marker={"size": 12, "color": RUNGS["doing"].colour},
        text=[f"  no such cause: {said}"],
        textposition="top right",
        cliponaxis=False,
        hoverinfo="skip",
    )


def _marks(benchmarks: tuple[Benchmark, ...], unit: str) -> object:
    import plotly.graph_objects as go

    digits = digits_for(max(abs(b.estimate) for b in benchmarks) / 10)
    return go.Scatter(
        x=[b.r2_treatment for b in benchmarks],
        y=[b.r2_outcome for b in benchmarks],
        mode="markers+text",
        marker={"size": 9, "symbol": "diamond", "color": _WRONG},
        text=[benchmark_label(b) for b in benchmarks],
        textposition="middle right",
        customdata=[number(b.estimate, digits) for b in benchmarks],
        hovertemplate=f"%{{text}}: %{{customdata}} {literal(unit)}<extra></extra>",
        cliponaxis=False,
    )


def benchmark_label(benchmark: Benchmark) -> str:
    """“2 × age”: an unmeasured cause twice as strong as age."""
    return f"{benchmark.multiple} × {literal(benchmark.name)}"
