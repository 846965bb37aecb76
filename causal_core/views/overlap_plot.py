"""Whether the compared rows are alike, in two pictures: their chances, and their balance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from causal_core.views.fit_quality import INK, literal, plainly
from causal_core.views.theme import RUNGS

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

_BINS = 20
_ALIKE = 0.1  # standardised difference below which arms count as alike (Austin 2009)
_COLOURS = (INK, RUNGS["doing"].colour)


def propensity_histogram(
    chances: np.ndarray, arm: np.ndarray, names: Sequence[str], common: tuple[float, float]
) -> Figure:
    """Each arm's rows by their chance [rows] of the second arm: one upwards, one downwards.

    `arm` [rows] is 0 or 1. Rows outside `common` have hardly any like them in the other arm.
    """
    import plotly.graph_objects as go

    edges = np.linspace(0, 1, _BINS + 1)
    figure = go.Figure()
    for which, name, sign in zip((0, 1), names, (-1, 1), strict=True):
        count = np.histogram(chances[arm == which], edges)[0]
        share = count / max(1, count.sum())
        figure.add_bar(
            x=(edges[1:] + edges[:-1]) / 2,
            y=sign * share,
            width=0.9 / _BINS,
            name=literal(name),
            marker={"color": _COLOURS[which], "pattern": {"shape": "/" if which == 0 else ""}},
            customdata=np.stack([share, count], axis=1),
            meta=literal(name),
            hovertemplate="%{meta}: %{customdata[1]:,} rows (%{customdata[0]:.1%}) "
            "with a chance near %{x:.0%}<extra></extra>",
        )
    for x0, x1 in ((0, common[0]), (common[1], 1)):
        figure.add_vrect(x0=x0, x1=x1, fillcolor=INK, opacity=0.18, line={"width": 0})
    figure.add_hline(y=0, line={"color": INK, "width": 1})
    figure.update_xaxes(title=f"chance of {literal(names[1])}")
    figure.update_xaxes(range=[0, 1], tickformat=".0%")
    figure.update_yaxes(title="share of the arm", showticklabels=False)
    figure.update_layout(barmode="overlay")
    return _with_legend(plainly(figure, 300))


def balance_plot(balance: pd.DataFrame) -> Figure:
    """A line per covariate: how far the arms differ before (hollow) and after (full) weighting."""
    import plotly.graph_objects as go

    shown = balance.iloc[::-1]
    places = list(range(len(shown)))
    figure = go.Figure()
    for column, symbol in (("before", "circle-open"), ("after", "circle")):
        figure.add_scatter(
            x=shown[column].abs(),
            y=places,
            mode="markers",
            name=column,
            marker={"symbol": symbol, "size": 10, "color": RUNGS["doing"].colour},
            hovertemplate=f"{column}: %{{x:.2f}} standard deviations<extra></extra>",
        )
    figure.add_vline(x=_ALIKE, line={"color": INK, "width": 1, "dash": "dot"})
    names = [literal(str(name)) for name in shown.index]
    figure.update_yaxes(tickvals=places, ticktext=names)
    figure.update_xaxes(title="difference (std. deviations)", rangemode="tozero")
    return _with_legend(plainly(figure, 110 + 24 * len(places)))


def _with_legend(figure: Figure) -> Figure:
    return figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0},
        margin={"t": 34},
    )
