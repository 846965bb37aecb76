"""What is said about nodes and pairs: roles, names, notes and the critic's marks."""

from __future__ import annotations

import re
from dataclasses import replace

from playwright.sync_api import Page, expect

from causal_core.graphs.graph import CausalGraph
from tests.browser.conftest import Server
from tests.browser.graph_steps import made

CHAIN = 'dag { a [pos="0,0"] b [pos="200,100"] c [pos="400,0"] a -> b b -> c }'
SOME = 'dag { a [pos="0,0"] b [pos="200,100"] u [latent,pos="400,0"] a -> b u -> b }'
HOSTILE = "<img src=x onerror=alert(1)> \"'](http://example.invalid/x.png) </script>"


def test_roles_by_button_and_by_key_survive_a_reload(page: Page, server: Server) -> None:
    editor = made(page, server, CHAIN).open()
    editor.node("a").click()
    page.get_by_test_id("graph-role-exposure").click()
    editor.says("a: the cause in question")
    editor.node("c").focus()
    editor.press("y")
    editor.node("b").focus()
    editor.press("z", "s")
    wanted = {
        "exposures": frozenset("a"),
        "outcomes": frozenset("c"),
        "adjusted": frozenset("b"),
        "selected": frozenset("b"),
    }
    editor.comes_to(wanted)
    editor.open()
    expect(editor.node("a").locator(".badge.exposure")).to_be_visible()
    expect(editor.node("c")).to_have_attribute("aria-label", re.compile("the outcome in question"))
    expect(editor.node("b").locator(".tag")).to_have_text("adjusted · selects rows")
    legend = page.get_by_test_id("graph-legend")
    legend.locator("summary").click()
    for words in ("the cause in question", "held in the analysis", "share an unmeasured cause"):
        expect(legend).to_contain_text(words)
    expect(legend).not_to_contain_text("a note")
    editor.node("b").click()
    expect(page.get_by_test_id("graph-role-adjusted")).to_have_attribute("aria-pressed", "true")


def test_no_node_is_cause_and_outcome_or_adjusted_and_unmeasured(
    page: Page, server: Server
) -> None:
    editor = made(page, server, CHAIN).open()
    editor.node("a").focus()
    editor.press("x", "y", "z", "l")
    editor.comes_to(
        {
            "exposures": frozenset(),
            "outcomes": frozenset("a"),
            "adjusted": frozenset(),
            "latent": frozenset("a"),
        }
    )
    for _ in range(4):
        editor.press("Control+z")
    editor.comes_to({"outcomes": frozenset(), "latent": frozenset()})


def test_a_latent_node_is_renamed_with_its_edges_and_notes(page: Page, server: Server) -> None:
    graph = replace(CausalGraph.parse(SOME), notes={("b", "u"): "seen elsewhere"})
    editor = made(page, server, graph).open()
    editor.node("u").dblclick()
    page.get_by_test_id("graph-new-name").fill("  good   luck ")
    editor.press("Enter")
    editor.says("u is called good luck now")
    expect(editor.node("good luck")).to_be_focused()
    editor.holds('dag { a b "good luck" [latent] a -> b "good luck" -> b }')
    editor.comes_to({"notes": {("b", "good luck"): "seen elsewhere"}})
    editor.press("F2")
    page.get_by_test_id("graph-new-name").fill("a")
    editor.press("Enter")
    expect(page.get_by_test_id("graph-hint")).to_contain_text("Two nodes cannot be called a")
    editor.press("F2")
    page.keyboard.type("other")
    editor.press("Escape")
    expect(editor.node("good luck")).to_be_focused()
    editor.press("Control+z")
    editor.holds(SOME)


def test_a_column_keeps_its_name_and_says_why(page: Page, server: Server) -> None:
    editor = made(page, server, SOME).open()
    editor.node("a").click()
    page.get_by_test_id("graph-rename").click()
    expect(page.get_by_test_id("graph-hint")).to_contain_text("a is a column of the table")
    expect(page.get_by_test_id("graph-new-name")).to_have_count(0)


def test_notes_on_an_edge_and_on_a_missing_edge(page: Page, server: Server) -> None:
    editor = made(page, server, CHAIN).open()
    editor.edge("a", "b").locator(".hit").click(force=True)
    note = page.get_by_test_id("graph-note")
    note.fill("a trial of 2019")
    note.press("Enter")
    editor.says("Noted about a and b")
    editor.node("a").click()
    editor.node("c").click(modifiers=["Control"])
    editor.chosen("a and c: no edge")
    editor.press("w")
    page.keyboard.type("c cannot see a")
    editor.node("b").click()  # leaving the field keeps what was typed
    editor.comes_to({"notes": {("a", "b"): "a trial of 2019", ("a", "c"): "c cannot see a"}})
    editor.open()
    expect(page.get_by_test_id("graph-mark-note")).to_have_count(2)
    page.get_by_test_id("graph-pair").locator(".hit").hover(force=True)
    expect(page.get_by_test_id("graph-tip")).to_have_text("c cannot see a")
    editor.node("a").focus()
    editor.press("e")
    expect(page.get_by_test_id("graph-tip")).to_have_text("a trial of 2019")
    page.get_by_test_id("graph-legend").locator("summary").click()
    page.get_by_test_id("graph-show-open").uncheck()
    expect(page.get_by_test_id("graph-pair")).to_have_count(0)
    page.get_by_test_id("graph-show-open").check()
    page.get_by_test_id("graph-pair").locator(".hit").click(force=True)
    editor.chosen("a and c: no edge")
    note.fill("")
    note.press("Enter")
    editor.comes_to({"notes": {("a", "b"): "a trial of 2019"}})
    editor.press("Control+z")
    editor.comes_to({"notes": {("a", "b"): "a trial of 2019", ("a", "c"): "c cannot see a"}})


def test_a_note_follows_its_pair_when_the_edge_comes_and_goes(page: Page, server: Server) -> None:
    graph = replace(CausalGraph.parse(CHAIN), notes={("a", "c"): "why not"})
    editor = made(page, server, graph).open()
    expect(page.get_by_test_id("graph-pair")).to_have_count(1)
    editor.draw("a", "c")
    editor.says("Drew a → c")
    expect(page.get_by_test_id("graph-pair")).to_have_count(0)
    expect(page.get_by_test_id("graph-mark-note")).to_have_count(1)
    editor.node("c").click()
    editor.press("Delete")
    editor.comes_to({"notes": {}, "nodes": ("a", "b")})


def test_hostile_names_and_notes_are_shown_as_they_are(page: Page, server: Server) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    graph = CausalGraph(
        ("a", HOSTILE), latent=frozenset({HOSTILE}), notes={("a", HOSTILE): HOSTILE}
    )
    editor = made(page, server, graph).open()
    page.get_by_test_id("graph-pair").locator(".hit").hover(force=True)
    expect(page.get_by_test_id("graph-tip")).to_have_text(HOSTILE)
    page.locator(".canvas").focus()
    editor.press("Control+a")
    expect(page.get_by_test_id("graph-note")).to_have_value(HOSTILE)
    editor.chosen(" and ".join(sorted(["a", HOSTILE])) + ": no edge")
    page.locator(".canvas .node.latent").dblclick()
    page.get_by_test_id("graph-new-name").fill(f"{HOSTILE} 2")
    editor.press("Enter")
    editor.comes_to({"notes": {tuple(sorted(("a", f"{HOSTILE} 2"))): HOSTILE}})
    assert not dialogs
