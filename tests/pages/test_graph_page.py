"""The Graph page: what it offers, what it refuses, and when the editor's graph counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from causal_core.graphs.graph import CausalGraph
from causal_core.studies import versions
from causal_core.studies.store import Store, Study
from causal_core.tables.table import Table

PAGES = Path(__file__).resolve().parents[2] / "pages"
GRAPH = CausalGraph.parse("dag { visits -> age }")


@pytest.fixture
def study(store: Store) -> Study:
    frame = pd.DataFrame({"age": [31, 42, 53] * 5, "visits": [0, 1, 2] * 5})
    table = Table.from_frame(frame, name="people")
    return store.create("people", table=store.put_blob(table.to_bytes()), graph=GRAPH.to_json())


def shown(study: Study) -> AppTest:
    page = AppTest.from_file(str(PAGES / "graph.py"), default_timeout=30)
    page.session_state["study"] = study.id
    page.run()
    assert not page.exception
    return page


def stored(store: Store, study: Study) -> CausalGraph:
    return CausalGraph.from_json(store.get(study.id).graph or "")


def test_all_columns_become_nodes(store: Store, study: Study) -> None:
    page = shown(study)
    page.button("start-columns").click().run()
    assert not page.exception
    assert stored(store, study) == CausalGraph(("age", "visits"))


def test_pasted_text_replaces_the_graph(store: Store, study: Study) -> None:
    page = shown(study)
    page.text_area("graph-text").input("dag { age -> visits }")
    page.button("graph-paste").click().run()
    assert stored(store, study) == CausalGraph.parse("dag { age -> visits }")


@pytest.mark.parametrize("text", ["dag { age -> ", "dag { age -> visits visits -> age }"])
def test_text_with_a_mistake_is_explained_and_kept(store: Store, study: Study, text: str) -> None:
    page = shown(study)
    page.text_area("graph-text").input(text)
    page.button("graph-paste").click().run()
    assert len(page.error) == 1
    assert page.text_area("graph-text").value == text
    assert stored(store, study) == GRAPH


@pytest.mark.parametrize(
    ("button", "wanted"),
    [
        ("unknown-latent", "dag { visits -> age luck [latent] luck -> age }"),
        ("unknown-remove", "dag { visits -> age }"),
    ],
)
def test_a_node_without_a_column_has_two_ways_on(
    store: Store, study: Study, button: str, wanted: str
) -> None:
    store.update(study, graph=CausalGraph.parse("dag { visits -> age luck -> age }").to_json())
    page = shown(study)
    assert "`luck`" in page.warning[0].value
    page.button(button).click().run()
    assert stored(store, study) == CausalGraph.parse(wanted)
    assert not page.warning


def edited(commit: dict[str, Any] | None) -> AppTest:
    """What the editor makes of a commit, in a session whose revision is "now"."""

    def script() -> None:
        import streamlit as st

        from causal_core.graphs.graph import CausalGraph
        from pages._ui.graph_editor import _edited

        st.text(_edited("editor", CausalGraph.parse("dag { visits -> age }")).to_dagitty())

    page = AppTest.from_function(script)
    page.session_state["editor-known"] = ("now", GRAPH.to_json())
    page.session_state["editor"] = {"commit": commit}
    return page.run()


def sent(*arrows: tuple[str, str], revision: str = "now") -> dict[str, Any]:
    edges = [{"source": a, "target": b, "kind": "->"} for a, b in arrows]
    nodes = [{"name": "visits", "x": 0, "y": 0}, {"name": "age", "x": 9, "y": 9}]
    return {"revision": revision, "graph": {"nodes": nodes, "edges": edges}}


def test_a_commit_of_this_revision_counts() -> None:
    page = edited(sent(("age", "visits")))
    assert CausalGraph.parse(page.text[0].value) == CausalGraph.from_edges(
        [("age", "visits")], nodes=("visits", "age")
    )
    assert page.session_state["editor-known"][0] == "now"


@pytest.mark.parametrize("commit", [None, sent(("age", "visits"), revision="before")])
def test_a_late_commit_does_not_count(commit: dict[str, Any] | None) -> None:
    assert CausalGraph.parse(edited(commit).text[0].value) == GRAPH


@pytest.mark.parametrize(
    "commit",
    [
        sent(("age", "visits"), ("visits", "age")),
        sent(("age", "nowhere")),
        {"revision": "now", "graph": "nonsense"},
    ],
)
def test_a_commit_that_means_nothing_is_refused_in_words(commit: dict[str, Any]) -> None:
    page = edited(commit)
    assert not page.exception
    assert len(page.error) == 1
    assert CausalGraph.parse(page.text[0].value) == GRAPH
    assert "editor-known" not in page.session_state  # so the browser is given ours again


@pytest.mark.parametrize("way", ["auto", "layers", "ring", "tiers"])
def test_the_browser_asks_for_a_layout_once(way: str) -> None:
    def script() -> None:
        import streamlit as st

        from causal_core.graphs.graph import CausalGraph
        from pages._ui.graph_editor import _edited

        graph = CausalGraph.parse("dag { visits -> age }")
        st.json(dict(_edited("editor", graph, tiers=[["age"], ["visits"]]).positions))

    def places(revision: str) -> Any:
        page = AppTest.from_function(script)
        page.session_state["editor-known"] = ("now", GRAPH.to_json())
        page.session_state["editor"] = {"tidy": {"revision": revision, "way": way}}
        return json.loads(page.run().json[0].value)

    assert places("before") == {}
    by_tiers = way in ("auto", "tiers")
    asked = places("now")
    assert (asked["age"][0] < asked["visits"][0]) == by_tiers


def test_a_version_is_kept_and_gone_back_to(store: Store, study: Study) -> None:
    page = shown(study)
    page.text_input("version-name").input("first")
    page.button("version-keep").click().run()
    page.button("start-empty").click().run()
    assert stored(store, study) == CausalGraph()
    page.toggle("version-difference").set_value(True).run()
    assert any("No longer in the graph: `visits`, `age`" in said.value for said in page.markdown)
    page.button("version-back").click().run()
    assert not page.exception
    assert stored(store, study) == GRAPH
    page.button("version-deleted").click().run()
    assert not versions.listed(store, study.id)
    assert not page.exception
