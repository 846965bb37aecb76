"""What licenses an answer, the second opinion beside it, its refutation, and the gap explained."""

from __future__ import annotations

import re
import time

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from causal_core.graphs.graph import CausalGraph
from causal_core.studies import jobs
from causal_core.studies.duplicate import duplicate
from causal_core.studies.pool import ensure_workers
from causal_core.studies.store import Store
from causal_core.tables.table import Table
from tests.browser import steps
from tests.browser.conftest import ARTIFACTS, Server

EVIL = "<b>how ill</b> $x$ :red[y]"  # a column's name: shown as it is, wherever it stands


def rows() -> pd.DataFrame:
    """The ill take it more often and recover less often; taking it helps by 0.3."""
    rng = np.random.default_rng(0)
    ill = rng.random(400) < 0.5
    taken = rng.random(400) < 0.25 + 0.5 * ill
    recovered = rng.random(400) < 0.55 + 0.3 * taken - 0.4 * ill
    return pd.DataFrame(
        {name: np.where(column, "yes", "no") for name, column in
         ((EVIL, ill), ("taken", taken), ("recovered", recovered))}
    )  # fmt: skip


@pytest.fixture(scope="module")
def study(server: Server) -> str:
    """The id of a fitted study of three columns."""
    store = Store.open(server.home)
    arrows = [(EVIL, "taken"), (EVIL, "recovered"), ("taken", "recovered")]
    graph = CausalGraph.from_edges(arrows).to_json()
    table = store.put_blob(Table.from_frame(rows()).to_bytes())
    asked = {"explore": {"cause": "taken", "outcome": "recovered", "level": "yes", "row": 0}}
    asked["question"] = {"treatment": "taken", "outcome": "recovered", "level": "yes"}
    made = store.create("Ill and treated", table=table, graph=graph, choices=asked)
    job = jobs.submit(store, made.id, spec={"table": table, "graph": graph, "seed": 0})
    ensure_workers(store)
    end = time.monotonic() + steps.FIT_SECONDS
    while jobs.get(store, job.id).state.active and time.monotonic() < end:
        time.sleep(0.2)
    assert jobs.get(store, job.id).state is jobs.State.DONE
    return made.id


def test_the_second_opinion_stands_beside_the_neural_answer(page: Page, study: str) -> None:
    page.goto(f"/explore?study={study}")
    strip = page.locator(".st-key-beside")
    expect(strip).to_contain_text("Identified by back-door")
    expect(strip).to_contain_text(f"alike in “{EVIL}”")
    expect(strip).to_contain_text("Second opinion.", timeout=30_000)
    expect(strip).to_contain_text("the two agree")
    said = re.search(r"taken = yes: ([+−][\d.]+) points", strip.inner_text())
    assert said
    assert float(said.group(1)) == pytest.approx(30, abs=14)  # three standard errors of 400 rows


def test_the_way_from_explore_carries_its_question(page: Page, study: str, server: Server) -> None:
    copy = duplicate(Store.open(server.home), study)
    page.goto(f"/explore?study={copy.id}")
    expect(page.locator(".st-key-beside")).to_contain_text("Second opinion.", timeout=30_000)
    steps.choose(page, "Cause", EVIL)
    steps.go_on(page, "estimate")
    expect(page.get_by_role("combobox", name="Cause", exact=True)).to_have_value(EVIL)
    expect(page.get_by_role("combobox", name="Outcome", exact=True)).to_have_value("recovered")


def test_a_bar_of_the_gap_marks_its_way(page: Page, study: str) -> None:
    page.goto(f"/estimate?study={study}")
    bars = page.get_by_test_id("gap-bar")
    expect(bars.first).to_be_visible(timeout=30_000)
    marked = page.get_by_test_id("gap-graph").locator(".edge.chosen")
    expect(marked).to_have_count(0)
    way = bars.filter(has_text=EVIL).first
    way.hover()
    expect(marked).to_have_count(2)
    expect(page.get_by_test_id("gap-told")).to_contain_text(f"taken ← {EVIL} → recovered")
    page.mouse.move(0, 0)
    expect(marked).to_have_count(0)
    bars.last.focus()  # caused: the arrow from cause to outcome
    expect(marked).to_have_count(1)
    page.screenshot(path=ARTIFACTS / "estimate-gap.png", full_page=True)


def test_one_click_refutes_or_does_not(page: Page, study: str) -> None:
    page.goto(f"/estimate?study={study}")
    button = page.locator(".st-key-refute").get_by_role("button")
    expect(button).to_be_visible(timeout=30_000)
    button.click()
    expect(page.get_by_text(re.compile("checks (passed|failed)"))).to_be_visible(timeout=90_000)
    for check in ("Placebo treatment", "Random common cause", "Subsets of the rows"):
        expect(page.get_by_text(check, exact=True).first).to_be_visible()
    expect(page.locator(".st-key-refutations")).to_be_visible()


def test_a_latent_in_the_graph_changes_the_licence_and_bounds_the_picture(
    page: Page, study: str
) -> None:
    page.goto(f"/graph?study={study}")
    steps.settled(page)
    steps.paste_graph(page, "dag { u [latent]; u -> taken; u -> recovered; taken -> recovered }")
    steps.visit(page, "Estimate")
    strip = page.locator(".st-key-licence")
    expect(strip).to_contain_text("Not identified, but bounded")
    expect(page.get_by_text("the effect lies between")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("The fit is of an older table or graph")).to_be_visible()
    steps.visit(page, "Fit")
    steps.fit(page)
    steps.go_on(page, "explore")
    bands = page.get_by_test_id("hero-band")
    expect(bands).to_have_count(2, timeout=30_000)  # one for each level of what is taken
    expect(page.get_by_test_id("hero-sentence")).to_contain_text("The rows alone bound it")
    expect(page.locator(".st-key-licence")).to_contain_text("Not identified, but bounded")
    page.screenshot(path=ARTIFACTS / "explore-band.png", full_page=True)
