"""All sixty hostile names in every place, on every page: each stands there as the text it is."""

from __future__ import annotations

import csv
import io
import logging
import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import pandas as pd
import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, expect

from causal_core.studies.store import Store
from tests.browser import steps
from tests.browser.conftest import Server, Watch, browser, context, page, serving
from tests.browser.hostile_steps import (
    PAGES,
    Hostile,
    folded,
    hostile_study,
    inspected,
    look_at,
    obeyed,
    shown,
    told,
    unfold,
    visited,
)
from tests.hostile import NAMES

__all__ = ["browser", "context", "page"]  # fixtures
_log = logging.getLogger(__name__)
_COLUMNS = 12
_PICTURED = 20  # characters of a scenario's name, of which a picture shows no end
_LONGEST = 80  # characters of a study's name that a file gives


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app as whoever runs it sees it, with the page for them."""
    with serving(tmp_path_factory.mktemp("rungs-home"), RUNGS_ADMIN="1") as running:
        yield running


@pytest.fixture
def dialogs(context: BrowserContext) -> Iterator[list[str]]:
    """The dialogs that pages opened; there must be none."""
    said: list[str] = []

    def dismissed(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    context.on("dialog", dismissed)
    yield said
    context.remove_listener("dialog", dismissed)


def of(first: int) -> tuple[Sequence[str], Sequence[str]]:
    """Twelve names for the columns, and twelve others for all else."""
    turned = NAMES[first + _COLUMNS :] + NAMES[: first + _COLUMNS]
    return NAMES[first : first + _COLUMNS], turned[:_COLUMNS]


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("first", range(0, len(NAMES), _COLUMNS))
def test_every_page_shows_a_name_and_obeys_none(
    page: Page, server: Server, dialogs: list[str], first: int
) -> None:
    store = Store.open(server.home)
    hostile = hostile_study(store, *of(first))
    study = hostile.study
    for name in ("", *PAGES):
        unfolded(page, f"/{name}?study={study.id}", *told(name, hostile))
    visited(page, f"/admin?study={study.id}")
    expect(page.get_by_role("heading", name="Limits in force")).to_be_visible()
    unfolded(page, f"/explore?share={hostile.token}", study.name, *hostile.names[:2], *hostile.kept)
    for place in range(_COLUMNS - 1):
        look_at(store, hostile, place)
        unfolded(page, f"/explore?study={study.id}", *hostile.names[place : place + 2])
        assert not formulas(exported(page))
    compare(page, hostile)
    report(page, server, hostile)
    for place, name in enumerate(hostile.names):  # each as the name of the study
        renamed = store.update(store.get(study.id), name=name)
        visited(page, f"/?study={renamed.id}", name)
        visited(page, f"/{PAGES[place % len(PAGES)]}?study={renamed.id}", name)
    assert not dialogs
    _log.info("%d names on every page", _COLUMNS)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("first", range(0, len(NAMES), _COLUMNS))
def test_a_file_is_shown_as_it_is_called(page: Page, dialogs: list[str], first: int) -> None:
    names, others = of(first)
    for name in names:
        steps.open_start(page)
        with page.expect_file_chooser() as chooser:
            page.get_by_test_id("stFileUploaderDropzone").locator("button").click()
        file = {"name": f"{name}.csv", "mimeType": "text/csv", "buffer": written(names, others)}
        chooser.value.set_files(file)  # type: ignore[arg-type]
        steps.at(page, "data")
        unfold(page)
        inspected(page, name[:_LONGEST], *names, *others)
        expect(page.get_by_text("60 rows × 12 columns")).to_be_visible()
    assert not dialogs


def unfolded(page: Page, address: str, *expected: str) -> None:
    """The page of this address, all on it unfolded, as `inspected`."""
    page.goto(address)
    unfold(page)
    inspected(page, *expected)


def written(names: Sequence[str], others: Sequence[str]) -> bytes:
    """A file whose header is `names`, and whose cells are `others` or numbers."""
    sink = io.StringIO()
    rows = csv.writer(sink)
    rows.writerow(names)
    for row in range(60):
        cells = [others[(place + row % 2) % len(others)] for place in range(len(names))]
        rows.writerow([row * 0.5 + place if place % 2 else cells[place] for place in range(12)])
    return sink.getvalue().encode()


def exported(page: Page) -> pd.DataFrame:
    """The numbers on Explore as the file that a spreadsheet opens, all of it text."""
    steps.settled(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download as CSV").click()
    return pd.read_csv(saved.value.path(), dtype=str, keep_default_na=False)


def formulas(frame: pd.DataFrame) -> list[str]:
    """The cells that a spreadsheet would run; a number is none."""
    cells = pd.Series([*frame.columns, *frame.to_numpy().ravel()])
    text = cells[pd.to_numeric(cells, errors="coerce").isna()]
    return [cell for cell in text if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))]


def compare(page: Page, hostile: Hostile) -> None:
    """Both scenarios in one picture and one table."""
    page.goto(f"/explore?study={hostile.study.id}")
    unfold(page)
    box = page.get_by_role("combobox", name="Compare")
    for number in (1, 2):
        steps.pick(page, box, re.compile(rf"^{number} · "))
    page.keyboard.press("Escape")
    expect(page.locator(".js-plotly-plot").last).to_be_visible()
    pictures = folded(" ".join(page.locator(".js-plotly-plot").all_text_contents()))
    assert all(folded(name)[:_PICTURED] in pictures for name in hostile.kept)
    assert not obeyed(page)


def report(page: Page, server: Server, hostile: Hostile) -> None:
    """The report, opened as a file of its own, asks nobody for anything."""
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download as a report").click()
    with page.context.new_page() as opened:
        watch = Watch(urlsplit(server.url).netloc)
        watch.attach(opened)
        opened.set_content(saved.value.path().read_text("utf-8"))
        expected = (hostile.study.name, hostile.hidden, *hostile.names)
        assert set(shown(opened, expected)) == set(expected)
        assert not obeyed(opened)
        assert not watch.faults
