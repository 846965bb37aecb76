"""One study in two tabs: what both changed is shown from both sides, and either can be kept."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from causal_core.graphs.graph import CausalGraph
from tests.browser.conftest import Server
from tests.browser.graph_steps import Editor, made

CHAIN = 'dag { a [pos="0,0"] b [pos="200,100"] c [pos="400,0"] a -> b b -> c }'


def test_a_graph_drawn_in_two_tabs_is_lost_in_neither(page: Page, server: Server) -> None:
    mine = made(page, server, CausalGraph.parse(CHAIN)).open()
    with page.context.new_page() as other:
        theirs = Editor(other, mine.store, mine.study).open()
        theirs.edge("b", "c").locator(".hit").click(force=True)
        theirs.press("Delete")
        theirs.comes_to({"edges": CausalGraph.parse("dag { c a -> b }").edges})
        page.bring_to_front()
        mine.draw("a", "c")
        expect(page.get_by_text("Nothing is lost yet: see both, and choose.")).to_be_visible()
        expect(page.locator(".st-key-contested")).to_contain_text("Arrows only here: a → c, b → c.")
        theirs.comes_to({"edges": CausalGraph.parse("dag { c a -> b }").edges})
        page.get_by_role("button", name="Keep mine").click()
        mine.comes_to({"edges": CausalGraph.parse("dag { a -> b; a -> c; b -> c }").edges})
        expect(page.locator(".st-key-contested")).to_have_count(0)
        expect(mine.edge("a", "c")).to_have_count(1)
