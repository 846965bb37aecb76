"""The graph editor as people use it: with the mouse, with the keyboard alone, with a finger."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from causal_core.graphs.graph import CausalGraph
from tests.browser.conftest import ARTIFACTS, Server
from tests.browser.graph_steps import Editor, made

CHAIN = 'dag { a [pos="0,0"] b [pos="200,100"] c [pos="400,0"] a -> b b -> c }'
DOTS = 'dag { a [pos="0,0"] b [pos="200,100"] c [pos="400,0"] }'


@pytest.fixture
def editor(page: Page, server: Server) -> Editor:
    return made(page, server, "")


def test_a_graph_with_the_mouse_alone(editor: Editor) -> None:
    page = editor.open().page
    page.locator(".canvas").click(position={"x": 200, "y": 200})
    page.get_by_test_id("graph-add-a").click()
    page.locator(".canvas").click(position={"x": 600, "y": 320})
    page.get_by_test_id("graph-add-b").click()
    page.get_by_test_id("graph-chip-c").click()
    expect(page.get_by_test_id("graph-chip-c")).to_have_count(0)
    editor.draw("a", "b")
    editor.says("Drew a → b")
    editor.draw("b", "c")
    editor.holds("dag { a b c a -> b b -> c }")
    page.locator("[data-testid=graph-edge][data-source=b] .hit").click(force=True)
    editor.tool("reverse").click()
    editor.holds("dag { a b c a -> b c -> b }")
    editor.node("c").click()
    editor.tool("latent").click()
    editor.holds("dag { a b c [latent] a -> b c -> b }")
    editor.tool("delete").click()
    editor.holds("dag { a b a -> b }")


def test_the_same_graph_with_the_keyboard_alone(editor: Editor) -> None:
    page = editor.open().page
    page.locator(".canvas").focus()
    for name in "abc":
        editor.press("n")
        page.keyboard.type(name)
        editor.press("Enter")
        expect(editor.node(name)).to_be_focused()
    editor.press("n")
    page.keyboard.type("luck")
    editor.press("Enter")
    editor.says("Added luck as latent")
    editor.press("Delete")
    expect(page.locator(".canvas")).to_be_focused()
    editor.press("Tab")
    expect(editor.node("a")).to_be_focused()
    editor.press("Enter", "ArrowRight", "Enter")
    editor.says("Drew a → b")
    editor.node("b").focus()
    editor.press("a", "Tab", "Enter")
    editor.holds("dag { a b c a -> b b -> c }")
    editor.press("e", "e", "r")
    editor.node("c").focus()
    editor.press("b", "ArrowLeft", "ArrowLeft", "Enter")
    editor.says("Drew c ↔ a")
    editor.press("l")
    editor.holds("dag { a b c [latent] a -> b c -> b a <-> c }")


def test_arrow_keys_with_alt_move_a_node(page: Page, server: Server) -> None:
    editor = made(page, server, DOTS).open()
    before = editor.pill("b")
    editor.node("b").focus()
    editor.press("Alt+ArrowRight", "Alt+ArrowRight", "Alt+ArrowUp")
    after = editor.pill("b")
    assert after[0] - before[0] == pytest.approx(40, abs=4)
    assert after[1] - before[1] == pytest.approx(-20, abs=4)
    page.wait_for_timeout(600)
    assert editor.stored().positions["b"][0] > 200


def test_a_circle_is_refused_with_its_path(page: Page, server: Server) -> None:
    editor = made(page, server, CHAIN).open()
    editor.draw("c", "a")
    expect(page.get_by_test_id("graph-hint")).to_contain_text("a → b → c → a")
    expect(page.get_by_test_id("graph-edge")).to_have_count(2)
    editor.holds(CHAIN)


def test_undo_and_redo(page: Page, server: Server) -> None:
    editor = made(page, server, CHAIN).open()
    editor.node("b").click()
    editor.press("Delete")
    editor.holds("dag { a c }")
    editor.press("Control+z")
    editor.holds(CHAIN)
    editor.tool("redo").click()
    editor.holds("dag { a c }")
    editor.tool("undo").click()
    editor.holds(CHAIN)
    expect(editor.tool("undo")).to_be_disabled()


def test_shift_and_drag_draw_a_confounder(page: Page, server: Server) -> None:
    editor = made(page, server, CHAIN).open()
    page.keyboard.down("Shift")
    editor.drag(editor.pill("a"), editor.pill("c"))
    page.keyboard.up("Shift")
    editor.holds("dag { a b c a -> b b -> c a <-> c }")


def test_a_drag_moves_and_a_reload_keeps_it(page: Page, server: Server) -> None:
    editor = made(page, server, CHAIN).open()
    x, y = editor.pill("b")
    editor.drag((x, y), (x + 120, y - 60))
    editor.says("Moved b")
    page.wait_for_timeout(500)
    kept = editor.stored().positions
    assert kept["b"][0] > 250
    assert kept["b"][1] < 80
    assert kept["a"] == (0, 0)
    editor.open()
    assert editor.stored().positions == kept
    expect(page.get_by_test_id("graph-edge")).to_have_count(2)


def test_pasted_text_replaces_the_graph_and_undo_brings_it_back(page: Page, server: Server) -> None:
    editor = made(page, server, CHAIN).open()
    page.get_by_text("Start again, paste or download").click()
    text = page.get_by_label("Dagitty text")
    use = page.get_by_role("button", name="Use this text")
    text.fill("dag { a -> ")
    text.press("Control+Enter")
    use.click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("Line 1")
    expect(text).to_have_value("dag { a -> ")
    text.fill("dag { c -> a  weather -> a }")
    text.press("Control+Enter")
    use.click()
    expect(editor.node("weather")).to_be_visible()
    expect(page.get_by_text("The table has no column")).to_be_visible()
    page.get_by_role("button", name="Mark as latent").click()
    editor.holds("dag { c a weather [latent] c -> a weather -> a }")
    expect(editor.node("weather")).to_have_class(re.compile("latent"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as dagitty").click()
    assert CausalGraph.parse(download.value.path().read_text()) == editor.stored()
    for _ in range(2):
        editor.tool("undo").click()
    editor.holds(CHAIN)


def test_tidy_lays_causes_left_of_effects(page: Page, server: Server) -> None:
    editor = made(page, server, CHAIN.replace("400,0", "-300,50")).open()
    editor.tool("tidy").click()
    expect(editor.tool("undo")).to_be_enabled()
    assert editor.pill("a")[0] < editor.pill("b")[0] < editor.pill("c")[0]
    editor.holds(CHAIN)


def test_another_tabs_change_is_taken_over_and_not_overwritten(page: Page, server: Server) -> None:
    editor = made(page, server, CHAIN).open()
    editor.node("a").click()
    editor.tool("latent").click()
    editor.holds(CHAIN.replace("a [", "a [latent,"))
    study = editor.store.get(editor.study.id)
    editor.store.update(study, graph=CausalGraph.parse(DOTS).to_json())
    editor.tool("tidy").click()
    expect(page.get_by_test_id("graph-edge")).to_have_count(0)
    editor.holds(DOTS)


def test_an_arrow_with_a_finger_on_a_phone(browser: Browser, server: Server) -> None:
    context = browser.new_context(
        base_url=server.url, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    try:
        editor = made(context.new_page(), server, DOTS).open()
        editor.tool("arrow").tap()
        editor.node("a").tap()
        editor.node("c").tap()
        editor.holds("dag { a b c a -> c }")
        editor.page.screenshot(path=ARTIFACTS / "graph-phone.png")
        wide = editor.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390
    finally:
        context.close()


def test_changes_that_interrupt_the_run_of_the_last_are_kept(page: Page, server: Server) -> None:
    editor = made(page, server, CHAIN).open()
    editor.node("a").focus()
    for pause in range(40):
        editor.press("l")
        page.wait_for_timeout(3 * pause % 50)
    page.wait_for_timeout(1000)
    editor.press("l")
    editor.holds(CHAIN.replace("a [", "a [latent,"))
    for pause in range(41):
        editor.press("Control+z")
        page.wait_for_timeout(7 * pause % 50)
    editor.holds(CHAIN)
    expect(editor.tool("undo")).to_be_disabled()
