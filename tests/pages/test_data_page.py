"""The Data page: corrections are kept, the graph is not lost, other tabs are respected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from causal_core.graphs.graph import CausalGraph
from causal_core.studies.store import Store, Study
from causal_core.tables.examples import EXAMPLES
from causal_core.tables.schema import Kind
from causal_core.tables.table import Table

PAGES = Path(__file__).resolve().parents[2] / "pages"
GRAPH = CausalGraph.parse("dag { visits -> age }").to_json()


@pytest.fixture
def study(store: Store) -> Study:
    frame = pd.DataFrame({"age": [31, 42, 53] * 5, "visits": [0, 1, 2] * 5})
    table = Table.from_frame(frame, name="people")
    return store.create("people", table=store.put_blob(table.to_bytes()), graph=GRAPH)


def shown(study_id: str) -> AppTest:
    page = AppTest.from_file(str(PAGES / "data.py"), default_timeout=30)
    page.session_state["study"] = study_id
    return clean(page.run())


def clean(page: AppTest) -> AppTest:
    assert not page.exception
    return page


def stored(store: Store, study: Study) -> Table:
    now = store.get(study.id)
    assert now.table is not None
    return Table.from_bytes(store.get_blob(now.table))


def box(page: AppTest, label: str) -> Any:
    return next(widget for widget in page.selectbox if widget.label == label)


def test_a_kind_is_corrected_and_the_graph_stays(store: Store, study: Study) -> None:
    page = shown(study.id)
    box(page, "Column").select("visits")
    clean(page.run())
    box(page, "Kind").select(Kind.ORDINAL)
    clean(page.run())
    assert stored(store, study).variable("visits").kind is Kind.ORDINAL
    assert store.get(study.id).graph == GRAPH


def test_a_unit_is_kept(store: Store, study: Study) -> None:
    page = shown(study.id)
    page.text_input[0].input("years")
    clean(page.run())
    assert stored(store, study).variable("age").unit == "years"


def elsewhere(store: Store, study: Study, column: str, kind: str) -> None:
    """Another tab corrects a column."""
    changed = stored(store, study).with_kind(column, kind)
    store.update(store.get(study.id), table=store.put_blob(changed.to_bytes()))


def test_a_choice_made_on_an_older_table_is_added_to_the_newest(store: Store, study: Study) -> None:
    page = shown(study.id)
    elsewhere(store, study, "visits", "ordinal")
    box(page, "Kind").select(Kind.CATEGORICAL)
    clean(page.run())
    kinds = [variable.kind for variable in stored(store, study).variables]
    assert kinds == [Kind.CATEGORICAL, Kind.ORDINAL]
    assert "“age” is added" in page.session_state["_flash"]
    assert box(page, "Kind").value is Kind.CATEGORICAL
    elsewhere(store, study, "visits", "categorical")
    clean(page.run())  # nothing was chosen since
    assert stored(store, study).variable("visits").kind is Kind.CATEGORICAL


def test_a_unit_written_for_an_older_table_is_added_too(store: Store, study: Study) -> None:
    page = shown(study.id)
    elsewhere(store, study, "visits", "ordinal")
    page.text_input[0].input("years")
    clean(page.run())
    assert stored(store, study).variable("age").unit == "years"
    assert stored(store, study).variable("visits").kind is Kind.ORDINAL


@pytest.mark.parametrize(("button", "kept"), [("mine", "categorical"), ("theirs", "ordinal")])
def test_a_column_that_both_corrected_is_shown_from_both_sides(
    store: Store, study: Study, button: str, kept: str
) -> None:
    page = shown(study.id)
    elsewhere(store, study, "age", "ordinal")
    box(page, "Kind").select(Kind.CATEGORICAL)
    clean(page.run())
    told = "\n".join(item.value for item in page.markdown)
    assert "`age` is categorical" in told
    assert "`age` is ordinal" in told
    assert stored(store, study).variable("age").kind is Kind.ORDINAL
    elsewhere(store, study, "visits", "ordinal")
    page.button(key=f"contested-{button}-0").click()
    clean(page.run())
    assert stored(store, study).variable("age").kind == kept
    assert stored(store, study).variable("visits").kind is Kind.ORDINAL
    assert "contested-mine-0" not in [one.key for one in page.button]


def test_two_contested_corrections_are_both_held(store: Store, study: Study) -> None:
    page = shown(study.id)
    for column in ("age", "visits"):
        box(page, "Column").select(column)
        clean(page.run())
        elsewhere(store, study, column, "ordinal")
        box(page, "Kind").select(Kind.CATEGORICAL)
        clean(page.run())
    for _ in range(2):
        page.button(key="contested-mine-0").click()
        clean(page.run())
    assert {v.kind for v in stored(store, study).variables} == {Kind.CATEGORICAL}


@pytest.mark.parametrize("key", EXAMPLES)
def test_every_example_is_shown(store: Store, key: str) -> None:
    table = EXAMPLES[key].table()
    study = store.create(key, table=store.put_blob(table.to_bytes()))
    page = shown(study.id)
    assert not page.error
    assert list(page.dataframe[0].value["Column"]) == list(table.columns)


def test_a_study_that_is_gone_is_one_sentence_and_a_way_back(store: Store) -> None:
    page = shown("0" * 32)
    assert len(page.warning) == 1
    assert [button.label for button in page.button] == ["Start"]
