"""The critic under the editor: what it says of a graph, and that it never stands in the way."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from causal_core.graphs.graph import CausalGraph
from causal_core.studies.store import Store
from causal_core.tables.table import Table

PAGES = Path(__file__).resolve().parents[2] / "pages"


def rows() -> pd.DataFrame:
    n = np.random.default_rng(0).normal(size=(3, 500))
    return pd.DataFrame({"a": n[0], "b": n[0] + n[1], "c": n[0] + n[1] + n[2]})


def shown(store: Store, graph: str, frame: pd.DataFrame | None = None) -> AppTest:
    table = Table.from_frame(rows() if frame is None else frame)
    drawn = CausalGraph.parse(graph)
    study = store.create("s", table=store.put_blob(table.to_bytes()), graph=drawn.to_json())
    page = AppTest.from_file(str(PAGES / "graph.py"), default_timeout=30)
    page.session_state["study"] = study.id
    page.run()
    assert not page.exception
    return page


def text(page: AppTest) -> str:
    return "\n".join(item.value for item in (*page.markdown, *page.caption, *page.error))


def test_a_graph_that_fits_is_not_contradicted(store: Store) -> None:
    page = shown(store, "a -> b -> c")
    assert "Nothing contradicts this graph" in text(page)
    assert "only what you know can direct them: `a` → `b`, `b` → `c`" in text(page)


def test_what_is_contradicted_comes_with_its_mend(store: Store) -> None:
    page = shown(store, "dag { a -> b; c }")
    assert "The rows contradict 2 of 2 independencies" in text(page)
    assert "`b → c`" in text(page)
    table = page.dataframe[0].value
    assert list(table["the rows say"]) == ["contradicted", "contradicted"]
    assert list(table["corrected"]) == ["p < 0.001", "p < 0.001"]


def test_an_arrow_without_support_is_named(store: Store) -> None:
    frame = rows().assign(d=np.random.default_rng(1).normal(size=500))
    assert "`a` → `d` carries little" in text(shown(store, "a -> b -> c a -> d", frame))


@pytest.mark.parametrize(
    ("graph", "said"),
    [
        ("dag { a -> b; a -> c; b -> c }", "claims nothing that rows could contradict"),
        ("dag { a }", "Draw two columns or more"),
        ("dag { }", "Draw two columns or more"),
        ("a -- b", "Direct the open edges"),
        ("a -> nowhere -> c", "no such column"),
    ],
)
def test_what_cannot_be_criticised_is_said_in_a_sentence(
    store: Store, graph: str, said: str
) -> None:
    assert said in text(shown(store, graph)).replace("\\", "")


def test_shuffled_names_wait_for_their_button(store: Store) -> None:
    page = shown(store, "a -> b -> c")
    assert "shuffled" not in text(page)
    page.button("critic-shuffle").click().run()
    assert not page.exception
    assert "graphs with the names shuffled" in text(page)


def test_hostile_names_stay_names(store: Store) -> None:
    evil = "![x](y) `b` <b>"
    drawn = CausalGraph.from_edges([("b", "c")], nodes=(evil, "b", "c"))
    said = text(shown(store, drawn.to_dagitty(), rows().rename(columns={"a": evil})))
    assert "The rows contradict 2 of 2" in said
    assert f"`` {evil} → b ``" in said or f"`` b → {evil} ``" in said
    assert evil not in re.sub(r"``.*?``", "", said)
