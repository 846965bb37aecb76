"""Sliders move on a first sketch while the neural equations are still learning."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import ARTIFACTS


def test_the_sketch_is_explored_and_sharpens_by_itself(page: Page) -> None:
    steps.open_start(page)
    steps.open_example(page, "dose")
    steps.go_on(page, "fit")
    page.locator(".st-key-fit").get_by_role("button").click()
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
