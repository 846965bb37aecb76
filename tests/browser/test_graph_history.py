"""A graph of some size, drawn and undone; versions that are kept, compared and gone back to."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from causal_core.studies import versions
from tests.browser.conftest import Server
from tests.browser.graph_steps import Editor, made
from tests.browser.steps import settled

CHAIN = 'dag { a [pos="0,0"] b [pos="200,100"] c [pos="400,0"] a -> b b -> c }'
SIX = "dag { a b c d e f a -> b a -> c b -> d c -> d d -> e e <-> f }"
PLACES = {
    "a": (180, 120),
    "b": (480, 90),
    "c": (480, 330),
    "d": (720, 200),
    "e": (960, 120),
    "f": (960, 340),
}


def test_six_nodes_with_the_mouse_alone_undone_to_nothing_and_redone(
    page: Page, server: Server
) -> None:
    editor = made(page, server, "", columns="a b c d e f").open()
    for name, (x, y) in PLACES.items():
        page.locator(".canvas").click(position={"x": x, "y": y})
        page.get_by_test_id(f"graph-add-{name}").click()
        editor.says(f"Added {name}")
    for source, target in ("ab", "ac", "bd", "cd", "de"):
        editor.draw(source, target)
        editor.says(f"Drew {source} → {target}")
    editor.node("e").click()
    editor.tool("confounder").click()
    editor.node("f").click()
    editor.holds(SIX)
    for _ in range(12):
        editor.tool("undo").click()
    expect(editor.tool("undo")).to_be_disabled()
    editor.comes_to({"nodes": ()})
    for _ in range(12):
        editor.tool("redo").click()
    editor.holds(SIX)


def test_six_nodes_with_the_keyboard_alone_undone_to_nothing_and_redone(
    page: Page, server: Server
) -> None:
    editor = made(page, server, "", columns="a b c d e f").open()
    page.locator(".canvas").focus()
    for name in "abcdef":
        editor.press("n")
        page.keyboard.type(name)
        editor.press("Enter")
        expect(editor.node(name)).to_be_focused()
    for start, kind, end in ("a>b", "a>c", "b>d", "c>d", "d>e", "e=f"):
        walk(editor, start)
        editor.press("Enter" if kind == ">" else "b")
        walk(editor, end)
        editor.press("Enter")
    editor.holds(SIX)
    for _ in range(12):
        editor.press("Control+z")
    editor.comes_to({"nodes": ()})
    for _ in range(12):
        editor.press("Control+y")
    editor.holds(SIX)


def walk(editor: Editor, name: str) -> None:
    """Go to a node by Tab and Shift+Tab, which follow the order of the nodes."""
    names = "abcdef"
    at = editor.page.evaluate(
        """() => {
          let active = document.activeElement;
          while (active.shadowRoot) active = active.shadowRoot.activeElement;
          return active.dataset.name;
        }"""
    )
    steps = names.index(name) - names.index(at)
    editor.press(*["Tab" if steps > 0 else "Shift+Tab"] * abs(steps))
    expect(editor.node(name)).to_be_focused()


def opened(editor: Editor) -> None:
    editor.page.get_by_text("Versions", exact=True).click()
    expect(editor.page.get_by_label("Name of this version")).to_be_visible()


def keep(editor: Editor, name: str) -> None:
    editor.page.get_by_label("Name of this version").fill(name)
    editor.page.get_by_role("button", name="Keep this version").click()
    settled(editor.page)
    expect(editor.page.get_by_role("combobox", name="Version", exact=True)).to_have_value(
        re.compile(re.escape(f" · {name}"))
    )


def test_a_version_is_kept_compared_and_gone_back_to(page: Page, server: Server) -> None:
    editor = made(page, server, CHAIN).open()
    opened(editor)
    name = "before *the* <b>meeting</b>"
    keep(editor, name)
    editor.edge("a", "b").locator(".hit").click(force=True)
    editor.tool("reverse").click()
    editor.edge("b", "c").locator(".hit").click(force=True)
    editor.tool("delete").click()
    editor.draw("a", "c")
    editor.holds("dag { a b c b -> a a -> c }")
    page.get_by_text("Show the difference").click()
    difference = page.locator(".canvas.still")
    expect(difference).to_have_attribute("aria-label", re.compile("b → a turned"), timeout=20_000)
    expect(difference.locator(".edge.added")).to_have_attribute("aria-label", "a → c: added.")
    expect(difference.locator(".edge.added .share")).to_have_text("+")
    expect(difference.locator(".edge.removed")).to_have_attribute("aria-label", "b → c: removed.")
    expect(difference.locator(".edge.removed .share")).to_have_text("−")
    expect(difference.locator(".edge.turned")).to_have_attribute("aria-label", "b → a: turned.")
    expect(page.get_by_text("Turned: b → a.")).to_be_visible()
    page.get_by_role("button", name="Go back to this version").click()
    editor.holds(CHAIN)
    expect(page.get_by_text("Both have the same nodes and edges.")).to_be_visible()
    expect(editor.page.get_by_test_id("graph-edge").first).to_be_visible()
    editor.tool("undo").click()
    editor.holds("dag { a b c b -> a a -> c }")


def test_going_back_to_what_the_tab_began_with_is_drawn_at_once(page: Page, server: Server) -> None:
    """One change after keeping: the stored graph is then the one that the browser started from."""
    editor = made(page, server, CHAIN).open()
    opened(editor)
    keep(editor, "start")
    editor.node("b").click()
    editor.press("Delete")
    editor.holds("dag { a c }")
    page.get_by_role("button", name="Go back to this version").click()
    expect(editor.node("b")).to_be_visible()
    editor.holds(CHAIN)
    editor.node("a").click()
    editor.press("l")
    editor.holds(CHAIN.replace("a [", "a [latent,"))


def test_two_kept_versions_are_compared_renamed_and_deleted(page: Page, server: Server) -> None:
    editor = made(page, server, CHAIN).open()
    opened(editor)
    keep(editor, "one")
    editor.node("c").click()
    editor.press("Delete")
    editor.holds("dag { a b a -> b }")
    keep(editor, "two")
    page.get_by_text("Show the difference").click()
    expect(page.get_by_text("Both have the same nodes and edges.")).to_be_visible()
    box = page.get_by_role("combobox", name="Compared with", exact=True)
    box.click()
    page.get_by_role("option", name="1 · one", exact=True).click()
    expect(page.get_by_text("New in the graph: c.")).to_be_visible()
    expect(page.locator(".canvas.still .node.new")).to_have_count(1)
    page.locator(".st-key-version-rename").get_by_role("button").click()
    page.get_by_label("New name").fill("second")
    page.get_by_role("button", name="Use this name").click()
    expect(page.get_by_role("combobox", name="Version", exact=True)).to_have_value("2 · second")
    page.keyboard.press("Escape")
    page.locator(".st-key-version-delete").get_by_role("button").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("combobox", name="Version", exact=True)).to_have_value("1 · one")
    assert [kept.name for kept in versions.listed(editor.store, editor.study.id)] == ["one"]
