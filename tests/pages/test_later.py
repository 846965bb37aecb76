"""Work beside the page: begun once, kept by its key, given up when nobody wants it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from functools import partial

import pandas as pd
import pytest
import streamlit as st

from causal_core.errors import LimitError, StudyError, UnknownColumn
from causal_core.tables.table import Table
from pages._ui import apart, later


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


def test_work_apart_is_done_in_one_process_that_gives_way() -> None:
    here, niceness = os.getpid(), os.nice(0)
    there = later.later(("pid", 1), os.getpid, apart.OPINIONS).result(30)
    assert there != here
    assert later.later(("nice", 1), partial(os.nice, 0), apart.OPINIONS).result(30) > niceness
    assert later.later(("pid", 2), os.getpid, apart.OPINIONS).result(30) == there


def test_an_error_apart_says_what_it_says_here() -> None:
    table = Table.from_frame(pd.DataFrame({"dose": [1, 2]}))
    failed = later.later(("wrong", 1), partial(table.variable, "dosis"), apart.OPINIONS)
    with pytest.raises(UnknownColumn, match="Did you mean “dose”"):
        failed.result(30)


def test_after_its_process_died_a_work_is_begun_once_more_and_then_told() -> None:
    key, die = ("deadly", 1), partial(signal.raise_signal, signal.SIGKILL)
    first = later.later(key, die, apart.OPINIONS)
    assert isinstance(first.exception(30), BrokenExecutor)
    second = later.later(key, die, apart.OPINIONS)
    assert second is not first
    with pytest.raises(LimitError, match="memory"):
        later.result(second)
    assert later.later(key, os.getpid, apart.OPINIONS) is second  # for a minute
    assert later.later(("another", 1), os.getpid, apart.OPINIONS).result(30) != os.getpid()


def test_what_wanted_a_file_is_begun_anew() -> None:
    def missing() -> int:
        raise StudyError("It is gone.")

    assert isinstance(later.later(("file", 1), missing).exception(5), StudyError)
    assert later.later(("file", 1), lambda: 5).result(5) == 5
