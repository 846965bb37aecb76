"""A graph as one still SVG, for a page that runs no code for it."""

from __future__ import annotations

import math
from collections.abc import Collection
from html import escape

from causal_core.graphs.graph import CausalGraph, Edge, Position
from causal_core.views.layout import placed

_HIGH, _WIDE, _LETTER, _PAD, _LONGEST = 30.0, 44.0, 7.6, 22.0, 30  # pixels, and letters
_INK, _FAINT = "#5B6875", "#8A97A6"
_CAUSE, _OUTCOME, _PLAIN = ("#D6E9F5", "#0072B2"), ("#FBEBC8", "#E69F00"), ("#EEF1F4", _FAINT)


def graph_svg(
    graph: CausalGraph, causes: Collection[str] = (), outcomes: Collection[str] = ()
) -> str:
    """SVG text of the graph; arrows are solid, hidden common causes dashed with two heads."""
    spots = placed(graph).positions
    if not spots:
        return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" role="img"></svg>'
    left, top = (min(spot[i] for spot in spots.values()) for i in (0, 1))
    right, bottom = (max(spot[i] for spot in spots.values()) for i in (0, 1))
    margin = max(map(_width, graph.nodes)) / 2 + _PAD
    box = (left - margin, top - _WIDE, right - left + 2 * margin, bottom - top + 2 * _WIDE)
    lines = [_line(edge, spots[edge.source], spots[edge.target]) for edge in graph.edges]
    pills = [
        _pill(n, spots[n], _colours(n, causes, outcomes), n in graph.latent) for n in graph.nodes
    ]
    said = escape("; ".join(map(str, graph.edges)) or "no edges", quote=True)
    view = " ".join(f"{number:.0f}" for number in box)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" role="img" '
        f'aria-label="Causal graph: {said}" style="max-width:{box[2]:.0f}px;width:100%">'
        f"{_HEAD}{''.join(lines)}{''.join(pills)}</svg>"
    )


_HEAD = (
    '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" '
    'markerHeight="7" orient="auto-start-reverse">'
    f'<path d="M0 0 10 5 0 10z" fill="{_INK}"/></marker></defs>'
)


def _width(name: str) -> float:
    return _WIDE + _LETTER * len(_short(name))


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _colours(name: str, causes: Collection[str], outcomes: Collection[str]) -> tuple[str, str]:
    return _CAUSE if name in causes else _OUTCOME if name in outcomes else _PLAIN


def _pill(name: str, at: Position, colours: tuple[str, str], latent: bool) -> str:
    wide, dash = _width(name) - _PAD, ' stroke-dasharray="4 3"' if latent else ""
    fill, edge = ("#FFFFFF", _FAINT) if latent else colours
    return (
        f'<g><title>{escape(name)}</title><rect x="{at[0] - wide / 2:.1f}" '
        f'y="{at[1] - _HIGH / 2:.1f}" width="{wide:.1f}" height="{_HIGH:.0f}" rx="9" '
        f'fill="{fill}" stroke="{edge}" stroke-width="1.6"{dash}/>'
        f'<text x="{at[0]:.1f}" y="{at[1] + 5:.1f}" text-anchor="middle" font-size="14" '
        f'fill="#1B2430">{escape(_short(name))}</text></g>'
    )


def _line(edge: Edge, start: Position, end: Position) -> str:
    """From the border of one pill to the border of the other."""
    there, here = _border(edge.target, end, start), _border(edge.source, start, end)
    heads = ' marker-end="url(#head)"' if edge.kind in ("->", "<->", "o->") else ""
    heads += ' marker-start="url(#head)"' if edge.kind == "<->" else ""
    dash = ' stroke-dasharray="5 4"' if edge.kind != "->" else ""
    return (
        f'<line x1="{here[0]:.1f}" y1="{here[1]:.1f}" x2="{there[0]:.1f}" y2="{there[1]:.1f}" '
        f'stroke="{_INK}" stroke-width="1.8"{dash}{heads}/>'
    )


def _border(name: str, at: Position, towards: Position) -> Position:
    """Where the straight way from `at` to `towards` leaves the pill of `name`."""
    dx, dy = towards[0] - at[0], towards[1] - at[1]
    wide, high = (_width(name) - _PAD) / 2 + 2, _HIGH / 2 + 2
    share = min(wide / abs(dx) if dx else math.inf, high / abs(dy) if dy else math.inf, 1.0)
    return at[0] + share * dx, at[1] + share * dy
