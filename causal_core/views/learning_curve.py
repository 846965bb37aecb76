"""The learning curves of a fit: its stages in words, and a light drawing for each.

The drawing is a small SVG image that the page redraws in place several times a second;
a plotly chart would be taken down and built anew each time.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from causal_core.views.fit_quality import INK
from causal_core.views.theme import digits_for, number

STAGES = {
    "start": "Getting ready",
    "race": "Trying every kind of equation",
    "final": "Training the promising ones on all rows",
    "members": "Training them on bootstrapped rows, for the bands",
    "association": "Learning what goes with what",
    "search": "Searching for the graph that explains the rows best",
    "resamples": "Searching again on resampled rows, to see how sure each edge is",
    "estimate": "Estimating the effect once",
    "refute": "Estimating it again where the answer is known",
    "judge": "Fitting equations on the best graphs, to compare them on rows set aside",
}
_TRAIN, _HELD_OUT = 2, 3  # places in a point
_SMALL = "font-size:0.8rem;opacity:0.75"


def stage_words(stage: str) -> str:
    """What the stage does, for people."""
    return STAGES.get(stage, "Getting ready")


def learning_curve(points: Sequence[Sequence[Any]], stage: str) -> str:
    """HTML: loss on learned rows (thin, dotted) and on held-out rows (thick) of one stage.

    `points` are [stage, epoch, train, held_out]; losses in nats per row, lower is better.
    It holds numbers only, nothing that a person wrote.
    """
    mine = [point for point in points if point[0] == stage]
    if not mine:
        return ""
    losses = [float(point[place]) for point in mine for place in (_TRAIN, _HELD_OUT)]
    low, high = min(losses), max(losses)
    shown = [number(value, digits_for((high - low) / 10)) for value in (high, low)]
    held_out = number(float(mine[-1][_HELD_OUT]), digits_for((high - low) / 10))
    said = f"Held-out loss {held_out} nats per row after epoch {int(mine[-1][1])}"
    lines = _line(mine, _TRAIN, low, high, 'stroke-width="1.5" stroke-dasharray="3 3"')
    lines += _line(mine, _HELD_OUT, low, high, 'stroke-width="3"')
    return (
        '<figure style="margin:0">'
        f'<figcaption style="{_SMALL}">{said} (┅ learned rows, ━ held-out rows)</figcaption>'
        '<div style="display:flex;gap:0.5rem;margin-top:0.5rem">'
        f'<div style="{_SMALL};display:flex;flex-direction:column;justify-content:space-between">'
        f"<span>{shown[0]}</span><span>{shown[1]}</span></div>"
        f'<img alt="{said}" src="{_picture(lines)}" '
        'style="flex:1;min-width:0;height:9rem;border-left:1px solid;border-bottom:1px solid">'
        "</div></figure>"
    )


def _picture(lines: str) -> str:
    """The lines as the address of an image: Streamlit strips SVG that stands in HTML."""
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -4 102 108" '
        f'width="600" height="144" preserveAspectRatio="none">{lines}</svg>'
    )
    return f"data:image/svg+xml;base64,{b64encode(drawn.encode()).decode()}"


def _line(points: Sequence[Sequence[Any]], place: int, low: float, high: float, look: str) -> str:
    """One curve in a square of 100 by 100; its strokes keep their width when it is stretched."""
    last, span = max(1, int(points[-1][1]) - 1), (high - low) or 1.0
    corners = " ".join(
        f"{100 * (int(p[1]) - 1) / last:.2f},{100 * (high - float(p[place])) / span:.2f}"
        for p in points
    )
    style = f'fill="none" stroke="{INK}" vector-effect="non-scaling-stroke"'
    return f'<polyline points="{corners}" {style} {look}/>'


def stages_of(points: Sequence[Sequence[Any]]) -> tuple[str, ...]:
    """The stages that the points tell of, in order."""
    return tuple(dict.fromkeys(point[0] for point in points))
