"""Whatever happens on a page ends as one message, and user text stays text."""

from __future__ import annotations

import logging

import pytest
from streamlit.testing.v1 import AppTest


def test_errors_for_people_are_shown_in_their_own_words() -> None:
    def page() -> None:
        from causal_core.errors import TableError
        from pages._ui import errors

        with errors.shown():
            raise TableError("“![x](http://e.example/x.png)” is **empty**.", "Fill it.")

    run = AppTest.from_function(page).run()
    assert not run.exception
    text = run.error[0].value
    assert "![" not in text
    assert "**" not in text
    assert "Fill it" in text


def test_any_other_error_is_logged_under_the_number_shown(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def page() -> None:
        from pages._ui import errors

        with errors.shown():
            raise KeyError("secret detail")

    with caplog.at_level(logging.ERROR, logger="rungs"):
        run = AppTest.from_function(page).run()
    assert not run.exception
    message = run.error[0].value
    assert "secret detail" not in message
    assert caplog.records[0].args[0] in message  # type: ignore[index]
    assert caplog.records[0].exc_info


def test_stopping_a_page_is_no_error() -> None:
    def page() -> None:
        import streamlit as st

        from pages._ui import errors

        with errors.shown():
            st.write("before")
            st.stop()

    run = AppTest.from_function(page).run()
    assert not run.error
    assert not run.exception
