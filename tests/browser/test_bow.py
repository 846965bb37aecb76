"""A bow is flagged as not identified, and its ρ slider moves the doing curve to the truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import ARTIFACTS

RHO = 0.6


@pytest.fixture
def bow(tmp_path: Path) -> Path:
    """wage = tanh(school) + school / 2 + 0.8 noise, the noises of both correlated by 0.6."""
    rng = np.random.default_rng(1)
    school = rng.normal(size=3000)
    noise = RHO * school + np.sqrt(1 - RHO**2) * rng.normal(size=3000)
    wage = np.tanh(school) + school / 2 + 0.8 * noise
    path = tmp_path / "bow.csv"
    pd.DataFrame({"school": school, "wage": wage}).to_csv(path, index=False)
    return path


def test_the_rho_slider_passes_through_the_truth(page: Page, bow: Path) -> None:
    steps.open_start(page)
    steps.upload(page, bow)
    steps.at(page, "data")
    steps.go_on(page, "graph")
    steps.paste_graph(page, "dag { school -> wage; school <-> wage }")
    steps.go_on(page, "fit")
    steps.fit(page)
    steps.go_on(page, "explore")
    expect(page.get_by_text("The data cannot tell ρ.")).to_be_visible()
    steps.set_slider(page, 1.0)
    free = steps.shown_number(page, "doing")
    slider = page.locator("[class*=st-key-rho]").get_by_role("slider")
    for _ in range(6):
        slider.press("ArrowRight")
    expect(slider).to_have_value("0.6")
    steps.drawn(page)
    expect(page.get_by_test_id("hero")).to_contain_text("ot identified")
    page.wait_for_timeout(1500)  # the new answer is drawn in place of the old one
    truth = np.tanh(1) + 0.5
    coupled = steps.shown_number(page, "doing")
    page.screenshot(path=ARTIFACTS / "bow-wide.png", full_page=True)
    page.set_viewport_size({"width": 390, "height": 844})
    steps.drawn(page)
    page.screenshot(path=ARTIFACTS / "bow-phone.png", full_page=True)
    assert abs(free - (truth + 0.8 * RHO)) < 0.1
    assert abs(coupled - truth) < 0.1
