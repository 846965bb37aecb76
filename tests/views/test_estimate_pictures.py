"""The pictures of an estimate: what they draw is what was computed, whatever the names are."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest

from causal_core.estimation.robustness import robustness
from causal_core.graphs.graph import CausalGraph, Edge
from causal_core.queries.gap import Gap, GapPart
from causal_core.tables.table import Table
from causal_core.views.contour import contour, notable
from causal_core.views.effects_plot import Shown, effects_plot
from causal_core.views.gap import payload
from causal_core.views.overlap_plot import balance_plot, propensity_histogram

EVIL = "<img src=x onerror=alert(1)>"
GRAPH = CausalGraph.parse("dag { z -> x; z -> y; x -> m; m -> y }")


@pytest.fixture(scope="module")
def table() -> Table:
    rng = np.random.default_rng(0)
    z, w = rng.normal(size=(2, 400))
    x = 0.4 * z + rng.normal(size=400)
    return Table.from_frame(pd.DataFrame({"x": x, EVIL: z, "w": w, "y": 2 * x + 3 * z + w}))


def test_the_contour_is_the_adjusted_estimate_and_marks_the_strongest(table: Table) -> None:
    noisy = table.frame.assign(y=table["y"] + np.random.default_rng(1).normal(size=400))
    columns = [EVIL, "w"]
    robust = robustness(Table.from_frame(noisy), "x", "y", columns, benchmarks=columns)
    figure = contour(robust, "x", EVIL)
    lines = figure.data[0]
    at = (5, 7)
    height = robust.adjusted_estimate(lines.x[at[1]], lines.y[at[0]])
    assert lines.z[at] == pytest.approx(float(height))
    assert notable(robust.benchmarks)[0].name == EVIL
    assert "<img" not in figure.to_json()


def test_arms_are_drawn_apart_and_sum_to_one() -> None:
    chances = np.linspace(0.02, 0.98, 50)
    arm = np.where(np.arange(50) % 2, 1, 0)
    figure = propensity_histogram(chances, arm, [EVIL, "b"], (0.05, 0.95))
    below, above = (np.array(bar.y) for bar in figure.data)
    assert below.sum() == pytest.approx(-1)
    assert above.sum() == pytest.approx(1)
    assert "<img" not in figure.to_json()


def test_balance_is_drawn_by_its_size() -> None:
    balance = pd.DataFrame({"before": [-0.5, 0.2], "after": [0.01, -0.02]}, index=["a", EVIL])
    figure = balance_plot(balance)
    assert list(figure.data[0].x) == [0.2, 0.5]
    assert list(figure.data[1].x) == [0.02, 0.01]
    assert "<img" not in figure.to_json()


def test_bounds_are_a_bar_and_an_unknown_interval_is_no_fault() -> None:
    shown = [
        Shown(EVIL, "rows", 1.0, 0.5, 1.5),
        Shown("equations", "equations", 1.0, math.nan, math.nan),
        Shown("bounds", "bounds", None, -1.0, 2.0),
    ]
    figure = effects_plot([one.times(100) for one in shown], "points")
    (bar,) = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert (bar.x0, bar.x1) == (-100.0, 200.0)
    assert "<img" not in figure.to_json()


def gap(rest: float = 0.2) -> Gap:
    path = (Edge("z", "x"), Edge("z", "y"))
    parts = (GapPart("x ← z → y", (path,), 1.3),)
    return Gap(2.5, 1.0, parts, rest, "kg", "Seen +2.5 kg, caused +1.0 kg.")


def test_the_bars_lead_from_what_is_seen_to_what_is_caused() -> None:
    sent = payload(gap(), GRAPH, "x", "y")
    json.dumps(sent, allow_nan=False)
    seen, part, rest, caused = sent["bars"]
    assert (seen["from"], seen["to"]) == (0.0, 2.5)
    assert part["from"] == seen["to"]
    assert rest["from"] == part["to"] == pytest.approx(1.2)
    assert rest["to"] == caused["to"] == 1.0
    assert part["edges"] == ["z → x", "z → y"]
    assert caused["edges"] == ["m → y", "x → m"]
    low, high = sent["range"]
    assert low < 0 < 2.5 < high


def test_a_rest_that_rounds_to_nothing_is_not_drawn() -> None:
    assert [bar["kind"] for bar in payload(gap(0.0), GRAPH, "x", "y")["bars"]] == [
        "seeing",
        "part",
        "doing",
    ]


def test_paths_through_a_latent_are_on_the_drawing() -> None:
    hidden = CausalGraph.parse("dag { u [latent]; u -> x; u -> y; x -> y }")
    found = Gap(1.0, 0.4, (GapPart("x ↔ y", ((Edge("x", "y", "<->"),),), 0.6),), 0.0, "", "")
    sent = payload(found, hidden, "x", "y")
    kinds = {f"{e['source']} {e['kind']} {e['target']}" for e in sent["graph"]["edges"]}
    assert kinds == {"x -> y", "x <-> y"}
    assert sent["bars"][1]["edges"] == ["x ↔ y"]


def test_many_small_ways_are_taken_together() -> None:
    path = (Edge("z", "x"), Edge("z", "y"))
    parts = tuple(GapPart(f"way {i}", (path,), 1 / i) for i in range(1, 31))
    total = sum(part.value for part in parts)
    sent = payload(Gap(total + 1, 1.0, parts, 0.0, "kg", ""), GRAPH, "x", "y")
    *_, last, caused = sent["bars"]
    assert len(sent["bars"]) == 11
    assert last["label"] == "without 22 smaller ways together"
    assert last["to"] == pytest.approx(caused["to"])
