"""How an estimate moves with the strength of an unmeasured cause, as lines of equal effect.

The picture of Cinelli & Hazlett (2020, section 5.2): across, how much of what is left of the
cause's variation the unmeasured one explains; upwards, how much of the outcome's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from causal_core.views.amounts import change, scale, unit_words
from causal_core.views.fit_quality import INK, literal, plainly
from causal_core.views.theme import RUNGS, digits_for

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from causal_core.estimation.robustness import Benchmark, Contour, Robustness

_WRONG = "#D55E00"
_AXIS = "share of {} it explains"
_FEW = 3  # benchmarks named on the picture besides the multiples of the strongest


def contour(robust: Robustness, cause: str, outcome: str) -> Figure:
    """Lines of equal estimate; the thick one is no effect, dots are the estimate and benchmarks."""
    import plotly.graph_objects as go

    grid = robust.contour()
    figure = go.Figure(_lines(grid, robust.unit))
    figure.add_trace(_zero(grid))
    figure.add_trace(_here(robust))
    if shown := notable(robust.benchmarks):
        figure.add_trace(_marks(shown, robust.unit))
    axis = {"tickformat": ".0%"}
    figure.update_xaxes(title=_AXIS.format(literal(cause)), range=_span(grid.r2_treatment), **axis)
    figure.update_yaxes(title=_AXIS.format(literal(outcome)), range=_span(grid.r2_outcome), **axis)
    return plainly(figure, 400)


def notable(benchmarks: Sequence[Benchmark]) -> tuple[Benchmark, ...]:
    """The strongest column at every multiple, and the next few once."""
    once = sorted((b for b in benchmarks if b.multiple == 1), key=_strength, reverse=True)
    if not once:
        return ()
    multiples = [b for b in benchmarks if b.name == once[0].name]
    return (*multiples, *once[1:_FEW])


def _strength(benchmark: Benchmark) -> float:
    return benchmark.r2_treatment * benchmark.r2_outcome


def _span(shares: np.ndarray) -> list[float]:
    return [-0.09 * float(shares[-1]), float(shares[-1])]  # room for the words below the dot


def _lines(grid: Contour, unit: str) -> object:
    import plotly.graph_objects as go

    heights = scale(unit) * grid.estimates
    digits = digits_for(float(np.ptp(heights)) / 8)
    return go.Contour(
        x=grid.r2_treatment,
        y=grid.r2_outcome,
        z=heights,
        ncontours=9,
        contours={"coloring": "lines", "showlabels": True, "labelformat": f",.{digits}f"},
        colorscale=[[0, INK], [1, INK]],
        showscale=False,
        line={"width": 1},
        meta=literal(unit_words(unit)),
        hovertemplate=f"across %{{x:.0%}}, up %{{y:.0%}}: %{{z:,.{digits}f}} %{{meta}}"
        "<extra></extra>",
    )


def _zero(grid: Contour) -> object:
    """The line on which nothing is left of the effect."""
    import plotly.graph_objects as go

    return go.Contour(
        x=grid.r2_treatment,
        y=grid.r2_outcome,
        z=grid.estimates,
        contours={"type": "constraint", "operation": "=", "value": 0},
        line={"color": _WRONG, "width": 3},
        hoverinfo="skip",
        showlegend=False,
    )


def _here(robust: Robustness) -> object:
    import plotly.graph_objects as go

    said = change(robust.estimate, robust.error, robust.unit)
    return go.Scatter(
        x=[0],
        y=[0],
        mode="markers+text",
        marker={"size": 12, "color": RUNGS["doing"].colour},
        text=[f" no such cause: {literal(said)}"],
        textposition="bottom right",
        cliponaxis=False,
        hoverinfo="skip",
    )


def _marks(benchmarks: Sequence[Benchmark], unit: str) -> object:
    import plotly.graph_objects as go

    step = max(abs(b.estimate) for b in benchmarks) / 10
    return go.Scatter(
        x=[b.r2_treatment for b in benchmarks],
        y=[b.r2_outcome for b in benchmarks],
        mode="markers+text",
        marker={"size": 9, "symbol": "diamond", "color": _WRONG},
        text=[benchmark_label(b) if b.name == benchmarks[0].name else "" for b in benchmarks],
        textposition="middle right",
        customdata=[
            [benchmark_label(b), literal(change(b.estimate, step, unit))] for b in benchmarks
        ],
        hovertemplate="%{customdata[0]} leaves %{customdata[1]}<extra></extra>",
        cliponaxis=False,
    )


def benchmark_label(benchmark: Benchmark) -> str:
    """“2 × age”: an unmeasured cause twice as strong as age."""
    return f"{benchmark.multiple} × {literal(benchmark.name)}"
