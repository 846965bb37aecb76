"""From a table to a graph that the rows speak for: search, judge, direct, use, fit."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from causal_core.graphs.graph import CausalGraph
from causal_core.studies.store import Store, Study
from causal_core.tables.table import Table
from tests.browser.conftest import ARTIFACTS, Server
from tests.browser.steps import at, choose, settled

HOSTILE = "dose <b>![x](http://evil.test/p.png)</b>"


@pytest.fixture
def store(server: Server) -> Store:
    return Store.open(server.home)


def study_of(store: Store) -> Study:
    """age → dose → pain, and a column that has nothing to do with them."""
    rng = np.random.default_rng(0)
    age = rng.normal(size=500)
    dose = age + rng.normal(size=500)
    pain = dose + rng.normal(size=500)
    frame = pd.DataFrame({"age": age, HOSTILE: dose, "pain": pain, "luck": rng.normal(size=500)})
    table = Table.from_frame(frame.round(3))
    return store.create("Pain", table=store.put_blob(table.to_bytes()))


def edges(page: Page) -> list[str]:
    """What the picture shows, by its own words."""
    expect(page.get_by_test_id("graph-edge").first).to_be_attached()
    found = page.get_by_test_id("graph-edge").all()
    return sorted((one.get_attribute("aria-label") or "").rsplit(": an edge")[0] for one in found)


def search(page: Page) -> None:
    page.locator(".st-key-search").get_by_role("button").click()
    expect(page.locator(".st-key-use-found")).to_be_visible(timeout=60_000)
    settled(page)


def test_search_direct_use_and_fit(page: Page, store: Store) -> None:
    study = study_of(store)
    page.goto(f"/discover?study={study.id}")
    search(page)
    expect(page.get_by_text("Lines with normal noise explain the rows")).to_be_visible()
    assert edges(page) == sorted([f"age — {HOSTILE}", f"{HOSTILE} — pain"])
    page.screenshot(path=ARTIFACTS / "discover.png", full_page=True)

    page.locator(f'[data-testid="graph-edge"][aria-label^="age — {HOSTILE}:"]').press("Enter")
    page.get_by_role("button", name=f"age → {HOSTILE}", exact=True).click()
    directed = page.get_by_text("Every edge is directed")  # the other one follows
    expect(directed).to_be_visible()
    settled(page)
    assert edges(page) == sorted([f"age → {HOSTILE}", f"{HOSTILE} → pain"])

    page.get_by_role("button", name="Use this graph").click()
    at(page, "graph")
    used = CausalGraph.from_json(store.get(study.id).graph or "")
    assert {str(edge) for edge in used.edges} == {f"age -> {HOSTILE}", f"{HOSTILE} -> pain"}
    page.locator(".st-key-next-fit").get_by_role("button").click()
    at(page, "fit")
    expect(page.get_by_role("button", name=re.compile("Fit the equations"))).to_be_visible()


def test_what_is_known_of_time_directs_the_arrows(page: Page, store: Store) -> None:
    study = study_of(store)
    page.goto(f"/discover?study={study.id}")
    page.get_by_text("The same as text").click()
    box = page.get_by_label("Order in time, the earliest first", exact=False)
    box.fill("pian")
    box.press("Control+Enter")
    expect(page.get_by_text("Did you mean “pain”?")).to_be_visible()
    box.fill(f"pain\n{HOSTILE}")
    box.press("Control+Enter")
    settled(page)
    search(page)
    assert edges(page) == sorted([f"{HOSTILE} → age", f"pain → {HOSTILE}"])


def test_a_method_that_does_not_fit_is_explained(page: Page, store: Store) -> None:
    study = study_of(store)
    page.goto(f"/discover?study={study.id}")
    choose(page, "Method", "Levels: tables of counts")
    page.locator(".st-key-search").get_by_role("button").click()
    expect(page.get_by_text("takes too many values to be counted")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Search again")).to_be_visible()


def test_unmeasured_causes_are_found_drawn_and_handed_on(page: Page, store: Store) -> None:
    rng = np.random.default_rng(0)
    i, j, hidden, e, f, g = rng.normal(size=(6, 1500))
    x = i + hidden + e / 2
    frame = pd.DataFrame({"i": i, HOSTILE: x, "y": j + hidden + f / 2, "j": j, "z": x + g})
    frame["a"] = rng.normal(size=1500)
    frame["b"] = frame["a"] + rng.normal(size=1500)
    table = Table.from_frame(frame.round(3))
    study = store.create("Hidden", table=store.put_blob(table.to_bytes()))
    page.goto(f"/discover?study={study.id}")
    choose(page, "Method", "With possible unmeasured causes (FCI)")
    search(page)
    expect(page.get_by_text("only about 70 % of the definite marks")).to_be_visible()
    expect(page.get_by_test_id("graph-edge")).to_have_count(5)
    drawn = page.get_by_test_id("graph-edge").all()
    words = sorted(one.get_attribute("aria-label") or "" for one in drawn)
    starts = [
        "a o–o b: the rows do not say",
        f"{HOSTILE} → z: ",
        f"{HOSTILE} ↔ y: neither",
        f"i o→ {HOSTILE}: ",
        "j o→ y: y does not cause j; j causes y, or something unmeasured",
    ]
    assert all(text.startswith(start) for text, start in zip(words, starts, strict=True))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        settled(page)
        page.locator(".st-key-use-found").scroll_into_view_if_needed()
        page.screenshot(path=ARTIFACTS / f"discover-latents-{scheme}.png")

    page.get_by_text("as arrows beside an unmeasured cause").click()
    settled(page)
    page.get_by_role("button", name="Use this graph").click()
    at(page, "graph")
    used = CausalGraph.from_json(store.get(study.id).graph or "")
    assert {str(edge) for edge in used.edges} == {
        "a -> b",
        "a <-> b",
        f"{HOSTILE} -> z",
        f"i -> {HOSTILE}",
        f"{HOSTILE} <-> i",
        "j -> y",
        "j <-> y",
        f"{HOSTILE} <-> y",
    }
