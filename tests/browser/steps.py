"""What a person does, in words: the steps that every journey is made of."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, TimeoutError, expect

FIT_SECONDS = 240


def settled(page: Page, seconds: float = 15.0) -> None:
    """Wait until the app has finished its run."""
    app = expect(page.get_by_test_id("stApp"))
    app.to_have_attribute("data-test-script-state", "notRunning", timeout=1000 * seconds)


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
    box = page.get_by_role("combobox", name=label, exact=True)
    pick(page, box, option)
    expect(box).to_have_value(option)
    settled(page)


def pick(page: Page, box: Locator, option: str | re.Pattern[str]) -> None:
    """Pick `option` in a box; a redraw may close the list meanwhile."""
    settled(page)
    wanted = page.get_by_role("option", name=option, exact=True)
    for _ in range(12):
        if not wanted.is_visible():
            box.click()
        try:
            wanted.click(timeout=1_500)
            break
        except TimeoutError:
            box.press("Escape")
    settled(page)


def paste_graph(page: Page, text: str) -> None:
    """Replace the graph by dagitty text."""
    page.get_by_text("Start again, paste or download").click()
    page.get_by_role("textbox", name="Dagitty text").fill(text)
    page.get_by_role("textbox", name="Dagitty text").blur()
    page.get_by_role("button", name="Use this text").click()
    settled(page)


def fit(page: Page) -> None:
    """Start the fit and wait for its end."""
    page.locator(".st-key-fit").get_by_role("button").click()
    expect(page.locator(".st-key-next-explore")).to_be_visible(timeout=1000 * FIT_SECONDS)
    settled(page)


def shown_number(page: Page, rung: str) -> float:
    """The number beside the picture: a share as a fraction, else in the outcome's unit."""
    text = page.get_by_test_id(f"hero-{rung}-mean").inner_text()
    number = re.match(r"[−-]?[\d,]+(\.\d+)?", text)
    assert number, text
    value = float(number.group().replace("−", "-").replace(",", ""))
    return value / 100 if "%" in text else value


def set_slider(page: Page, value: float) -> None:
    """Move the slider and let go."""
    page.get_by_test_id("hero-slider").fill(str(value))
    drawn(page)


def choose_cause_level(page: Page, level: str) -> None:
    """Press one of the buttons that a categorical cause has instead of a slider."""
    page.get_by_test_id("hero").get_by_role("radio", name=level, exact=True).click()
    drawn(page)


def drawn(page: Page) -> None:
    """Wait until the picture has followed the slider and the app has answered its release."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 300)))")
    settled(page)
