"""The whole way, from a table to the three rungs, with the numbers read off the page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps

GRAPH = "dag { severity -> dose; severity -> days; dose -> days }"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pd.DataFrame]:
    """The severely ill are given more, so dose looks harmful while each unit saves a day."""
    rng = np.random.default_rng(7)
    severity = rng.normal(0, 1, 1500)
    dose = 5 + severity + rng.normal(0, 1, 1500)
    days = 20 + 3 * severity - dose + rng.normal(0, 0.5, 1500)
    frame = pd.DataFrame({"severity": severity, "dose": dose, "days": days}).round(4)
    path = tmp_path_factory.mktemp("world") / "hospital stays.csv"
    frame.to_csv(path, index=False)
    return path, frame


def test_all_five_steps_on_an_uploaded_table(page: Page, world: tuple[Path, pd.DataFrame]) -> None:
    path, frame = world
    steps.open_start(page)
    steps.upload(page, path)
    steps.at(page, "data")
    expect(page.get_by_text("1,500 rows × 3 columns")).to_be_visible()
    steps.go_on(page, "graph")
    steps.paste_graph(page, GRAPH)
    steps.go_on(page, "fit")
    steps.fit(page)
    steps.go_on(page, "explore")
    steps.choose(page, "Cause", "dose")
    steps.choose(page, "Outcome", "days")

    seen, done, imagined = {}, {}, {}
    for dose in (4.0, 6.0):
        steps.set_slider(page, dose)
        seen[dose] = steps.shown_number(page, "seeing")
        done[dose] = steps.shown_number(page, "doing")
        imagined[dose] = steps.shown_number(page, "imagining")
    mean_severity = float(frame["severity"].mean())
    first = frame.iloc[0]
    for dose in (4.0, 6.0):
        assert done[dose] == pytest.approx(20 + 3 * mean_severity - dose, abs=0.3)
        assert seen[dose] == pytest.approx(20 + 1.5 * (dose - 5) - dose, abs=0.4)
        assert imagined[dose] == pytest.approx(first["days"] - (dose - first["dose"]), abs=0.3)
    assert seen[6.0] > seen[4.0]
    assert done[6.0] < done[4.0]

    address = page.url
    page.reload()
    expect(page.get_by_test_id("hero")).to_be_visible()
    assert page.url == address
    assert steps.shown_number(page, "doing") == pytest.approx(done[6.0], abs=0.02)


def test_the_kidney_stones_turn_round(page: Page) -> None:
    steps.open_start(page)
    steps.open_example(page, "kidney")
    steps.go_on(page, "fit")
    steps.fit(page)
    steps.go_on(page, "explore")
    published = {"A": (0.780, 0.8325), "B": (0.826, 0.7789)}
    for treatment, (seeing, doing) in published.items():
        steps.choose_cause_level(page, treatment)
        assert steps.shown_number(page, "seeing") == pytest.approx(seeing, abs=0.015)
        assert steps.shown_number(page, "doing") == pytest.approx(doing, abs=0.015)
    expect(page.get_by_test_id("hero-sentence")).to_contain_text("treatment = B")
    the_framed_graph_is_drawn(page)
    a_changed_graph_makes_the_fit_stale(page)


def the_framed_graph_is_drawn(page: Page) -> None:
    """Its script stands in the page itself: the server's policy has to allow for that."""
    page.get_by_text("The graph, as this question cuts it").click()
    page.get_by_text("Draw it").click()
    expect(page.frame_locator("iframe").locator("canvas")).to_be_visible()


def a_changed_graph_makes_the_fit_stale(page: Page) -> None:
    steps.visit(page, "Graph")
    steps.paste_graph(page, "dag { treatment -> recovered }")
    steps.visit(page, "Fit")
    expect(page.get_by_role("alert")).to_contain_text("has changed since this fit")
    expect(page.get_by_role("button", name="Fit again")).to_be_visible()
    expect(page.get_by_text("left out: size")).to_be_visible()
    expect(page.locator(".st-key-next-explore")).to_have_count(0)
