"""The Graph page as tests use it: what is drawn, what the keys and the mouse do, what is stored."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd
from playwright.sync_api import Locator, Page, expect

from causal_core.graphs.graph import CausalGraph
from causal_core.studies.store import Store, Study
from causal_core.tables.table import Table
from tests.browser.conftest import Server
from tests.browser.steps import settled


@dataclass(frozen=True)
class Editor:
    """The Graph page of one study, and what the store holds of it."""

    page: Page
    store: Store
    study: Study

    def open(self) -> Editor:
        self.page.goto(f"/graph?study={self.study.id}")
        expect(self.page.get_by_test_id("graph-hint")).not_to_be_empty(timeout=20_000)
        settled(self.page)
        return self

    def node(self, name: str) -> Locator:
        return self.page.get_by_test_id(f"graph-node-{name}")

    def pill(self, name: str) -> tuple[float, float]:
        """The middle of a node on the screen."""
        box = self.node(name).locator(".pill").bounding_box()
        assert box
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def tool(self, action: str) -> Locator:
        return self.page.get_by_test_id(f"graph-toolbar-{action}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=3)
        self.page.mouse.move(*end, steps=3)
        self.page.mouse.up()

    def draw(self, source: str, target: str) -> None:
        """From the dot beside `source` to `target`."""
        self.node(source).click()
        box = self.page.get_by_test_id(f"graph-handle-{source}").locator(".dot").bounding_box()
        assert box
        self.drag((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), self.pill(target))

    def says(self, text: str) -> None:
        expect(self.page.get_by_test_id("graph-live")).to_have_text(re.compile(text))

    def stored(self) -> CausalGraph:
        settled(self.page)
        text = self.store.get(self.study.id).graph
        return CausalGraph.from_json(text) if text else CausalGraph()

    def holds(self, text: str) -> None:
        """The store comes to hold the graph that `text` describes."""
        wanted = CausalGraph.parse(text)
        for _ in range(100):
            if self.stored() == wanted:
                return
            self.page.wait_for_timeout(100)
        assert self.stored() == wanted

    def edge(self, source: str, target: str) -> Locator:
        return self.page.locator(
            f"[data-testid=graph-edge][data-source={source}][data-target={target}]"
        )

    def menu(self, action: str) -> None:
        """Choose an entry of “More”."""
        self.tool("more").click()
        self.page.get_by_test_id(f"graph-menu-{action}").click()

    def chosen(self, text: str) -> None:
        """The inspector speaks of this."""
        expect(self.page.get_by_test_id("graph-chosen")).to_have_text(text)

    def comes_to(self, wanted: dict[str, object]) -> None:
        """The store comes to hold a graph with these attributes."""
        for _ in range(100):
            graph = self.stored()
            if all(getattr(graph, name) == value for name, value in wanted.items()):
                return
            self.page.wait_for_timeout(100)
        assert {name: getattr(self.stored(), name) for name in wanted} == wanted


def made(page: Page, server: Server, graph: str | CausalGraph, columns: str = "a b c") -> Editor:
    """A study with these columns (separated by blanks) and this graph, if it has any node."""
    store = Store.open(server.home)
    names = columns.split()
    frame = pd.DataFrame({name: [0.5 + i, 1.0, 2.0 * i + 3] for i, name in enumerate(names)})
    table = store.put_blob(Table.from_frame(frame).to_bytes())
    drawn = CausalGraph.parse(graph) if isinstance(graph, str) and graph else graph
    stored = drawn.to_json() if isinstance(drawn, CausalGraph) else None
    return Editor(page, store, store.create("letters", table=table, graph=stored))
