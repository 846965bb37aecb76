"""What a person does, in words: the steps that every journey is made of."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

FIT_SECONDS = 240


def settled(page: Page) -> None:
    """Wait until the app has finished its run."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def open_start(page: Page) -> None:
    """The landing page."""
    page.goto("/")
    expect(page.get_by_role("heading", name="What would happen if?")).to_be_visible()
    settled(page)


def open_example(page: Page, key: str) -> None:
    """One click on the shelf."""
    page.locator(f".st-key-open-{key}").get_by_role("button").click()
    at(page, "graph")


def upload(page: Page, path: Path) -> None:
    """Bring a table; a good one leads to Data."""
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(path)


def at(page: Page, name: str) -> None:
    """Wait until the page called `name` is there, with the study in its address."""
    path = "" if name == "start" else name
    expect(page).to_have_url(re.compile(rf"/{path}\?study=[0-9a-f]{{32}}"))
    settled(page)


def go_on(page: Page, name: str) -> None:
    """The button that leads to the next page."""
    page.locator(f".st-key-next-{name}").get_by_role("button").click()
    at(page, name)


def visit(page: Page, title: str) -> None:
    """The navigation's own link."""
    page.get_by_test_id("stTopNavLink").filter(has_text=title).first.click()
    at(page, title.lower())


def choose(page: Page, label: str, option: str) -> None:
    """Pick `option` in the select box called `label`."""
    box = page.get_by_role("combobox", name=label)
    box.click()
    page.get_by_role("option", name=option, exact=True).click()
    settled(page)
