"""The report stands alone, shows names as they are, and its program makes the numbers again."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from causal_core.graphs.graph import CausalGraph
from causal_core.queries.engine import answer
from causal_core.queries.questions import Effect, Sweep
from causal_core.scm.training import fit
from causal_core.tables.table import Table
from causal_core.views.graph_svg import graph_svg
from causal_core.views.hero import payload
from causal_core.views.report import Report, report_html
from causal_core.views.script import script
from tests.views.test_hero import made

ROOT = Path(__file__).parents[2]
HERO = (ROOT / "static" / "hero.js").read_text("utf-8")
HOSTILE = "</script><img src=x onerror=alert(1)>\u2028`${x}` '\" & <b>"
GRAPH = CausalGraph.from_edges([("dose", "days"), (HOSTILE, "days")], [("dose", HOSTILE)])


def report(title: str = "Visits") -> str:
    return report_html(
        Report(
            title,
            datetime(2026, 11, 25, 12, 0, tzinfo=UTC),
            1234,
            payload(made()),
            2.0,
            GRAPH,
            [("Doing", "identified by adjusting for <severity>")],
            [{"Variable": HOSTILE, "Equation": "a straight line"}],
            "print('x < y')",
        ),
        HERO,
    )


class Tags(HTMLParser):
    """The elements of a page and their addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.addresses += [v or "" for k, v in attrs if k in ("src", "href", "onerror", "onload")]


def test_a_report_asks_for_nothing_and_lets_nothing_in() -> None:
    page = Tags()
    page.feed(report(HOSTILE))
    assert page.addresses == []
    assert page.names.count("script") == 1
    assert "img" not in page.names
    assert "default-src 'none'" in report()


def test_its_numbers_are_the_pictures() -> None:
    found = re.search(r"const data = (\{.*\})\n", report())
    assert found
    assert json.loads(found.group(1)) == {**payload(made()), "start": 2.0}


def test_the_graph_is_drawn_with_every_name_as_text() -> None:
    drawn = ElementTree.fromstring(graph_svg(GRAPH, {"dose"}, {"days"}))
    titles = {node.text for node in drawn.iter("{http://www.w3.org/2000/svg}title")}
    assert titles == set(GRAPH.nodes)
    lines = list(drawn.iter("{http://www.w3.org/2000/svg}line"))
    assert len(lines) == 3
    assert sum("stroke-dasharray" in line.attrib for line in lines) == 1


@pytest.mark.parametrize("graph", [CausalGraph(), CausalGraph(("a",))])
def test_a_graph_of_little_is_drawn(graph: CausalGraph) -> None:
    ElementTree.fromstring(graph_svg(graph))


def test_the_program_makes_the_same_number(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=120)
    frame = pd.DataFrame({"dose '1'": x, "days": 2 * x + rng.normal(size=120), "unused": 1.5})
    frame.to_csv(tmp_path / "table.csv", index=False)
    graph = CausalGraph.from_edges([("dose '1'", "days")])
    asked = Sweep("dose '1'", "days", row=3)
    table = Table.from_frame(frame[["dose '1'", "days"]])
    text = script(table.variables, graph, asked, (-1.0, 1.0))
    text = text.replace("seed=0)  #", "seed=0, max_epochs=1)  #")  # so that the test is quick
    assert text.count("max_epochs=1") == 2
    done = subprocess.run(
        [sys.executable, "-c", text],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = re.search(r"the effect: Answer\(value=(-?[\d.]+)", done.stdout)
    assert found
    model = fit(table, graph, seed=0, max_epochs=1)
    assert float(found.group(1)) == answer(model, Effect("dose '1'", "days", (-1.0, 1.0))).value
    assert "imagining: [" in done.stdout
