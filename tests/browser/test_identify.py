"""Identify as a person meets it: ask in words, play the derivation, hold nodes, be told no."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

from causal_core.graphs.graph import CausalGraph
from causal_core.studies.store import Store, Study
from causal_core.tables.table import Table
from tests.browser.conftest import ARTIFACTS, Server
from tests.browser.steps import settled

HOSTILE = "dose <b>![x](http://evil.test/p.png)</b> $\\frac{1}{2}$"


@pytest.fixture
def store(server: Server) -> Store:
    return Store.open(server.home)


def opened(page: Page, store: Store, graph: CausalGraph) -> Study:
    frame = pd.DataFrame({name: [0, 1] * 20 for name in graph.observed})
    table = store.put_blob(Table.from_frame(frame).to_bytes())
    study = store.create("question", table=table, graph=graph.to_json())
    page.goto(f"/identify?study={study.id}")
    expect(page.get_by_test_id("graph-edge").first).to_be_attached()
    settled(page)
    return study


def ask(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name="Your question")
    box.fill(text)
    box.press("Enter")
    settled(page)


def edge(page: Page, source: str, target: str, kind: str = "->") -> Locator:
    place = f'[data-source="{source}"][data-target="{target}"][data-kind="{kind}"]'
    return page.locator(f'[data-testid="graph-edge"]{place}')


def test_ask_in_words_and_play_the_derivation(page: Page, store: Store) -> None:
    opened(page, store, CausalGraph.parse("dag { x -> m -> y; x <-> y }"))
    ask(page, "does *x* cause y?")
    expect(page.get_by_role("heading", name="Yes, through m")).to_be_visible()
    expect(page.get_by_test_id("identify-count")).to_have_text("1 of 7")
    page.get_by_test_id("identify-on").click()
    expect(edge(page, "x", "m")).to_have_class(re.compile(r"\bcut\b"))
    expect(page.get_by_test_id("identify-mark-cut")).to_have_count(1)
    page.get_by_test_id("identify-on").press("End")
    step = page.get_by_test_id("identify-step")
    expect(step).to_contain_text("m ← x ↔ y")
    expect(page.get_by_test_id("identify-mark-blocks-x")).to_be_visible()
    expect(step.locator("math").last).to_be_visible()
    page.screenshot(path=ARTIFACTS / "identify-front-door.png")
    page.get_by_test_id("identify-back").press("ArrowLeft")
    expect(page.get_by_test_id("identify-count")).to_have_text("6 of 7")
    page.get_by_test_id("identify-slider").fill("1")
    expect(page.get_by_test_id("identify-live")).to_contain_text("Step 1 of 7. Probability")
    expect(page.get_by_test_id("identify-back")).to_be_disabled()


def test_holding_nodes_on_the_canvas_opens_and_closes_paths(page: Page, store: Store) -> None:
    graph = "dag { x <- a -> m <- b -> y; x -> y; z -> x; z -> y }"
    study = opened(page, store, CausalGraph.parse(graph))
    ask(page, "effect of x on y")
    page.get_by_test_id("identify-paths").click()
    verdict = page.get_by_test_id("identify-judgement")
    expect(verdict).to_contain_text("✕")
    expect(edge(page, "z", "y")).to_have_class(re.compile(r"\bbiasing\b"))
    expect(edge(page, "x", "y")).to_have_class(re.compile(r"\bcausal\b"))
    page.get_by_test_id("graph-node-z").click()
    expect(verdict).to_contain_text("✓")
    expect(edge(page, "z", "y")).to_have_class(re.compile(r"\bblocked\b"))
    page.get_by_test_id("graph-node-m").press("Enter")
    expect(verdict).to_contain_text("opens x ← a → m ← b → y")
    page.get_by_test_id("identify-path-0").hover()
    expect(page.get_by_test_id("identify-live")).to_contain_text("opened by holding m")
    expect(page.get_by_test_id("graph-node-z")).not_to_have_class(re.compile(r"\btraced\b"))
    page.get_by_test_id("graph-node-x").click()
    expect(page.get_by_test_id("identify-hint")).to_contain_text("the cause that is asked about")
    settled(page)
    assert store.get(study.id).choices["question"]["adjusted"] == ["m", "z"]
    page.locator(".st-key-sets").get_by_role("button", name="z", exact=True).click()
    expect(verdict).to_contain_text("✓")
    expect(page.get_by_test_id("graph-node-m")).to_have_attribute("aria-pressed", "false")


def test_the_napkin_is_answered_and_the_bow_is_not(page: Page, store: Store) -> None:
    napkin = "dag { w -> r; r -> x; x -> y; w <-> x; w <-> y }"
    opened(page, store, CausalGraph.parse(napkin))
    ask(page, "would y change if x were set?")
    expect(page.get_by_text("Identified by do-calculus")).to_be_visible()
    expect(page.get_by_test_id("identify-count")).to_have_text(re.compile("1 of [4-9]"))
    page.get_by_test_id("identify-on").press("End")
    expect(page.get_by_test_id("identify-step").locator("mfrac")).to_be_visible()
    expect(page.get_by_test_id("graph-node-w")).to_have_class(re.compile(r"\baway\b"))

    opened(page, store, CausalGraph.parse("dag { x -> y; x <-> y }"))
    expect(page.get_by_role("heading", name="No. These data cannot tell")).to_be_visible()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    expect(edge(page, "x", "y", "<->")).to_have_class(re.compile(r"\blarger\b"))
    expect(page.get_by_text("This is a hedge")).to_be_visible()


def test_hostile_names_are_shown_literally(page: Page, store: Store) -> None:
    graph = CausalGraph.from_edges([("age", HOSTILE), ("age", "pain"), (HOSTILE, "pain")])
    opened(page, store, graph)
    ask(page, f"does {HOSTILE} cause pain given nothing?")
    expect(page.get_by_text("“nothing” is no variable of this graph")).to_be_visible()
    ask(page, f"does {HOSTILE} cause pain?")
    expect(page.get_by_role("heading", name="Yes, by adjusting for age")).to_be_visible()
    expect(
        page.get_by_test_id("identify-step").locator("mtext", has_text=HOSTILE).first
    ).to_be_visible()
    expect(page.locator(".st-key-estimand .katex-error")).to_have_count(0)
    page.get_by_test_id("identify-paths").click()
    expect(page.get_by_test_id("identify-path-0").locator("b")).to_have_text(
        f"{HOSTILE} ← age → pain"
    )
    assert page.locator("img[src*=evil]").count() == 0
