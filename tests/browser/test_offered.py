"""Tables that the server offers: one of a database, and a large file told while it is read."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import steps
from tests.browser.conftest import Server, Watch, serving

_ROWS = 1_000_000
# Every text that the page ever shows of the bar: it may be gone before anyone looks.
_LISTEN = """() => {
  window.told = new Set()
  const look = () => document.querySelectorAll("[data-testid=stProgress]").forEach(
    (bar) => window.told.add(bar.innerText))
  new MutationObserver(look).observe(
    document.body, { subtree: true, childList: true, characterData: true })
}"""


@pytest.fixture
def offering(tmp_path: Path) -> Iterator[Server]:
    """The app with a database of two tables and a folder with a file above the limit."""
    with sqlite3.connect(tmp_path / "clinic.db") as connection:
        for name in ("visits", "patients"):
            connection.execute(f"CREATE TABLE {name} (dose REAL, sick INTEGER)")
            rows = [(i % 7, i % 2) for i in range(60)]
            connection.executemany(f"INSERT INTO {name} VALUES (?, ?)", rows)
    (tmp_path / "exports").mkdir()
    columns = {"dose": np.arange(_ROWS) % 7, "sick": np.arange(_ROWS) % 2}
    pq.write_table(pa.table(columns), tmp_path / "exports" / "all visits.parquet")
    places = f"sqlite:///{tmp_path / 'clinic.db'} {tmp_path / 'exports'}"
    home = tmp_path / "home"
    with serving(home, RUNGS_DATABASES=places, RUNGS_UPLOAD_BYTES="10000") as running:
        yield running


def test_what_the_server_offers_opens_as_a_study(browser: Browser, offering: Server) -> None:
    watch, page = Watch(urlsplit(offering.url).netloc), browser.new_page(base_url=offering.url)
    watch.attach(page)
    steps.open_start(page)
    page.evaluate(_LISTEN)
    bring(page, "SQLite “clinic.db”", "visits")
    expect(page.get_by_text("60 rows × 2 columns")).to_be_visible()
    steps.visit(page, "Start")
    bring(page, "Folder “exports”", "all visits.parquet")
    expect(page.get_by_text("A sample of 200,000 of 1,000,000 rows, seed 0.")).to_be_visible()
    told = page.evaluate("[...window.told]")
    assert [text for text in told if re.search(r"Read [\d,]+ of 1,000,000 rows\.", text)], told
    page.close()
    assert not watch.faults


def bring(page: Page, place: str, name: str) -> None:
    """Choose where, and which table or file, and open it."""
    page.get_by_text("From a database or a file on the server").click()
    steps.choose(page, "Where", place)
    steps.choose(page, "Table or file", name)
    page.get_by_role("button", name="Open this table").click()
    steps.at(page, "data")
