"""What two tabs change at once, without a browser: merged, or both shown until one is chosen."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from causal_core.graphs.graph import CausalGraph
from causal_core.studies.bundle import bundle
from causal_core.studies.duplicate import duplicate
from causal_core.studies.store import Store, Study
from causal_core.studies.unbundle import unbundle
from causal_core.tables.table import Table

GRAPH = Path(__file__).resolve().parents[2] / "pages" / "graph.py"
MINE, THEIRS = (CausalGraph.parse(text).to_json() for text in ("x -> y; x -> z", "x -> y -> z"))
NOTE = "**bold** ![x](http://evil.test/p.png) <script>alert(1)</script>"


@pytest.fixture
def study(store: Store) -> Study:
    table = Table.from_frame(pd.DataFrame({name: [0, 1] * 20 for name in "xyz"}))
    return store.create("s", table=store.put_blob(table.to_bytes()), graph=THEIRS)


def shown(study: Study) -> AppTest:
    page = AppTest.from_file(str(GRAPH), default_timeout=60)
    page.session_state["study"] = study.id
    return page


@pytest.mark.parametrize(("button", "kept"), [("mine", MINE), ("theirs", THEIRS)])
def test_both_graphs_are_told_and_one_is_kept(
    store: Store, study: Study, button: str, kept: str
) -> None:
    page = shown(study)
    page.session_state["_contested"] = (study.id, {"graph": MINE})
    page.run()
    told = "\n".join(item.value for item in page.markdown)
    assert "- Arrows only here: `x` → `z`." in told
    assert "- Arrows only here: `y` → `z`." in told
    assert store.get(study.id).graph == THEIRS
    page.button(key=f"contested-{button}").click().run()
    assert not page.exception
    assert store.get(study.id).graph == kept
    assert "contested-mine" not in [one.key for one in page.button]


def test_notes_of_two_tabs_are_both_kept(store: Store, study: Study) -> None:
    first, second = shown(study).run(), shown(study).run()
    field = f"notes-{study.id}"
    first.text_area(key=field).set_value("one").run()
    second.text_area(key=field).set_value("two").run()
    assert store.get(study.id).choices["notes"] == "one\n\ntwo"
    assert second.text_area(key=field).value == "one\n\ntwo"
    assert not second.exception


def test_notes_go_with_the_study_and_stay_text(store: Store, study: Study) -> None:
    page = shown(study).run()
    page.text_area(key=f"notes-{study.id}").set_value(NOTE).run()
    assert not [item for item in page.markdown if "evil" in item.value]
    for copy in (duplicate(store, study.id), unbundle(store, bundle(store, study.id))):
        assert copy.choices["notes"] == NOTE
