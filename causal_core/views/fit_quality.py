"""How well each equation fits, in words and in two pictures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from causal_core.views.theme import number

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

INK = "#7C8DA6"  # a neutral that reads on light and on dark; the rungs keep their own colours
_HELD_OUT = 0.2  # share of rows that an equation is judged on
_CLEAR = 2.0  # standard errors that make a gain clear
_SHAPES = {
    "normal": "a bell curve",
    "shaped noise": "a distribution of its own shape",
    "frequencies": "the share of each level",
    "linear": "a straight line",
    "linear, shaped noise": "a straight line, and noise of its own shape",
    "polynomial": "a curve with interactions",
    "polynomial, shaped noise": "a curve with interactions, and noise of its own shape",
    "curves": "a curve along each cause, and products of two",
    "curves, shaped noise": "a curve along each cause, products of two, noise of its own shape",
    "smooth": "a smooth curve of any form",
    "smooth, shaped noise": "a smooth curve of any form, and noise of its own shape",
    "linear, moving spread": "a straight line, and a spread that moves with the causes",
    "curves, moving spread": "a curve along each cause, and a spread that moves with them",
    "additive net": "a neural net for the mean",
    "location-scale net": "a neural net for the mean and the spread",
    "spline": "a neural net for the whole distribution",
    "linear probit": "a threshold that moves in a straight line",
    "polynomial probit": "a threshold that moves along a curve",
    "smooth probit": "a threshold that moves along a curve of any form",
    "linear softmax": "chances that move in a straight line",
    "polynomial softmax": "chances that move along a curve",
    "smooth softmax": "chances that move along a curve of any form",
}
_SIMPLEST = ("normal", "frequencies", "linear", "linear probit", "linear softmax")


@dataclass(frozen=True)
class Quality:
    """One equation's quality on rows it has not learned from.

    `gain`: mean log-likelihood per row above the simplest equation's, in nats, and its
    standard error `gain_se`; `pit`: shares of the noise in ten equal bins; `gap`: the
    greatest distance of the noise from what it should be (Kolmogorov); `rows`: all rows
    in which the variable and its causes are filled in.
    """

    name: str
    causes: tuple[str, ...]
    rung: str
    rows: int
    gain: float
    gain_se: float
    pit: tuple[float, ...]
    gap: float
    doubt: str = ""

    @classmethod
    def of(cls, report: Mapping[str, Any]) -> Quality:
        """From a `NodeReport.to_dict()`, as a finished fit's job keeps it."""
        return cls(
            name=report["name"],
            causes=tuple(report["parents"]),
            rung=report["rung"],
            rows=report["rows"],
            gain=report["held_out"] - report["linear"],
            gain_se=report["margin_se"],
            pit=tuple(report["pit"]),
            gap=report["calibration"],
            doubt=report.get("doubt", ""),
        )

    @property
    def judged(self) -> int:
        """About how many rows it was judged on."""
        return max(1, int(self.rows * _HELD_OUT))

    @property
    def simplest(self) -> bool:
        """Whether it is the simplest equation of its kind."""
        return self.rung in _SIMPLEST

    @property
    def shape(self) -> str:
        """What the equation looks like, in words."""
        return _SHAPES.get(self.rung, self.rung)

    def row(self) -> dict[str, str]:
        """What a table says of it."""
        return {
            "Variable": self.name,
            "Learned from": ", ".join(self.causes) or "nothing before it",
            "Equation": self.why(),
            "Gain (nats per row)": self.gained(),
            "Noise": self.noise(),
        }

    def why(self) -> str:
        """Why it is this equation and no richer or simpler one."""
        if self.simplest:
            return f"{self.shape}: nothing richer was clearly better"
        clear = self.gain > _CLEAR * self.gain_se
        return f"{self.shape}: {'clearly' if clear else 'a little'} better than the simplest"

    def gained(self) -> str:
        """The gain and its standard error, or that there is nothing to compare."""
        if self.simplest:
            return "it is the simplest"
        return f"{_signed(self.gain)} ± {number(self.gain_se, 3)}"

    def noise(self) -> str:
        """Whether its noise is spread as the equation says, and what speaks against that."""
        return f"{self._spread()}; but {self.doubt}" if self.doubt else self._spread()

    def _spread(self) -> str:
        chance = 1 / math.sqrt(self.judged)
        if self.gap <= max(0.05, 1.63 * chance):
            return "calibrated"
        if self.gap <= max(0.1, 2.2 * chance):
            return "roughly calibrated"
        return "off: treat its intervals with care"


def gains(qualities: Sequence[Quality]) -> Figure:
    """A dot per variable: held-out gain over the simplest equation, with two standard errors."""
    import plotly.graph_objects as go

    shown = list(reversed(qualities))
    figure = go.Figure(
        go.Scatter(
            x=[q.gain for q in shown],
            y=list(range(len(shown))),
            error_x={"type": "data", "array": [_CLEAR * q.gain_se for q in shown], "color": INK},
            mode="markers",
            marker={"color": INK, "size": 10},
            customdata=[literal(q.name) for q in shown],
            hovertemplate="%{customdata}: %{x:.3f} nats per row<extra></extra>",
        )
    )
    figure.add_vline(x=0, line={"color": INK, "width": 1, "dash": "dot"})
    figure.update_yaxes(
        tickvals=list(range(len(shown))), ticktext=[literal(q.name) for q in shown], fixedrange=True
    )
    figure.update_xaxes(title="gain (nats per row)")
    return plainly(figure, 90 + 34 * len(shown))


def noise_histogram(quality: Quality) -> Figure:
    """Ten bars that should all be one tenth, and the band that chance alone allows."""
    import plotly.graph_objects as go

    tenth = 1 / len(quality.pit)
    slack = 2 * math.sqrt(tenth * (1 - tenth) / quality.judged)
    middles = [(i + 0.5) * tenth for i in range(len(quality.pit))]
    figure = go.Figure(go.Bar(x=middles, y=quality.pit, marker={"color": INK}, width=tenth * 0.92))
    figure.add_hrect(
        y0=tenth - slack, y1=tenth + slack, fillcolor=INK, opacity=0.25, line={"width": 0}
    )
    figure.add_hline(y=tenth, line={"color": INK, "width": 1, "dash": "dot"})
    figure.update_xaxes(title="rank of the noise, from low to high", range=[0, 1])
    figure.update_yaxes(title="share of rows", tickformat=".0%", rangemode="tozero")
    return plainly(figure, 260)


def plainly(figure: Figure, height: int) -> Figure:
    """Transparent, unmoved by the mouse, and `height` pixels high."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,
        dragmode=False,
    )
    figure.update_xaxes(fixedrange=True, automargin=True)
    figure.update_yaxes(fixedrange=True, automargin=True)
    return figure


def literal(name: str, longest: int = 24) -> str:
    """A name for plotly, which reads a little HTML: shown as it is, shortened when long."""
    text = " ".join(name.split())
    return escape(text if len(text) <= longest else f"{text[: longest - 1]}…")


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + number(value, 3)
