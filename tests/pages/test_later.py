"""Work beside the page: begun once, kept by its key, given up when nobody wants it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import streamlit as st

from pages._ui import later


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    st.cache_resource.clear()
    st.session_state.clear()
    yield
    st.cache_resource.clear()
    st.session_state.clear()


def test_the_same_key_is_worked_out_once() -> None:
    calls: list[int] = []

    def work() -> int:
        calls.append(1)
        return 7

    first, again = later.later(("a", 1), work), later.later(("a", 1), work)
    assert first is again
    assert first.result(5) == 7
    assert later.known(("a", 1)) == 7
    assert len(calls) == 1


def test_a_failure_is_kept_and_known_as_nothing() -> None:
    def work() -> int:
        raise ValueError

    future = later.later(("a", 2), work)
    assert isinstance(future.exception(5), ValueError)
    assert later.known(("a", 2)) is None
    assert later.known(("never begun",)) is None


def test_what_a_newer_question_replaces_is_not_begun() -> None:
    go = threading.Event()
    running = later.later(("other", 0), lambda: go.wait(5))
    waiting = later.later(("slider", 1), lambda: 1)
    newest = later.later(("slider", 2), lambda: 2)
    assert waiting.cancelled()
    go.set()
    assert running.result(5)
    assert newest.result(5) == 2
    assert later.later(("slider", 1), lambda: 1).result(5) == 1  # asked again, it is begun again
