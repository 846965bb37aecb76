"""The learning curves of a fit: its stages in words, and one picture for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from causal_core.views.fit_quality import INK, plainly

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

STAGES = {
    "start": "Getting ready",
    "ladder": "Trying every kind of equation",
    "ensemble": "Refitting the chosen ones, for the bands",
    "association": "Learning what goes with what",
    "association members": "Refitting that, for the bands",
}


def stage_words(stage: str) -> str:
    """What the stage does, for people."""
    return STAGES.get(stage, "Getting ready")


def learning_curve(points: Sequence[Sequence[Any]], stage: str) -> Figure:
    """Loss on learned rows (thin) and on held-out rows (thick) by epoch of one stage.

    `points` are [stage, epoch, train, held_out]; losses in nats per row, lower is better.
    """
    import plotly.graph_objects as go

    mine = [point for point in points if point[0] == stage]
    epochs = [point[1] for point in mine]
    figure = go.Figure()
    for name, column, width, dash in (("learned rows", 2, 1, "dot"), ("held-out rows", 3, 3, None)):
        figure.add_scatter(
            x=epochs,
            y=[point[column] for point in mine],
            name=name,
            mode="lines+markers" if len(mine) < 3 else "lines",
            line={"color": INK, "width": width, "dash": dash},
        )
    figure.update_xaxes(title="epoch", rangemode="tozero")
    figure.update_yaxes(title="loss (nats per row)")
    plainly(figure, 260)
    legend = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"}
    figure.update_layout(showlegend=True, legend=legend, margin={"t": 48})
    return figure


def stages_of(points: Sequence[Sequence[Any]]) -> tuple[str, ...]:
    """The stages that the points tell of, in order."""
    return tuple(dict.fromkeys(point[0] for point in points))
