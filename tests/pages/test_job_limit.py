"""More jobs than a study may have are refused in words, where the button was."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from causal_core.graphs.graph import CausalGraph
from causal_core.studies import jobs
from causal_core.studies.store import Store
from causal_core.tables.examples import EXAMPLES

FIT = Path(__file__).resolve().parents[2] / "pages" / "fit.py"


def test_a_fit_too_many_is_refused_with_what_to_do(store: Store) -> None:
    kidney = EXAMPLES["kidney"]
    table = store.put_blob(kidney.table().to_bytes())
    graph = CausalGraph.parse(kidney.graph_text).to_json()
    study = store.create("Busy", table=table, graph=graph)
    for _ in range(3):
        jobs.submit(store, study.id, "discover", {"table": table})
    page = AppTest.from_file(str(FIT), default_timeout=30)
    page.session_state["study"] = study.id
    page.run().button(key="fit").click().run()
    assert not page.exception
    (said,) = [error.value for error in page.error]
    assert "3 of this study" in said
    assert "cancel one" in said
    assert page.button(key="fit")  # the page is whole, and the fit can be asked for again
    assert store.get(study.id).fit is None
