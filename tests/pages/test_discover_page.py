"""The Discover page: what it offers first, what it keeps, and what was refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from causal_core.discovery.discover import discover
from causal_core.discovery.stored import to_json
from causal_core.graphs.graph import CausalGraph
from causal_core.studies import claims, jobs
from causal_core.studies.store import Store, Study
from causal_core.tables.table import Table

PAGES = Path(__file__).resolve().parents[2] / "pages"


@pytest.fixture
def table() -> Table:
    rng = np.random.default_rng(0)
    a = rng.normal(size=400)
    b = a + rng.normal(size=400)
    return Table.from_frame(pd.DataFrame({"a": a, "b": b, "c": b + rng.normal(size=400)}))


@pytest.fixture
def study(store: Store, table: Table) -> Study:
    return store.create("abc", table=store.put_blob(table.to_bytes()))


def shown(study: Study, **state: Any) -> AppTest:
    page = AppTest.from_file(str(PAGES / "discover.py"), default_timeout=30)
    page.session_state["study"] = study.id
    for key, value in state.items():
        page.session_state[key] = value
    page.run()
    assert not page.exception
    return page


def searched(store: Store, study: Study, table: Table) -> jobs.Job:
    """A finished search, as a worker leaves it."""
    found = discover(table, bootstrap=10)
    spec = {"table": study.table, "columns": list(table.columns)}
    jobs.submit(store, study.id, "discover", spec)
    mine = claims.claim(store, "worker")
    assert mine
    claims.finish(store, mine, "done", result={"found": to_json(found)})
    return jobs.get(store, mine.job_id)


def decided(store: Store, study: Study, job: jobs.Job, **choices: Any) -> None:
    store.update(store.get(study.id), choices={"discover": {"result": {"job": job.id, **choices}}})


def box(page: AppTest, begins: str) -> Any:
    return next(one for one in page.text_area if one.label.startswith(begins))


def knowledge(store: Store, study: Study) -> dict[str, Any]:
    return dict(store.get(study.id).choices["discover"]["knowledge"])


def test_text_becomes_knowledge_and_is_there_in_a_new_session(store: Store, study: Study) -> None:
    page = shown(study)
    box(page, "Order in time").input("a\nb, c").run()
    box(page, "Arrows that are there").input("a -> c").run()
    wanted = {"tiers": [["a"], ["b", "c"]], "required": [["a", "c"]], "forbidden": []}
    assert knowledge(store, study) == wanted
    again = shown(study)
    assert box(again, "Order in time").value == "a\nb, c"
    assert box(again, "Arrows that are there").value == "a -> c"


def test_text_with_a_mistake_is_said_kept_and_not_used(store: Store, study: Study) -> None:
    page = shown(study)
    box(page, "Order in time").input("a\nb").run()
    box(page, "Arrows that are there").input("b -> a").run()
    assert "required, and forbidden too" in page.error[0].value
    assert box(page, "Arrows that are there").value == "b -> a"
    assert knowledge(store, study)["required"] == []
    box(page, "Arrows that are there").input("").run()
    assert not page.error


def test_what_the_search_is_asked_leaves_out_what_is_known_of_other_columns(
    store: Store, study: Study
) -> None:
    page = shown(study)
    box(page, "Order in time").input("a\nb\nc").run()
    page.multiselect[0].set_value(["a", "c"]).run()
    page.button("search").click().run()
    job = jobs.newest(store, study.id, kind="discover")
    assert job
    assert job.spec["columns"] == ["a", "c"]
    assert job.spec["tiers"] == [["a"], ["c"]]
    assert knowledge(store, study)["tiers"] == [["a"], ["b"], ["c"]]


def test_a_commit_of_the_canvas_is_judged_and_stored(store: Store, study: Study) -> None:
    first = shown(study)
    key = f"knowledge-{study.id}"
    revision = first.session_state[f"{key}-known"].revision
    sent = {"tiers": [["b"], ["a"]], "required": [["b", "a"]], "forbidden": []}
    commit = {"revision": revision, "value": sent}
    shown(study, **{key: {"commit": commit}, f"{key}-known": first.session_state[f"{key}-known"]})
    assert knowledge(store, study) == sent


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"tiers": [["a"], ["b"]], "required": [["b", "a"]]},
        {"required": [["a", "b"], ["b", "c"], ["c", "a"]]},
    ],
)
def test_a_commit_that_cannot_be_is_refused(store: Store, study: Study, value: object) -> None:
    first = shown(study)
    key = f"knowledge-{study.id}"
    known = first.session_state[f"{key}-known"]
    commit = {"revision": known.revision, "value": value}
    page = shown(study, **{key: {"commit": commit}, f"{key}-known": known})
    assert "knowledge" not in store.get(study.id).choices["discover"] or not any(
        knowledge(store, study).values()
    )
    after = page.session_state[f"{key}-known"]
    assert after.refused
    assert after.revision != known.revision  # so the browser is given ours again


def test_a_turn_that_does_not_go_with_other_arrows_is_refused_in_words(
    store: Store, study: Study, table: Table
) -> None:
    job = searched(store, study, table)
    arrows = [["b", "c", "arrow"], ["a", "b", "arrow"]]
    decided(store, study, job, verdicts={"0": arrows})
    key = f"found-{job.id}-0"
    known = shown(study).session_state[f"{key}-known"]
    turned = {"verdicts": [["a", "b", "arrow"], ["c", "b", "arrow"]], "least": 50}
    commit = {"revision": known.revision, "value": turned}
    page = shown(study, **{key: {"commit": commit}, f"{key}-known": known})
    refused = page.session_state[f"{key}-known"].refused
    assert "“c → b” does not go with the other arrows that you drew" in refused
    assert store.get(study.id).choices["discover"]["result"]["verdicts"] == {"0": arrows}


def test_a_column_that_cannot_be_searched_goes_by_a_click(store: Store, table: Table) -> None:
    frame = table.frame.assign(flat=1.0)
    made = Table.from_frame(frame)
    study = store.create("flat", table=store.put_blob(made.to_bytes()))
    page = shown(study)
    assert "flat" in page.warning[0].value
    page.button("leave-out").click().run()
    assert not page.warning
    assert page.multiselect[0].value == ["a", "b", "c"]
    assert shown(study).multiselect[0].value == ["a", "b", "c"]


def test_the_graph_used_is_the_one_decided_on(store: Store, study: Study, table: Table) -> None:
    job = searched(store, study, table)
    decided(store, study, job, verdicts={"0": [["c", "b", "arrow"]]})
    page = shown(study)
    assert not page.info  # nothing is open any more, so nothing is asked
    page.button("use-found").click().run()
    used = CausalGraph.from_json(store.get(study.id).graph or "")
    assert {str(e) for e in used.edges} == {"c -> b", "b -> a"}


def test_what_is_open_is_asked_about(store: Store, study: Study, table: Table) -> None:
    searched(store, study, table)
    page = shown(study)
    assert "would settle 2 of 2 open edges" in page.info[0].value or (
        "all 2 open edges" in page.info[0].value
    )


def test_decisions_on_an_older_search_do_not_count(
    store: Store, study: Study, table: Table
) -> None:
    first = searched(store, study, table)
    decided(store, study, first, verdicts={"0": [["c", "b", "arrow"]]}, graph=3)
    searched(store, study, table)
    page = shown(study)
    page.button("use-found").click().run()
    used = CausalGraph.from_json(store.get(study.id).graph or "")
    assert len(used.edges) == 2


def test_a_search_that_was_stopped_shows_what_it_had(
    store: Store, study: Study, table: Table
) -> None:
    found = discover(table, bootstrap=5)
    spec = {"table": study.table, "columns": list(table.columns)}
    jobs.submit(store, study.id, "discover", spec)
    mine = claims.claim(store, "worker")
    assert mine
    claims.report(store, mine, {"fraction": 0.5, "sketch": {"found": to_json(found)}})
    claims.finish(store, mine, "cancelled")
    page = shown(study)
    assert any("stopped" in one.value for one in page.info)
    assert page.button("use-found")
