"""A graph's way in and out of the browser: files, mistakes with their place, hostile names."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from causal_core.graphs.formats import read_graph
from causal_core.graphs.graph import CausalGraph
from causal_core.studies.store import Store, Study
from causal_core.tables.table import Table
from tests.browser.conftest import ARTIFACTS, Scheme, Server
from tests.browser.steps import choose, settled

HOSTILE = "<img src=x onerror=alert(1)> **b** `c`"
DOT = f'digraph {{ a -> b; u [style=dashed]; u -> b; "{HOSTILE}" -> a [comment="why"] }}'


@pytest.fixture
def study(server: Server) -> Study:
    store = Store.open(server.home)
    table = Table.from_frame(pd.DataFrame({"a": [0.5, 1, 2], "b": [3, 4.5, 5]}))
    return store.create("letters", table=store.put_blob(table.to_bytes()))


def opened(page: Page, study: Study) -> None:
    page.goto(f"/graph?study={study.id}")
    expect(page.get_by_test_id("graph-hint")).not_to_be_empty(timeout=20_000)
    settled(page)
    page.get_by_text("Start again, paste or download").click()


def stored(server: Server, study: Study) -> CausalGraph:
    return CausalGraph.from_json(Store.open(server.home).get(study.id).graph or "")


def test_a_dot_file_in_and_dagitty_out(
    page: Page, server: Server, study: Study, tmp_path: Path
) -> None:
    path = tmp_path / "graph.gv"
    path.write_text(DOT)
    opened(page, study)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(path)
    expect(page.get_by_text("Read as Graphviz DOT.")).to_be_visible()
    settled(page)
    assert stored(server, study) == read_graph(DOT)
    expect(page.get_by_test_id("graph-node-u")).to_be_visible()
    assert page.locator("img[src=x]").count() == 0
    assert HOSTILE in page.get_by_test_id("stAlert").inner_text()  # no column of this name
    for label, suffix in (("dagitty", "dagitty"), ("Graphviz DOT", "dot"), ("GML", "gml")):
        if label != "dagitty":
            choose(page, "Download as", label)
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Download as {label}").click()
        assert download.value.suggested_filename == f"graph.{suffix}"
        twin = read_graph(download.value.path().read_text())
        assert twin == stored(server, study)
        assert twin.notes == {(HOSTILE, "a"): "why"}
    choose(page, "Download as", "lavaan")
    expect(page.get_by_text("lavaan cannot hold the name")).to_be_visible()


def test_a_mistake_is_shown_with_its_place_and_the_text_stays(
    page: Page, server: Server, study: Study
) -> None:
    opened(page, study)
    text = page.get_by_role("textbox", name="Dagitty text")
    typed = "digraph {\n  a -> b\n  a => b\n}"
    text.fill(typed)
    text.blur()
    page.get_by_role("button", name="Use this text").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("Line 3, column 6")
    expect(text).to_have_value(typed)
    text.fill(",a,b\na,0,1\nb,0,0")
    text.blur()
    page.get_by_role("button", name="Use this text").click()
    page.get_by_text("The column causes the row").click()
    expect(page.get_by_text("What does a 1 in this matrix mean?")).to_have_count(0)
    settled(page)
    assert {str(edge) for edge in stored(server, study).edges} == {"b -> a"}


def test_the_panel_fits_the_screen(page: Page, study: Study) -> None:
    opened(page, study)
    text = page.get_by_role("textbox", name="Dagitty text")
    text.fill("digraph {\n  a -> b\n  a => b\n}")
    text.blur()
    page.get_by_role("button", name="Use this text").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("Line 3, column 6")
    schemes: tuple[Scheme, ...] = ("light", "dark")
    for size, width, height in (("wide", 1440, 900), ("phone", 390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            settled(page)
            panel = page.locator(".st-key-more")
            panel.screenshot(path=ARTIFACTS / f"graph-files-{size}-{scheme}.png")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
