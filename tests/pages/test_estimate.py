"""The Estimate page without a browser: the licence, the estimate, and what stands in for it."""

from __future__ import annotations

import re
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from causal_core.graphs.graph import CausalGraph
from causal_core.studies import jobs
from causal_core.studies.store import Store, Study
from causal_core.tables.table import Table

PAGES = Path(__file__).resolve().parents[2] / "pages"
SECONDS = 60


def yes(chance: np.ndarray) -> np.ndarray:
    return np.where(chance, "yes", "no")


def trial(rows: int = 600) -> pd.DataFrame:
    """An offer that some refuse; who takes it, and who recovers, share a hidden cause."""
    rng = np.random.default_rng(0)
    hidden, offered = rng.random((2, rows)) < 0.5
    taken = rng.random(rows) < 0.15 + 0.5 * offered + 0.25 * hidden
    recovered = rng.random(rows) < 0.1 + 0.3 * taken + 0.4 * hidden
    return pd.DataFrame(
        {
            "offered": yes(offered),
            "hidden": yes(hidden),
            "taken": yes(taken),
            "recovered": yes(recovered),
        }
    )


def opened(store: Store, graph: str | CausalGraph, frame: pd.DataFrame | None = None) -> Study:
    table = Table.from_frame(trial() if frame is None else frame)
    drawn = CausalGraph.parse(graph) if isinstance(graph, str) else graph
    return store.create("s", table=store.put_blob(table.to_bytes()), graph=drawn.to_json())


def shown(study: Study) -> AppTest:
    page = AppTest.from_file(str(PAGES / "estimate.py"), default_timeout=60)
    page.session_state["study"] = study.id
    return settled(page.run())


def settled(page: AppTest) -> AppTest:
    """Run the page again, as its browser would, until nothing is being worked out."""
    end = time.monotonic() + SECONDS
    while any("Working out" in said.value for said in page.caption):
        assert time.monotonic() < end
        time.sleep(0.1)
        page.run()
    assert not page.exception
    return page


def text(page: AppTest) -> str:
    said = (*page.markdown, *page.caption, *page.info, *page.warning, *page.error)
    return "\n".join(item.value for item in said).replace("\\", "")


def number(page: AppTest) -> float:
    found = re.search(r"\*\*([+−][\d.]+) points\*\*", text(page))
    assert found
    return float(found.group(1).replace("−", "-")) / 100


def test_an_identified_effect_has_an_estimate_its_arms_and_its_doubts(store: Store) -> None:
    page = shown(opened(store, "dag { hidden -> taken; hidden -> recovered; taken -> recovered }"))
    said = text(page)
    assert "Identified by back-door" in said
    assert "alike in “hidden”" in said
    assert number(page) == pytest.approx(0.3, abs=0.15)  # three standard errors of 600 rows
    assert "doubly robust" in said
    assert [metric.label for metric in page.metric] == ["Robustness value", "E-value"]
    assert "No equations are fitted yet" in said
    assert list(page.table[0].value["setting"]) == ["no", "yes"]


def test_an_instrument_comes_with_its_assumption_and_with_bounds(store: Store) -> None:
    page = shown(opened(store, "dag { offered -> taken; taken -> recovered; taken <-> recovered }"))
    said = text(page)
    assert "Instrument, with one more assumption" in said
    assert "Balke–Pearl bounds, with “offered” as the instrument" in said
    assert number(page) == pytest.approx(0.3, abs=0.25)
    assert not page.metric  # a regression's robustness says nothing of an instrument


def test_a_bow_is_bounded_and_nothing_more(store: Store) -> None:
    page = shown(opened(store, "dag { taken -> recovered; taken <-> recovered }"))
    said = text(page)
    assert "Not identified, but bounded" in said
    assert "assuming nothing about what is hidden" in said
    assert not [button for button in page.button if button.key == "refute"]


