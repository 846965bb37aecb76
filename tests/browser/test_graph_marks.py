"""The editor's module by itself: the critic's marks, tiers, and the dagitty text it writes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from causal_core.graphs.graph import CausalGraph, Edge
from tests.browser.conftest import Server

HOSTILE = '<b onclick="alert(1)">x</b> \\ "q" 名'
CHAIN = 'dag { a [pos="0,0"] b [pos="200,100"] c [pos="400,0"] a -> b b -> c }'
MOUNT = """async (data) => {
  document.body.replaceChildren(document.createElement("main"));
  const place = document.querySelector("main");
  const { default: mount } = await import("/app/static/graph_editor.js");
  const asked = (window.asked = []);
  mount({
    parentElement: place,
    data: { revision: "one", columns: [], marks: [], tiers: false, ...data },
    setStateValue: () => {},
    setTriggerValue: (name, value) => asked.push([name, value]),
  });
}"""
DAGITTY = """async (graph) => {
  const { toDagitty } = await import("/app/static/graph_dagitty.js");
  return toDagitty(graph);
}"""


@pytest.fixture
def blank(page: Page, server: Server) -> Page:
    """A page of the app's origin without the app."""
    page.goto("/app/static/icon.svg")
    page.goto("/_stcore/health")
    return page


def mounted(page: Page, text: str, **data: Any) -> None:
    graph = CausalGraph.parse(text)
    page.evaluate(
        MOUNT, {"graph": json.loads(graph.to_json()), "columns": list(graph.nodes), **data}
    )
    expect(page.get_by_test_id("graph-hint")).not_to_be_empty()


def test_the_critics_marks_are_drawn_with_their_words(blank: Page) -> None:
    marks = [
        {"source": "a", "target": "c", "kind": "missing", "words": HOSTILE},
        {"source": "b", "target": "c", "kind": "weak", "words": "hardly any rows show it"},
        {"source": "a", "target": "b", "kind": "missing", "words": "there is an edge already"},
        {"source": "c", "target": "a", "kind": "weak", "words": "there is no such edge"},
        {"source": "a", "target": "gone", "kind": "missing", "words": "no such node"},
    ]
    mounted(blank, CHAIN, marks=marks)
    expect(blank.get_by_test_id("graph-mark-missing")).to_have_count(1)
    expect(blank.get_by_test_id("graph-mark-weak")).to_have_count(1)
    blank.locator(".pair.missing .hit").hover(force=True)
    expect(blank.get_by_test_id("graph-tip")).to_have_text(HOSTILE)
    blank.locator("[data-testid=graph-edge][data-source=b] .hit").hover(force=True)
    expect(blank.get_by_test_id("graph-tip")).to_have_text("hardly any rows show it")
    legend = blank.get_by_test_id("graph-legend")
    expect(legend).to_contain_text("the table speaks for an edge here")
    expect(legend).to_contain_text("the table hardly shows this arrow")


def test_a_mark_goes_when_the_missing_edge_is_drawn(blank: Page) -> None:
    marks = [{"source": "a", "target": "c", "kind": "missing", "words": "they go together"}]
    mounted(blank, CHAIN, marks=marks)
    blank.get_by_test_id("graph-node-a").focus()
    for key in ("Enter", "ArrowRight", "ArrowRight", "Enter"):
        blank.keyboard.press(key)
    expect(blank.get_by_test_id("graph-edge")).to_have_count(3)
    expect(blank.get_by_test_id("graph-mark-missing")).to_have_count(0)


@pytest.mark.parametrize("tiers", [True, False])
def test_tiers_are_offered_where_they_are_known(blank: Page, tiers: bool) -> None:
    mounted(blank, CHAIN, tiers=tiers)
    blank.get_by_test_id("graph-toolbar-more").click()
    expect(blank.get_by_test_id("graph-menu-tiers")).to_have_count(int(tiers))
    blank.get_by_test_id("graph-menu-ring").click()
    assert blank.evaluate("asked") == [["tidy", {"revision": "one", "way": "ring"}]]


@pytest.mark.parametrize(
    "graph",
    [
        CausalGraph(),
        CausalGraph.parse(CHAIN),
        CausalGraph(
            (HOSTILE, "dag", "latent", "z.1_é", "two words", "b"),
            (Edge("b", HOSTILE), Edge("b", "z.1_é", "<->"), Edge("dag", "b"), Edge("dag", "z.1_é")),
            frozenset({"latent", "b"}),
            {"b": (0.1, -3), HOSTILE: (0.0, 12345.678)},
            frozenset({"dag"}),
            frozenset({HOSTILE}),
            frozenset({"z.1_é"}),
            frozenset({"b"}),
            notes={("b", "dag"): 'a "trial"\nof 1999', ("two words", "b"): "no way — ever"},
        ),
        CausalGraph.parse("pdag { a -- b  b -> c }"),
        CausalGraph.parse("pag { a @-> b  b @-@ c  a -> d }"),
    ],
)
def test_the_browser_writes_the_dagitty_text_that_python_writes(
    blank: Page, graph: CausalGraph
) -> None:
    assert blank.evaluate(DAGITTY, json.loads(graph.to_json())) == graph.to_dagitty()
