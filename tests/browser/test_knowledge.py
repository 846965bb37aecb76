"""Steering a search: what is known by drag and by key, edges on the picture, and it all kept."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from causal_core.graphs.graph import CausalGraph
from causal_core.studies.store import Store, Study
from causal_core.tables.table import Table
from tests.browser.conftest import ARTIFACTS, Server
from tests.browser.steps import at, settled
from tests.browser.test_discover import edges, search

PATIENCE = 20_000  # milliseconds: on a busy machine a page may take its time
HOSTILE = "dose <b>![x](http://evil.test/p.png)</b>"


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def store(server: Server) -> Store:
    return Store.open(server.home)


@pytest.fixture
def study(store: Store) -> Study:
    """Two chains: age → dose → pain, and a → b → c → d."""
    rng = np.random.default_rng(0)
    frame = {}
    for chain in (("age", HOSTILE, "pain"), tuple("abcd")):
        frame[chain[0]] = rng.normal(size=2000)
        for cause, effect in pairwise(chain):
            frame[effect] = frame[cause] + rng.normal(size=2000)
    table = Table.from_frame(pd.DataFrame(frame).round(3))
    return store.create("Pain", table=store.put_blob(table.to_bytes()))


def open_page(page: Page, study: Study) -> None:
    page.goto(f"/discover?study={study.id}")
    expect(page.get_by_test_id("knowledge")).to_be_attached()
    settled(page)


def pill(page: Page, name: str) -> Locator:
    return page.get_by_test_id(f"knowledge-pill-{name}")


def drag(page: Page, start: Locator, end: Locator) -> None:
    """From the middle of one thing to the middle of another, in steps as a hand does it."""
    start.scroll_into_view_if_needed()
    one, other = start.bounding_box(), end.bounding_box()
    assert one
    assert other
    page.mouse.move(one["x"] + one["width"] / 2, one["y"] + one["height"] / 2)
    page.mouse.down()
    page.mouse.move(other["x"] + other["width"] / 2, other["y"] + other["height"] / 2, steps=8)
    page.mouse.up()
    settled(page)


def told(store: Store, study: Study) -> dict[str, list[list[str]]]:
    found = store.get(study.id).choices["discover"]["knowledge"]
    return {role: found[role] for role in ("tiers", "required", "forbidden")}


def expect_told(page: Page, store: Store, study: Study, **wanted: list[list[str]]) -> None:
    """What is stored, once the app has taken what the canvas sent."""
    end = time.monotonic() + 10
    while told(store, study) != wanted and time.monotonic() < end:
        page.wait_for_timeout(100)
    assert told(store, study) == wanted


def arrow(page: Page, words: str) -> Locator:
    return page.get_by_role("button", name=words, exact=True)


def test_drag_search_orient_and_use(page: Page, store: Store, study: Study) -> None:
    open_page(page, study)
    drag(page, pill(page, "age"), page.get_by_test_id("lane-1"))
    drag(page, pill(page, HOSTILE), page.get_by_test_id("lane-2"))
    drag(page, pill(page, "pain"), page.get_by_test_id("lane-2"))
    drag(page, page.get_by_test_id("knowledge-handle-a"), pill(page, "d"))
    lanes = [["age"], [HOSTILE, "pain"]]
    expect_told(page, store, study, tiers=lanes, required=[["a", "d"]], forbidden=[])
    drag(page, page.get_by_test_id("knowledge-handle-pain"), pill(page, "age"))
    hint = page.get_by_test_id("knowledge-hint")
    expect(hint).to_contain_text("pain must cause age, so it cannot stand later")
    drag(page, page.get_by_test_id("knowledge-handle-d"), pill(page, "a"))
    expect(hint).to_contain_text("a circle: d → a → d")
    click_line(page, arrow(page, "a must cause d"))
    expect(arrow(page, "a cannot cause d")).to_be_attached()
    expect_told(page, store, study, tiers=lanes, required=[], forbidden=[["a", "d"]])
    page.screenshot(path=ARTIFACTS / "knowledge.png", full_page=True)
    click_line(page, arrow(page, "a cannot cause d"))
    expect(page.get_by_test_id("knowledge-arrow")).to_have_count(0)
    expect_told(page, store, study, tiers=lanes, required=[], forbidden=[])

    search(page)
    assert edges(page) == sorted(
        [f"age → {HOSTILE}", f"{HOSTILE} → pain", "a — b", "b — c", "c — d"]
    )
    expect(page.get_by_text("settle at least 2 of 3 open edges (2.7 on average)")).to_be_visible()
    page.screenshot(path=ARTIFACTS / "found.png")
    click_line(page, edge(page, "a — b"))
    page.get_by_role("button", name="a → b", exact=True).click()
    expect(page.get_by_test_id("found-hint")).to_contain_text("Every edge is directed")
    settled(page)
    assert "c → d" in edges(page)

    page.reload()
    expect(page.get_by_test_id("found-hint")).to_contain_text("Every edge is directed")
    page.get_by_text("What to search, and what is known already").click()
    expect(page.get_by_test_id("lane-1")).to_contain_text("age")
    settled(page)

    page.get_by_role("button", name="Use this graph").click()
    at(page, "graph")
    used = CausalGraph.from_json(store.get(study.id).graph or "")
    assert {str(e) for e in used.edges} == {
        f"age -> {HOSTILE}", f"{HOSTILE} -> pain", "a -> b", "b -> c", "c -> d",
    }  # fmt: skip
    assert page.locator("img[src*='evil']").count() == 0


def click_line(page: Page, line: Locator) -> None:
    """In its middle, wherever it bends."""
    line.scroll_into_view_if_needed()
    page.mouse.click(*middle(line))


def middle(line: Locator) -> tuple[float, float]:
    """Where the middle of a line is on the screen."""
    x, y = line.evaluate(
        """g => {
          const path = g.querySelector('.line')
          const p = path.getPointAtLength(path.getTotalLength() / 2)
          const at = new DOMPoint(p.x, p.y).matrixTransform(path.getScreenCTM())
          return [at.x, at.y]
        }"""
    )
    return x, y


def edge(page: Page, words: str) -> Locator:
    """A line of the picture, by its own words."""
    return page.locator(f'[data-testid="graph-edge"][aria-label^="{words}:"]')


def test_the_same_by_keyboard(page: Page, store: Store, study: Study) -> None:
    open_page(page, study)
    pill(page, "age").focus()
    page.keyboard.press("ArrowRight")
    live = page.get_by_test_id("knowledge-live")
    expect(live).to_have_text("age stands in lane 1, earliest.")
    expect(pill(page, "age")).to_be_focused()
    pill(page, "pain").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(live).to_have_text("pain stands in lane 2, latest.")
    page.keyboard.press("ArrowRight")
    expect(live).to_contain_text("pain is in the latest lane")
    page.keyboard.press("a")
    expect(live).to_contain_text("What must pain cause?")
    pill(page, "age").focus()
    page.keyboard.press("Enter")
    expect(live).to_contain_text("pain must cause age, so it cannot stand later")
    pill(page, "a").focus()
    page.keyboard.press("x")
    pill(page, "b").focus()
    page.keyboard.press("Enter")
    expect(arrow(page, "a cannot cause b")).to_be_attached()
    lanes = [["age"], ["pain"]]
    expect_told(page, store, study, tiers=lanes, required=[], forbidden=[["a", "b"]])
    arrow(page, "a cannot cause b").focus()
    page.keyboard.press("Delete")
    expect(page.get_by_test_id("knowledge-arrow")).to_have_count(0)
    expect_told(page, store, study, tiers=lanes, required=[], forbidden=[])

    search(page)
    edge(page, "c — d").focus()
    page.keyboard.press("Enter")
    menu = page.get_by_test_id("edge-menu")
    expect(menu).to_contain_text("The rows fit both ways.")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(edge(page, "d → c")).to_be_focused()
    settled(page)
    assert {"c → b", "b → a"} <= set(edges(page))
    page.keyboard.press("Enter")
    expect(menu).to_contain_text("You directed it.")
    page.get_by_role("button", name="take back").press("Enter")
    expect(edge(page, "c — d")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(edge(page, "c — d")).to_be_focused()


def test_text_and_canvas_are_one(page: Page, store: Store, study: Study) -> None:
    open_page(page, study)
    page.get_by_text("The same as text").click()
    box = page.get_by_label("Order in time, the earliest first", exact=False)
    box.fill(f"age\n\n{HOSTILE}, pain")
    box.press("Control+Enter")
    expect(page.get_by_test_id("lane-2")).to_contain_text("pain")
    settled(page)
    pill(page, "pain").focus()
    page.keyboard.press("ArrowLeft")
    expect(box).to_have_value(f"age, pain\n{HOSTILE}")
    box.fill("age\npian")
    box.press("Control+Enter")
    expect(page.get_by_text("Did you mean “pain”?")).to_be_visible()
    expect(box).to_have_value("age\npian")
    expect(page.get_by_test_id("lane-1")).to_contain_text("pain")
    required = page.get_by_label("Arrows that are there, one on a line")
    box.fill("age\npain")
    box.press("Control+Enter")
    settled(page)
    required.fill("pain -> age")
    required.press("Control+Enter")
    expect(page.get_by_text("is required, and forbidden too")).to_be_visible()
    expect_told(page, store, study, tiers=[["age"], ["pain"]], required=[], forbidden=[])


def test_the_threshold_follows_the_thumb_and_is_kept(
    page: Page, store: Store, study: Study
) -> None:
    open_page(page, study)
    search(page)
    slider = page.get_by_test_id("found-least")
    before = len(edges(page))
    slider.focus()
    page.keyboard.press("Home")
    settled(page)
    assert len(edges(page)) >= before
    expect(page.get_by_text("Edges in at least 0 % of")).to_be_visible()
    page.reload()
    expect(slider).to_have_value("0")
    assert store.get(study.id).choices["discover"]["result"]["least"] == 0


def test_graphs_are_compared_and_another_can_be_looked_at(
    page: Page, store: Store, study: Study
) -> None:
    open_page(page, study)
    search(page)
    page.get_by_text("graphs compared").click()
    expect(page.get_by_text("600 rows set aside")).to_be_visible()
    page.get_by_role("radio", name="2", exact=True).click()
    expect(page.get_by_text("graph 2 is shown")).to_be_visible()
    settled(page)
    page.reload()
    expect(page.get_by_text("graph 2 is shown")).to_be_visible()


def test_columns_that_cannot_be_searched_are_left_out_by_a_click(page: Page, store: Store) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=200)
    frame = pd.DataFrame({"x": x, "y": x + rng.normal(size=200), "flat": 1.0})
    frame["who"] = [f"n{i}" for i in range(200)]
    table = Table.from_frame(frame, kinds={"who": "categorical"})
    study = store.create("Odd", table=store.put_blob(table.to_bytes()))
    open_page(page, study)
    expect(page.get_by_text("has the same value in every row")).to_be_visible()
    page.locator(".st-key-leave-out").get_by_role("button").click()
    expect(page.locator(".st-key-leave-out")).to_have_count(0)
    search(page)
    assert edges(page) == ["x — y"]


def test_a_finger_moves_columns_and_decides_on_edges(
    browser: Browser, server: Server, store: Store, study: Study
) -> None:
    context = browser.new_context(
        base_url=server.url, viewport={"width": 390, "height": 844}, has_touch=True
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    open_page(page, study)
    start, end = pill(page, "age"), page.get_by_test_id("lane-2")
    start.scroll_into_view_if_needed()
    finger(page, start, end)
    expect(end).to_contain_text("age")
    pill(page, "pain").tap()
    page.get_by_test_id("knowledge-required").tap()
    pill(page, "a").tap()
    expect(arrow(page, "pain must cause a")).to_be_attached()
    expect_told(page, store, study, tiers=[[], ["age"]], required=[["pain", "a"]], forbidden=[])
    page.get_by_test_id("knowledge-undo").tap()
    search(page)
    line = edge(page, "b — c")
    line.scroll_into_view_if_needed()
    page.touchscreen.tap(*middle(line))
    page.get_by_role("button", name="c → b", exact=True).tap()
    expect(edge(page, "b → a")).to_be_attached()
    context.close()


def finger(page: Page, start: Locator, end: Locator) -> None:
    """A drag by touch."""
    one, other = start.bounding_box(), end.bounding_box()
    assert one
    assert other
    (x, y), (u, v) = ((b["x"] + b["width"] / 2, b["y"] + b["height"] / 2) for b in (one, other))
    device = page.context.new_cdp_session(page)
    for step in range(9):
        point = {"x": x + (u - x) * step / 8, "y": y + (v - y) * step / 8}
        kind = "touchMove" if step else "touchStart"
        device.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    device.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
