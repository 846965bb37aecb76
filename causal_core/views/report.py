"""A picture with all that it stands on, as one HTML file that needs no network.

The slider works as in the app: the file carries the same browser module and the same
numbers. A policy in its head forbids every request.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from causal_core.graphs.graph import CausalGraph
from causal_core.views.graph_svg import graph_svg

_EXPORT = "export default function"
_POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"


@dataclass(frozen=True, eq=False)
class Report:
    """What a report shows.

    `picture` is the hero's payload and `start` where its slider begins; `said` are
    (what, on what it rests) pairs; `equations` one row of a table each; `script` the
    program that makes the numbers again; `notes` a person's own.
    """

    title: str
    made: datetime
    rows: int
    picture: Mapping[str, Any]
    start: float
    graph: CausalGraph
    said: Sequence[tuple[str, str]]
    equations: Sequence[Mapping[str, str]]
    script: str
    notes: str = ""


def report_html(report: Report, hero: str) -> str:
    """The file; `hero` is the source of the browser module that draws the picture."""
    cause, outcome = report.picture["cause"]["name"], report.picture["outcome"]["name"]
    parts = [
        f"<h1>{escape(report.title)}</h1>",
        f"<p class='sub'>{escape(cause)} → {escape(outcome)} · {report.rows:,} rows · made by "
        f"Rungs on {report.made:%d %B %Y, %H:%M} UTC · works without a network</p>",
        "<div id='hero'></div>",
        f"<h2>What each number rests on</h2>{_said(report.said)}",
        f"<h2>Notes</h2><div class='notes'>{escape(report.notes)}</div>" if report.notes else "",
        f"<h2>The graph</h2>{graph_svg(report.graph, {cause}, {outcome})}",
        f"<h2>The equations</h2>{_table(report.equations)}",
        "<h2>The same numbers from Python</h2>"
        f"<details><summary>Show the program</summary><pre>{escape(report.script)}</pre></details>",
    ]
    module = hero.replace(_EXPORT, "const drawHero = function")
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(report.title)}</title><style>{_STYLE}</style></head>"
        f"<body><main>{''.join(parts)}</main><script type='module'>\n{module}\n"
        f"const data = {_json({**report.picture, 'start': report.start})}\n"
        "const parentElement = document.getElementById('hero')\n"
        "drawHero({ data, parentElement, setStateValue() {} })\n"
        "</script></body></html>"
    )


def _said(said: Sequence[tuple[str, str]]) -> str:
    begun = [(what, why[:1].upper() + why[1:]) for what, why in said]
    return "<dl>" + "".join(f"<dt>{escape(a)}</dt><dd>{escape(b)}</dd>" for a, b in begun) + "</dl>"


def _table(rows: Sequence[Mapping[str, str]]) -> str:
    if not rows:
        return "<p>No equation has been judged yet: the picture shows the first sketch.</p>"
    head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in rows[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row.values()) + "</tr>"
        for row in rows
    )
    return f"<div class='wide'><table><tr>{head}</tr>{body}</table></div>"


def _json(value: Mapping[str, Any]) -> str:
    """JSON that may stand in a script element: no tag can begin, no line can end in it."""
    text = json.dumps(value, allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


_STYLE = """
:root { color-scheme: light dark; --st-text-color: #1B2430; --st-background-color: #FFFFFF;
  --st-secondary-background-color: #F4F6F9; --st-font: system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { :root { --st-text-color: #E8ECF1;
  --st-background-color: #12181F; --st-secondary-background-color: #1C242E; } }
body { margin: 0; background: var(--st-background-color); color: var(--st-text-color);
  font: 15px/1.5 var(--st-font); }
main { max-width: 72rem; margin: 0 auto; padding: 1.2rem 1rem 3rem; }
h1 { font-size: 1.6rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 1.6rem 0 .4rem; }
.sub { opacity: .72; margin: .1rem 0 1rem; overflow-wrap: anywhere; }
dt { font-weight: 600; margin-top: .4rem; } dd { margin: 0; overflow-wrap: anywhere; }
.notes { white-space: pre-wrap; overflow-wrap: anywhere; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .9rem; }
th, td { min-width: 6rem; text-align: left; padding: .3rem .7rem .3rem 0; vertical-align: top;
  border-bottom: 1px solid color-mix(in srgb, var(--st-text-color) 18%, transparent); }
pre { overflow-x: auto; background: var(--st-secondary-background-color); padding: .8rem; }
svg text { font-family: inherit; }
"""
