"""Kept settings of one study side by side: the three rungs of each, with their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causal_core.queries.questions import Sweep
from causal_core.queries.sweep_answer import OUTSIDE, Curve, RowCurve, SweepAnswer
from causal_core.queries.words import significant
from causal_core.tables.schema import Variable
from causal_core.views.amounts import setting
from causal_core.views.fit_quality import literal, plainly
from causal_core.views.hero import LICENCE
from causal_core.views.theme import RUNGS, digits_for, number

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_MARKS = {  # by rung: the symbol, so that no one needs the colour, and the place in its line
    "seeing": ("circle-open", 0.22),
    "doing": ("circle", 0.0),
    "imagining": ("diamond", -0.22),
}
_LINE = 66  # pixels

Interval = tuple[float, float, float]  # a value, then the ends of its 90 % interval


@dataclass(frozen=True)
class Compared:
    """One setting's answers, in the outcome's unit; percent for the chance of a level.

    `rungs`: by "seeing", "doing" and "imagining". `about`: what they are of; only settings
    that are about the same stand on one axis. `imagined`: for whom; `rests`: on what.
    """

    title: str
    setting: str
    about: str
    unit: str
    rungs: Mapping[str, Interval]
    imagined: str
    rests: str


def described(asked: Sweep, variables: Mapping[str, Variable], position: float) -> str:
    """A setting in words: the cause at the slider's position, and all that goes with it.

    >>> from causal_core.tables.schema import Kind
    >>> dose = Variable("dose", Kind.CONTINUOUS, unit="mg", low=0.0, high=4.0)
    >>> described(Sweep("dose", "days", rho=0.3), {"dose": dose}, 2.0)
    'dose = 2.00 mg, ρ = 0.3'
    """
    cause = variables[asked.cause]
    said = [setting(cause, cause.value(position))]
    said += [setting(variables[name], value) for name, value in asked.do.items()]
    said += [f"ρ = {number(asked.rho, 1)}"] if asked.rho else []
    said += [f"{name} from {order[0]} to {order[-1]}" for name, order in asked.orders.items()]
    return ", ".join(said)


def compared(
    title: str,
    asked: Sweep,
    answer: SweepAnswer,
    variables: Mapping[str, Variable],
    position: float,
) -> Compared:
    """What `answer` says at `position`, a code of the cause; imagining is the row's, if any."""
    scale, unit = (100.0, "%") if answer.level is not None else (1.0, answer.outcome.unit)
    curves: dict[str, Curve | RowCurve] = {
        "seeing": answer.seeing,
        "doing": answer.doing,
        "imagining": answer.row or answer.everyone,
    }
    rungs = {name: _at(curve, answer.positions, position, scale) for name, curve in curves.items()}
    inside = float(np.interp(position, answer.positions, answer.support)) >= OUTSIDE
    return Compared(
        title,
        described(asked, variables, position),
        _about(answer),
        unit,
        rungs,
        "all rows" if asked.row is None else f"row {asked.row + 1}",
        LICENCE[answer.status] + ("" if inside else "; outside the data"),
    )


def grouped(settings: Sequence[Compared]) -> list[list[Compared]]:
    """The settings by what they are about, in the order given."""
    found: dict[str, list[Compared]] = {}
    for one in settings:
        found.setdefault(one.about, []).append(one)
    return list(found.values())


def rows(settings: Sequence[Compared]) -> list[dict[str, str]]:
    """What a table says of settings about the same outcome, a row for each."""
    unit = f" ({settings[0].unit})" if settings[0].unit else ""
    return [
        {
            "Scenario": one.title,
            "Setting": one.setting,
            **{RUNGS[name].label + unit: _words(rung) for name, rung in one.rungs.items()},
            "Imagined for": one.imagined,
            "Doing is": one.rests,
        }
        for one in settings
    ]


def scenarios_plot(settings: Sequence[Compared]) -> Figure:
    """A line per setting, the first on top: a mark and an interval for each rung."""
    import plotly.graph_objects as go

    figure, last = go.Figure(), len(settings) - 1
    least, most = (
        float(bound([list(one.rungs.values()) for one in settings]))
        for bound in (np.nanmin, np.nanmax)
    )
    digits = significant(max(-least, most), most - least)
    for name, (symbol, offset) in _MARKS.items():
        value, low, high = np.array([one.rungs[name] for one in settings]).T
        colour = RUNGS[name].colour
        figure.add_scatter(
            x=value,
            y=[last - place + offset for place in range(len(settings))],
            mode="markers",
            name=RUNGS[name].label,
            marker={
                "color": colour,
                "symbol": symbol,
                "size": 11,
                "line": {"width": 2, "color": colour},
            },
            error_x={"array": high - value, "arrayminus": value - low, "color": colour},
            customdata=[literal(one.title, 40) for one in settings],
            hovertemplate=f"%{{customdata}}: %{{x:,.{digits}g}}<extra>%{{fullData.name}}</extra>",
        )
    figure.update_yaxes(
        tickvals=list(range(len(settings))),
        ticktext=[literal(one.title, 34) for one in reversed(settings)],
        range=[-0.6, last + 0.6],
        showgrid=False,
        zeroline=False,
    )
    about, unit = settings[0].about, settings[0].unit
    figure.update_xaxes(title=literal(f"{about} ({unit})" if unit else about, 60), zeroline=False)
    plainly(figure, 100 + _LINE * len(settings))
    return figure.update_layout(
        showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    )


def _about(answer: SweepAnswer) -> str:
    if answer.level is None:
        return answer.outcome.name
    return f"chance of {answer.outcome.name} = {answer.level}"


def _at(curve: Curve | RowCurve, positions: np.ndarray, at: float, scale: float) -> Interval:
    """Between two positions of the slider, as the picture draws it."""
    value, low, high = (
        scale * float(np.interp(at, positions, part))
        for part in (curve.mean, curve.low, curve.high)
    )
    return value, low, high


def _words(rung: Interval) -> str:
    value, low, high = rung
    half = (high - low) / 2
    digits = digits_for(half if half > 0 else abs(value) / 10)
    return f"{number(value, digits)} ({number(low, digits)} to {number(high, digits)})"
