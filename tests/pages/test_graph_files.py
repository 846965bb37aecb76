"""Graphs in and out on the Graph page: any format, a question where a matrix leaves one open."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from causal_core.graphs.formats import FORMATS
from causal_core.graphs.graph import CausalGraph
from causal_core.studies.store import Store, Study
from causal_core.tables.table import Table

PAGES = Path(__file__).resolve().parents[2] / "pages"
GRAPH = CausalGraph.parse("dag { visits -> age }")
MATRIX = ",age,visits\nage,0,1\nvisits,0,0\n"


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


def pasted(study: Study, text: str, format: str = "auto") -> AppTest:
    page = shown(study)
    page.text_area("graph-text").input(text)
    page.selectbox("graph-format").select(format)
    page.button("graph-paste").click().run()
    assert not page.exception
    return page


def stored(store: Store, study: Study) -> CausalGraph:
    return CausalGraph.from_json(store.get(study.id).graph or "")


def captions(page: AppTest) -> str:
    return " ".join(caption.value for caption in page.caption)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("digraph { age -> visits }", "Graphviz DOT"),
        ("visits ~ age", "lavaan"),
        ("age -> visits", "list of edges (CSV)"),
        ("variable age {} variable visits {} probability (visits | age) {}", "BIF"),
        ('graph [ directed 1 node [ id "age" ] node [ id "visits" ] '
         'edge [ source "age" target "visits" ] ]', "GML"),
    ],
)  # fmt: skip
def test_text_of_any_format_is_taken_and_its_format_said(
    store: Store, study: Study, text: str, named: str
) -> None:
    page = pasted(study, text)
    assert not page.error
    assert {str(edge) for edge in stored(store, study).edges} == {"age -> visits"}
    assert f"Read as {named}" in captions(page)


def test_the_chosen_format_counts(store: Store, study: Study) -> None:
    page = pasted(study, "visits ~ age", "dot")
    assert "Line 1, column 1" in page.error[0].value.replace("\\", "")
    assert "It was read as Graphviz DOT" in captions(page)
    assert page.text_area("graph-text").value == "visits ~ age"
    assert stored(store, study) == GRAPH


@pytest.mark.parametrize(
    ("way", "arrow"), [("row-to-column", "age -> visits"), ("column-to-row", "visits -> age")]
)
def test_a_matrix_is_asked_about_only_when_it_must_be(
    store: Store, study: Study, way: str, arrow: str
) -> None:
    assert not pasted(study, "age,visits\n0,0\n0,0").radio
    page = pasted(study, MATRIX)
    assert not page.error
    page.radio("graph-orientation").set_value(way).run()
    assert not page.exception
    assert {str(edge) for edge in stored(store, study).edges} == {arrow}
    assert not page.radio


def test_the_question_goes_with_a_new_start(study: Study) -> None:
    page = pasted(study, MATRIX)
    page.button("start-empty").click().run()
    assert not page.radio


def test_a_hostile_name_stays_text(study: Study) -> None:
    page = pasted(study, 'digraph { "**b** ![i](http://e.example/i.png)" -> $x }')
    assert "![" not in page.error[0].value


@pytest.mark.parametrize("key", FORMATS)
def test_every_format_is_offered_or_refused_in_a_sentence(
    store: Store, study: Study, key: str
) -> None:
    hidden = CausalGraph.parse('dag { age <-> "how often" visits [exposure] }')
    store.update(study, graph=hidden.to_json())
    page = shown(study)
    page.selectbox("graph-download-as").select(key).run()
    assert not page.exception
    buttons = [button.label for button in page.get("download_button")]
    offered = [label for label in buttons if label != "Download as interactive HTML"]
    refused = FORMATS[key].refusal(hidden)
    assert bool(offered) == (refused is None)
    if refused:
        assert "choose dagitty" in captions(page)
    left = "no place for roles" in captions(page)
    assert left == (refused is None and "roles" not in FORMATS[key].besides)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"digraph {\n age -> \xff\xfe }", "Line 2, column 9"),
        (b"digraph { age -> }", "Line 1, column 18"),
        (b"a" * (4 * 2**20 + 1), "the limit is"),
    ],
)
def test_a_file_that_cannot_be_read_is_explained(
    store: Store, study: Study, content: bytes, said: str
) -> None:
    page = shown(study)
    page.text_area("graph-text").input("half a thought")
    page.file_uploader("graph-file").set_value(("g.dot", content, "text/plain")).run()
    assert not page.exception
    assert said in page.error[0].value.replace("\\", "")
    assert page.text_area("graph-text").value == "half a thought"
    assert stored(store, study) == GRAPH


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_taken_at_once(store: Store, study: Study, encoding: str) -> None:
    page = shown(study)
    content = "digraph { größe -> age }".encode(encoding)
    page.file_uploader("graph-file").set_value(("g.dot", content, "text/plain")).run()
    assert not page.error
    assert {str(edge) for edge in stored(store, study).edges} == {"größe -> age"}
