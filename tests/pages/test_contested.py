"""What two tabs change at once, without a browser: merged, or both shown until one is chosen."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from causal_core.graphs.graph import CausalGraph
from causal_core.studies.bundle import bundle
from causal_core.studies.duplicate import duplicate
from causal_core.studies.store import Store, Study
from causal_core.studies.unbundle import unbundle
from causal_core.tables.schema import Kind
from causal_core.tables.table import Table
from pages._ui import session

GRAPH = Path(__file__).resolve().parents[2] / "pages" / "graph.py"
MINE, THEIRS, OTHER = (
    CausalGraph.parse(text).to_json() for text in ("x -> y; x -> z", "x -> y -> z", "z -> y")
)
NOTE = "**bold** ![x](http://evil.test/p.png) <script>alert(1)</script>"


@pytest.fixture
def study(store: Store) -> Study:
    table = Table.from_frame(pd.DataFrame({name: [0, 1] * 20 for name in "xyz"}))
    return store.create("s", table=store.put_blob(table.to_bytes()), graph=THEIRS)


def shown(study: Study) -> AppTest:
    page = AppTest.from_file(str(GRAPH), default_timeout=60)
    page.session_state["study"] = study.id
    return page


def contested(study: Study, *changes: dict[str, Any], corrected: str | None = None) -> AppTest:
    """The page with these changes to be settled."""
    page = shown(study)
    page.session_state["_contested"] = tuple((study.id, one, corrected) for one in changes)
    return page.run()


@contextmanager
def _full_disk() -> Iterator[None]:
    """In the block the pages' database takes no change of a study."""
    cause, engine = sqlite3.OperationalError("database or disk is full"), session.opened().engine

    def refuse(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE studies"):
            raise sa.exc.OperationalError(statement, None, cause)

    sa.event.listen(engine, "before_cursor_execute", refuse)
    yield
    sa.event.remove(engine, "before_cursor_execute", refuse)


@pytest.mark.parametrize(("button", "kept"), [("mine", MINE), ("theirs", THEIRS)])
def test_both_graphs_are_told_and_one_is_kept(
    store: Store, study: Study, button: str, kept: str
) -> None:
    page = contested(study, {"graph": MINE})
    told = "\n".join(item.value for item in page.markdown)
    assert "- Arrows only here: `x` → `z`." in told
    assert "- Arrows only here: `y` → `z`." in told
    assert store.get(study.id).graph == THEIRS
    page.button(key=f"contested-{button}-0").click().run()
    assert not page.exception
    assert store.get(study.id).graph == kept
    assert "contested-mine-0" not in [one.key for one in page.button]


def test_a_second_conflict_leaves_the_first_to_be_settled(store: Store, study: Study) -> None:
    page = contested(study, {"graph": MINE}, {"graph": OTHER}, {"graph": THEIRS})
    told = [item.value for item in page.markdown]
    titles = [
        "**Mine (1 of 2)**",
        "**Theirs (1 of 2)**",
        "**Mine (2 of 2)**",
        "**Theirs (2 of 2)**",
    ]
    assert [text for text in told if text in titles] == titles  # the third is what is stored
    page.button(key="contested-mine-1").click().run()
    assert store.get(study.id).graph == OTHER
    page.button(key="contested-mine-0").click().run()
    assert store.get(study.id).graph == MINE
    assert not page.exception


def test_two_contested_columns_can_both_be_kept(store: Store, study: Study) -> None:
    assert study.table is not None
    table = Table.from_bytes(store.get_blob(study.table))
    mine = [table.with_kind(name, "ordinal") for name in "xy"]
    theirs = table.with_kind("z", "categorical")
    store.update(study, table=store.put_blob(theirs.to_bytes()))
    changes = [{"table": store.put_blob(one.to_bytes())} for one in mine]
    page = contested(study, *changes, corrected=study.table)
    for _ in mine:
        page.button(key="contested-mine-0").click().run()
    stored = store.get(study.id).table
    assert stored is not None
    kinds = [v.kind for v in Table.from_bytes(store.get_blob(stored)).variables]
    assert kinds == [Kind.ORDINAL, Kind.ORDINAL, Kind.CATEGORICAL]
    assert "contested-mine-0" not in [one.key for one in page.button]


def test_a_conflict_of_another_study_waits_for_it(store: Store, study: Study) -> None:
    page = shown(study)
    other = ("f" * 32, {"graph": MINE}, None)
    page.session_state["_contested"] = (other, (study.id, {"graph": MINE}, None))
    page.run().button(key="contested-theirs-0").click().run()
    assert page.session_state["_contested"] == (other,)


def test_what_cannot_be_kept_is_said_and_stays_to_be_settled(store: Store, study: Study) -> None:
    page = contested(study, {"graph": MINE})
    with _full_disk():
        page.button(key="contested-mine-0").click().run()
    assert not page.exception
    assert "could not be saved" in page.error[0].value
    page.button(key="contested-mine-0").click().run()
    assert store.get(study.id).graph == MINE


def test_notes_that_cannot_be_kept_are_said_and_stay_in_their_box(
    store: Store, study: Study
) -> None:
    page, field = shown(study).run(), f"notes-{study.id}"
    with _full_disk():
        page.text_area(key=field).set_value("one").run()
    assert not page.exception
    assert "could not be saved" in page.error[0].value
    assert page.text_area(key=field).value == "one"
    page.text_area(key=field).set_value("one, again").run()
    assert store.get(study.id).choices["notes"] == "one, again"


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
