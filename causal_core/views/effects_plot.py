"""Several answers to one question on one axis, each with its interval and its own mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from causal_core.views.fit_quality import INK, literal, plainly
from causal_core.views.theme import RUNGS

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_MARKS = {  # by source: colour and symbol, so that no one needs the colour
    "rows": (RUNGS["doing"].colour, "diamond"),
    "equations": (RUNGS["doing"].colour, "circle"),
    "seen": (RUNGS["seeing"].colour, "circle-open"),
    "truth": (INK, "line-ns-open"),
    "check": (INK, "circle"),
}
_HIGH = 44


@dataclass(frozen=True)
class Shown:
    """One answer: `value` with its interval `low` to `high`, or bounds without a value.

    `source`: "rows", "equations", "seen", "truth", "check" or "bounds".
    """

    label: str
    source: str
    value: float | None
    low: float
    high: float
    reference: float | None = None

    def times(self, factor: float) -> Shown:
        """The same in another unit."""
        value, low, high, reference = (
            None if x is None else factor * x
            for x in (self.value, self.low, self.high, self.reference)
        )
        assert low is not None
        assert high is not None
        return Shown(self.label, self.source, value, low, high, reference)


def effects_plot(answers: Sequence[Shown], title: str) -> Figure:
    """A line per answer, the first on top; a dotted line at no effect, a tick at a reference.

    `title`: of the axis.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    figure.add_vline(x=0, line={"color": INK, "width": 1, "dash": "dot"})
    last = len(answers) - 1
    for place, one in enumerate(answers):
        _add(figure, one, last - place)
    figure.update_yaxes(
        tickvals=list(range(len(answers))),
        ticktext=[literal(one.label, 34) for one in reversed(answers)],
        range=[-0.6, last + 0.6],
        showgrid=False,
    )
    figure.update_xaxes(title=literal(title, 60), zeroline=False)
    return plainly(figure, 70 + _HIGH * len(answers))


def _add(figure: Figure, one: Shown, height: int) -> None:
    if one.value is None:
        figure.add_shape(
            type="rect", x0=one.low, x1=one.high, y0=height - 0.26, y1=height + 0.26,
            fillcolor=RUNGS["doing"].colour, opacity=0.4, line={"width": 0},
        )  # fmt: skip
        figure.add_scatter(x=[one.low, one.high], y=[height] * 2, mode="markers", opacity=0)
        return
    colour, symbol = _MARKS[one.source]
    figure.add_scatter(
        x=[one.value],
        y=[height],
        mode="markers",
        marker={"color": colour, "symbol": symbol, "size": 12, "line": {"width": 2}},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [one.high - one.value],
            "arrayminus": [one.value - one.low],
            "color": colour,
        },
        meta=literal(one.label, 40),
        hovertemplate="%{meta}: %{x:,.3g}<extra></extra>",
    )
    if one.reference is not None:
        figure.add_scatter(
            x=[one.reference], y=[height], mode="markers", hoverinfo="skip",
            marker={"color": INK, "symbol": "line-ns-open", "size": 22, "line": {"width": 2}},
        )  # fmt: skip
