"""A study explored while it is fitted; then a picture of each page, and that it fits the screen."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import steps
from tests.browser.conftest import ARTIFACTS, ROOT, Scheme, Server

SIZES = {"wide": (1440, 900), "phone": (390, 844)}
PAGES = {
    "start": "What would happen if?",
    "data": "Data",
    "discover": "Discover",
    "graph": "Graph",
    "identify": "Identify",
    "fit": "Fit",
    "explore": "Explore",
    "estimate": "Estimate",
}


@pytest.fixture(scope="module")
def study(browser: Browser, server: Server) -> str:
    """The id of a study whose fit has begun in a tab since closed, one for all pictures."""
    context = browser.new_context(base_url=server.url)
    context.set_default_timeout(20_000)
    page = context.new_page()
    steps.open_start(page)
    steps.open_example(page, "dose")
    steps.go_on(page, "fit")
    page.locator(".st-key-fit").get_by_role("button").click()
    expect(page.locator(".st-key-job")).to_be_visible()
    found = page.url.split("study=")[1]
    context.close()
    return found


def test_the_sketch_is_explored_and_sharpens_by_itself(page: Page, study: str) -> None:
    """Sliders move on a first sketch while the neural equations are still learning."""
    page.goto(f"/fit?study={study}")
    page.locator(".st-key-sketch").get_by_role("button").click(timeout=30_000)
    expect(page).to_have_url(re.compile("/explore"))
    stage = page.get_by_text("First sketch, from equations that are solved at once")
    expect(stage).to_be_visible(timeout=20_000)
    slider = page.get_by_role("slider").first
    slider.focus()
    for _ in range(3):
        slider.press("ArrowRight")
    kept = slider.get_attribute("aria-valuenow") or slider.input_value()
    page.screenshot(path=ARTIFACTS / "sketch-wide.png")
    expect(page.get_by_text("Sharpened: this is the full fit")).to_be_visible(timeout=120_000)
    expect(stage).to_be_hidden()
    slider = page.get_by_role("slider").first
    assert (slider.get_attribute("aria-valuenow") or slider.input_value()) == kept


@pytest.mark.parametrize(("size", "scheme"), [("wide", "light"), ("phone", "dark")])
def test_every_page_fits_the_screen(page: Page, study: str, size: str, scheme: Scheme) -> None:
    page.goto(f"/fit?study={study}")
    expect(page.locator(".st-key-next-explore")).to_be_visible(timeout=1000 * steps.FIT_SECONDS)
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)
    for name, title in PAGES.items():
        page.goto(f"/{'' if name == 'start' else name}?study={study}")
        expect(page.get_by_role("heading", name=title, exact=True, level=1)).to_be_visible()
        steps.settled(page)
        _drawn(page, name)
        page.screenshot(path=ARTIFACTS / f"{name}-{size}-{scheme}.png")
        assert _overflow(page) <= 1, f"{name} is wider than the screen"
    if (size, scheme) == ("wide", "light") and os.environ.get("RUNGS_README_PICTURE"):
        _picture_for_the_readme(page)


def _drawn(page: Page, name: str) -> None:
    if name == "explore":
        expect(page.get_by_test_id("hero-sentence")).not_to_be_empty()
    if name == "fit":
        table = page.get_by_test_id("stTable")
        expect(table).to_contain_text("recovery")
        expect(table).to_contain_text("calibrated")
        expect(page.locator(".js-plotly-plot").first).to_be_visible()
    if name == "estimate":
        expect(page.locator(".st-key-effects")).to_be_visible()
    page.wait_for_timeout(1200)


def _overflow(page: Page) -> int:
    """How many pixels the page or its scrolling part is wider than the screen."""
    wider = "e => e.scrollWidth - e.clientWidth"
    parts = "[document.scrollingElement, document.querySelector('[data-testid=stMain]')]"
    return int(page.evaluate(f"() => Math.max(...{parts}.map({wider}))"))


def _picture_for_the_readme(page: Page) -> None:
    """Only on request: a test leaves the working tree as it found it."""
    page.set_viewport_size({"width": 1280, "height": 1120})
    page.wait_for_timeout(1200)
    (ROOT / ".github").mkdir(exist_ok=True)
    page.screenshot(path=ROOT / ".github" / "explore.png")
