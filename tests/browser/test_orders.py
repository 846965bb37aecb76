"""Levels that are said to have an order change what is imagined, and the page says how far."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import ARTIFACTS


@pytest.fixture
def training(tmp_path: Path) -> Path:
    """Hours of training raise the grade, a column of three labels."""
    rng = np.random.default_rng(2)
    hours = rng.normal(5, 2, 1500).round(2)
    chance = 1 / (1 + np.exp(-(hours - 5) / 2))
    grade = (rng.random(1500) < chance).astype(int) + (rng.random(1500) < chance)
    path = tmp_path / "training.csv"
    named = np.array(["low", "middle", "high"])[grade]
    pd.DataFrame({"hours": hours, "grade": named}).to_csv(path, index=False)
    return path


def test_an_order_moves_what_is_imagined_and_says_how_far(page: Page, training: Path) -> None:
    steps.open_start(page)
    steps.upload(page, training)
    steps.at(page, "data")
    steps.go_on(page, "graph")
    steps.paste_graph(page, "dag { hours -> grade }")
    steps.go_on(page, "fit")
    steps.fit(page)
    steps.go_on(page, "explore")
    steps.drawn(page)
    page.get_by_text("Levels without an order, in what is imagined").click()
    box = page.locator("[class*=st-key-order]").get_by_role("combobox")
    steps.pick(page, box, "low")
    steps.pick(page, box, "middle")
    expect(page.get_by_text("Not used yet: high still to be placed.")).to_be_visible()
    steps.pick(page, box, "high")
    said = page.get_by_text("The order moves what is imagined for this row by up to")
    expect(said).to_be_visible(timeout=20_000)
    page.keyboard.press("Escape")
    page.wait_for_timeout(800)
    page.screenshot(path=ARTIFACTS / "orders-wide.png", full_page=True)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(800)
    page.screenshot(path=ARTIFACTS / "orders-phone.png", full_page=True)
    page.reload()
    expect(said).to_be_visible(timeout=20_000)
