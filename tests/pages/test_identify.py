"""The Identify page: what it asks first, what it understands, and what it keeps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from causal_core.graphs.graph import CausalGraph
from causal_core.studies.store import Store, Study
from causal_core.tables.examples import EXAMPLES
from causal_core.tables.table import Table

PAGES = Path(__file__).resolve().parents[2] / "pages"
MBIAS = "dag { x <- a -> m <- b -> y; x -> y; z -> x; z -> y }"
HOSTILE = r"dose $\frac{1}{2}$ `![x](http://evil.test)`"


def study_of(store: Store, graph: CausalGraph, columns: list[str] | None = None) -> Study:
    names = graph.observed if columns is None else columns
    frame = pd.DataFrame({name: [0, 1] * 20 for name in names})
    table = store.put_blob(Table.from_frame(frame).to_bytes())
    return store.create("question", table=table, graph=graph.to_json())


def shown(study: Study) -> AppTest:
    page = AppTest.from_file(str(PAGES / "identify.py"), default_timeout=30)
    page.session_state["study"] = study.id
    page.run()
    assert not page.exception
    return page


def ask(page: AppTest, text: str) -> None:
    page.text_input[0].input(text).run()
    assert not page.exception


def kept(store: Store, study: Study) -> dict[str, Any]:
    return dict(store.get(study.id).choices["question"])


def headline(page: AppTest) -> str:
    return str(page.subheader[0].value)


def box(page: AppTest, label: str) -> Any:
    boxes = [*page.selectbox, *page.multiselect]
    return next(one for one in boxes if one.label == label)


def test_without_a_graph_it_leads_to_one(store: Store) -> None:
    page = shown(study_of(store, CausalGraph(), ["x"]))
    assert "There is no graph yet" in page.markdown[0].value


def test_it_first_asks_what_the_example_asks(store: Store) -> None:
    kidney = EXAMPLES["kidney"]
    study = store.create(
        "Kidney",
        table=store.put_blob(kidney.table().to_bytes()),
        graph=CausalGraph.parse(kidney.graph_text).to_json(),
        example="kidney",
    )
    page = shown(study)
    assert (box(page, "Cause").value, box(page, "Outcome").value) == (
        kidney.cause,
        kidney.outcome,
    )
    assert headline(page) == "Yes, by adjusting for `size`."
    assert r"\sum_{\text{size}}" in page.latex[0].value


def test_words_become_the_question_and_are_kept(store: Store) -> None:
    study = study_of(store, CausalGraph.parse("dag { x -> m -> y; x <-> y }"))
    page = shown(study)
    ask(page, "does *X* change y?")
    assert (box(page, "Cause").value, box(page, "Outcome").value) == ("x", "y")
    assert headline(page) == "Yes, through `m`."
    ask(page, "effect of m on y given x")
    assert kept(store, study)["given"] == ["x"]
    assert box(shown(study), "Given").value == ["x"]


def test_a_misspelt_name_is_said_and_the_question_stays(store: Store) -> None:
    study = study_of(store, CausalGraph.from_edges([("dose", "recovery")]))
    page = shown(study)
    ask(page, "does dsoe cause recovery?")
    assert "Did you mean “dose”?" in page.error[0].value
    assert page.text_input[0].value == "does dsoe cause recovery?"
    assert box(page, "Cause").value == "dose"
    ask(page, "does dose cause recovery?")
    assert not page.error


def test_the_boxes_change_the_question_and_its_words(store: Store) -> None:
    study = study_of(store, CausalGraph.parse(MBIAS))
    page = shown(study)
    box(page, "Cause").select("a").run()
    assert page.text_input[0].value == "What is the effect of “a” on “y”?"
    box(page, "Outcome").select("a").run()  # the cause makes way
    assert (kept(store, study)["treatment"], kept(store, study)["outcome"]) == ("y", "a")
    assert headline(page) == "Yes: there is no effect."


def test_a_button_holds_its_set_and_limits_change_what_is_offered(store: Store) -> None:
    study = study_of(store, CausalGraph.parse(MBIAS))
    page = shown(study)
    ask(page, "does x cause y")
    next(one for one in page.button if one.label == "z").click().run()
    assert kept(store, study)["adjusted"] == ["z"]
    assert box(page, "Held now").value == ["z"]
    box(page, "Always held").select("m").run()
    labels = {one.label for one in page.button if one.key and one.key.startswith("set-")}
    assert labels == {"a, m, z", "b, m, z"}
    again = shown(study)
    assert box(again, "Always held").value == ["m"]
    box(again, "Never held").select("z").run()
    assert any("No set of measured variables" in one.value for one in again.caption)


def test_what_is_held_stays_while_cause_and_outcome_do(store: Store) -> None:
    study = study_of(store, CausalGraph.parse(MBIAS))
    page = shown(study)
    ask(page, "does x cause y adjusting for m and z")
    box(page, "Given").select("m").run()
    assert (kept(store, study)["given"], kept(store, study)["adjusted"]) == (["m"], ["z"])
    box(page, "Cause").select("a").run()
    assert kept(store, study)["adjusted"] == []


def test_nodes_that_are_no_columns_are_identified_all_the_same(store: Store) -> None:
    graph = CausalGraph.parse("dag { x -> m -> y; x <-> y }")
    page = shown(study_of(store, graph, ["x", "y"]))
    ask(page, "does x cause y")
    assert headline(page) == "Yes, through `m`."
    assert not page.error


@pytest.mark.parametrize(
    ("graph", "words"),
    [
        (CausalGraph.from_edges([("u", "x")], latent="u"), "two measured nodes"),
        (CausalGraph.parse("pdag { x -- y }"), "no direction yet"),
    ],
)
def test_what_cannot_be_asked_is_said_with_a_remedy(
    store: Store, graph: CausalGraph, words: str
) -> None:
    page = shown(study_of(store, graph, ["x", "y"]))
    assert words in page.error[0].value


def test_a_bow_is_refused_with_its_reason(store: Store) -> None:
    page = shown(study_of(store, CausalGraph.parse("dag { x -> y; x <-> y }")))
    assert headline(page).startswith("No. These data cannot tell")
    assert not page.latex


def test_hostile_names_are_never_markup(store: Store) -> None:
    graph = CausalGraph.from_edges([("age", HOSTILE), ("age", "pain"), (HOSTILE, "pain")])
    page = shown(study_of(store, graph))
    ask(page, f"does {HOSTILE} cause pain?")
    assert box(page, "Cause").value == HOSTILE
    assert headline(page) == "Yes, by adjusting for `age`."
    assert r"\$\textbackslash{}frac\{1\}\{2\}\$" in page.latex[0].value
    assert not any("![x](" in one.value for one in page.caption)


def test_a_question_whose_nodes_are_gone_is_asked_anew(store: Store) -> None:
    study = study_of(store, CausalGraph.parse(MBIAS))
    page = shown(study)
    ask(page, "does z cause y adjusting for a")
    smaller = CausalGraph.parse("dag { x <- a -> y; x -> y }")
    store.update(store.get(study.id), graph=smaller.to_json())
    assert box(shown(study), "Cause").value in smaller.nodes
