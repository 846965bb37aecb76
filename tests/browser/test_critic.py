"""The critic as a person meets it: an arrow goes, and the panel says what the rows object."""

from __future__ import annotations

import numpy as np
import pandas as pd
from playwright.sync_api import Page, expect

from causal_core.graphs.graph import CausalGraph
from causal_core.studies.store import Store
from causal_core.tables.table import Table
from tests.browser.conftest import Server
from tests.browser.steps import settled
from tests.browser.test_graph_editor import CHAIN, Editor


def opened(page: Page, server: Server) -> Editor:
    """The chain a → b → c, with rows that it made."""
    n = np.random.default_rng(0).normal(size=(3, 500))
    frame = pd.DataFrame({"a": n[0], "b": n[0] + n[1], "c": n[0] + n[1] + n[2]})
    store = Store.open(server.home)
    table = store.put_blob(Table.from_frame(frame).to_bytes())
    graph = CausalGraph.parse(CHAIN).to_json()
    return Editor(page, store, store.create("critic", table=table, graph=graph)).open()


def test_removing_an_arrow_says_what_the_rows_contradict(page: Page, server: Server) -> None:
    editor = opened(page, server)
    panel = page.locator(".st-key-critic")
    expect(panel.get_by_text("Nothing contradicts this graph")).to_be_visible()
    page.locator("[data-testid=graph-edge][data-source=b] .hit").click(force=True)
    editor.tool("delete").click()
    editor.holds("dag { a b c a -> b }")
    expect(panel.get_by_text("The rows contradict 2 of 2 independencies")).to_be_visible()
    expect(panel.get_by_text("b → c", exact=True).first).to_be_visible()
    editor.draw("b", "c")
    editor.holds("dag { a b c a -> b b -> c }")
    expect(panel.get_by_text("Nothing contradicts this graph")).to_be_visible()
    panel.get_by_role("button", name="Compare with shuffled names").click()
    expect(panel.get_by_text("graphs with the names shuffled")).to_be_visible()
    settled(page)
