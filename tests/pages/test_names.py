"""Renaming a study on Start, while it may be renamed in another tab."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from causal_core.studies.removal import remove
from causal_core.studies.store import Store

START = Path(__file__).resolve().parents[2] / "pages" / "start.py"


def started(study_id: str) -> AppTest:
    """Start, with what manages this study unfolded."""
    page = AppTest.from_file(str(START), default_timeout=60)
    page.session_state[f"manage-{study_id}"] = True
    return page.run()


def test_a_name_given_in_another_tab_is_not_undone(store: Store) -> None:
    study = store.create("First")
    page, field = started(study.id), f"name-{study.id}"
    store.update(store.get(study.id), name="Second")
    page.run().run()
    assert store.get(study.id).name == "Second"
    assert page.text_input(key=field).value == "Second"
    page.text_input(key=field).set_value(" Third ").run()
    assert store.get(study.id).name == "Third"
    assert page.text_input(key=field).value == "Third"


def test_a_name_that_no_one_changed_is_kept_as_it_is(store: Store) -> None:
    long = store.create("x" * 100).id
    page = started(long).run()
    assert store.get(long).name == "x" * 100
    page.text_input(key=f"name-{long}").set_value("  ").run()
    assert store.get(long).name == "x" * 100


def test_every_older_study_can_be_found(store: Store) -> None:
    wanted = store.create("The trial of May")
    for number in range(60):
        store.create(f"Other {number}")
    page = AppTest.from_file(str(START), default_timeout=60)
    page.session_state["older"] = True
    page.run()
    assert "55 older" in {one.label for one in page.expander}
    assert f"go-{wanted.id}" not in {button.key for button in page.button}
    page.text_input(key="find").set_value("TRIAL").run()
    assert page.button(key=f"go-{wanted.id}")
    assert len([b for b in page.button if str(b.key).startswith("go-")]) == 6 + 1
    page.text_input(key="find").set_value("nowhere").run()
    assert "No older study" in page.caption[-1].value
    assert not page.exception


def test_a_study_that_is_gone_is_said(store: Store) -> None:
    study = store.create("First")
    page = started(study.id)
    remove(store, study.id)
    page.text_input(key=f"name-{study.id}").set_value("Second").run()
    assert not page.exception
    assert "does not exist any more" in page.error[0].value