def test_a_formula_that_the_equations_cannot_follow_is_estimated_from_the_rows(
    store: Store,
) -> None:
    """The napkin: its ratio of two sums is read off the rows; here x moves y by 0.4."""
    rng = np.random.default_rng(0)
    a, b = rng.random((2, 3000)) < 0.5  # hidden: a acts on w and x, b on w and y
    w = rng.random(3000) < 0.2 + 0.3 * a + 0.3 * b
    z = rng.random(3000) < 0.2 + 0.6 * w
    x = rng.random(3000) < 0.1 + 0.5 * z + 0.3 * a
    y = rng.random(3000) < 0.1 + 0.4 * x + 0.4 * b
    frame = pd.DataFrame({"w": yes(w), "z": yes(z), "x": yes(x), "y": yes(y)})
    graph = "dag { x [exposure] y [outcome] w -> z; z -> x; x -> y; w <-> x; w <-> y }"
    page = shown(opened(store, graph, frame))
    assert "Identified by do-calculus" in text(page)
    assert "rely on the second opinion" in text(page)
    assert "plug-in" in text(page)
    assert number(page) == pytest.approx(0.4, abs=0.075)  # three standard errors


def test_a_number_with_a_hidden_cause_says_what_would_help(store: Store) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=50), "y": rng.normal(size=50)})
    said = text(shown(opened(store, "dag { x -> y; x <-> y }", frame)))
    assert "Only under the model’s assumption" in said
    assert "find something that moves only the cause" in said


def test_a_drawn_hidden_cause_leads_to_its_slider(store: Store) -> None:
    bow = shown(opened(store, "dag { taken -> recovered; taken <-> recovered }"))
    clean = shown(opened(store, "dag { taken -> recovered }"))
    assert [button for button in bow.button if button.key == "to-rho"]
    assert not [button for button in clean.button if button.key == "to-rho"]


def test_no_way_says_so_and_offers_nothing_to_refute(store: Store) -> None:
    graph = "dag { taken [exposure] recovered [outcome] recovered -> taken }"
    page = shown(opened(store, graph))
    assert "No causal path" in text(page)
    assert "No arrows lead from “taken” to “recovered”" in text(page)
    assert not [button for button in page.button if button.key == "refute"]


def test_another_question_is_kept_for_every_page(store: Store) -> None:
    study = opened(store, "dag { hidden -> taken; hidden -> recovered; taken -> recovered }")
    page = shown(study)
    page.selectbox(f"ask-cause-{study.id}").select("hidden")
    settled(page.run())
    assert store.get(study.id).choices["question"]["treatment"] == "hidden"
    assert "Nothing acts on both" in text(page)


def test_two_settings_that_are_one_are_refused_in_words(store: Store) -> None:
    study = opened(store, "dag { taken -> recovered }")
    page = shown(study)
    page.selectbox(f"ask-to-{study.id}-taken").select("no").run()
    assert "Both settings are the same" in text(page)
    assert not page.exception


def test_a_node_that_is_no_column_counts_as_unmeasured(store: Store) -> None:
    graph = "dag { mood -> taken; mood -> recovered; taken -> recovered }"
    assert "Not identified, but bounded" in text(shown(opened(store, graph)))


def test_refuting_queues_one_job_of_this_question(store: Store) -> None:
    study = opened(store, "dag { hidden -> taken; hidden -> recovered; taken -> recovered }")
    page = shown(study)
    page.button("refute").click().run()
    job = jobs.newest(store, study.id, kind="refute")
    assert job is not None
    assert (job.spec["treatment"], job.spec["values"]) == ("taken", ["no", "yes"])
    assert not page.exception


def test_hostile_names_stay_names(store: Store) -> None:
    evil = "![x](y) $z$ :red[a] <b>"
    frame = trial().rename(columns={"hidden": evil, "taken": "t`"})
    drawn = CausalGraph.from_edges([(evil, "t`"), (evil, "recovered"), ("t`", "recovered")])
    page = shown(opened(store, drawn, frame))
    raw = "\n".join(item.value for item in (*page.markdown, *page.caption))
    outside = re.sub(r"(`+).*?\1", "", raw)
    assert evil in raw.replace("\\", "")
    assert "![x](y)" not in outside
    assert ":red[a]" not in outside
