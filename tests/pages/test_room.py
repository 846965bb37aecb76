"""A store without room says so where something was to be brought, and how to make room."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from causal_core.studies.store import Store

APP = Path(__file__).resolve().parents[2] / "app.py"


def test_where_there_is_no_room_a_study_is_removed_and_forgotten(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = store.create("Large *study*", table=store.put_blob(bytes(100_000)))
    monkeypatch.setenv("RUNGS_STUDIES_BYTES", "100000")
    page = AppTest.from_file(str(APP), default_timeout=30).run()
    page.button(key="open-kidney").click().run()
    (said,) = [error.value for error in page.error]
    assert "There is no room for this" in said
    assert r"Large \*study\*" in said
    page.session_state[f"manage-{large.id}"] = True  # as a click on it does
    page.run().button(key=f"remove-{large.id}").click().run()
    page.button(key="open-kidney").click().run()
    assert page.error  # it can still be brought back, and takes its room
    page.session_state["removed"] = True
    page.run().button(key=f"forget-{large.id}").click().run()
    page.button(key="open-kidney").click().run()
    assert not page.error
    assert not page.exception
    assert [study.example for study in store.list()] == ["kidney"]
