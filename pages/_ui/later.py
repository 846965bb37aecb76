"""Work of a second or two that no picture waits for: begun once in a thread, shown when done.

A key names the work and all that it depends on, so that the same question is answered from
what is kept. A page that asks again while the work goes on gets the same future.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

import streamlit as st

from pages._ui import errors

T = TypeVar("T")

_KEPT = 256
_PATIENCE = 0.15  # seconds in which quick work is done without a second drawing
_POLL_SECONDS = 0.4


class _Works:
    """The works begun and kept, the oldest first; one thread, so that pages keep the rest."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(1, "later")
        self._kept: OrderedDict[Hashable, Future[Any]] = OrderedDict()

    def get(self, key: Hashable) -> Future[Any] | None:
        """The work called `key`, if it was begun."""
        with self._lock:
            return self._kept.get(key)

    def begin(self, key: Hashable, work: Callable[[], Any]) -> Future[Any]:
        """The work called `key`, begun unless it was."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = self._threads.submit(work)
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)[1].cancel()
            self._kept.move_to_end(key)
            return self._kept[key]


@st.cache_resource(show_spinner=False)
def _works() -> _Works:
    return _Works()


def later(key: Hashable, work: Callable[[], T]) -> Future[T]:
    """The future of `work`, which `key` names wholly."""
    return _works().begin(key, work)


def known(key: Hashable) -> Any | None:
    """What the work called `key` has found, or None where it is not done or found nothing."""
    future = _works().get(key)
    done = future is not None and future.done() and not future.cancelled()
    return future.result() if future and done and future.exception() is None else None


def ready(*works: Future[Any]) -> bool:
    """Whether all are done; otherwise a line says so, and the page is drawn anew when they are."""
    if not wait(works, _PATIENCE).not_done:
        return True
    st.fragment(_until_done, run_every=_POLL_SECONDS)(works)
    return False


def _until_done(works: tuple[Future[Any], ...]) -> None:
    with errors.shown():
        if all(work.done() for work in works):
            st.rerun()
        st.caption(":material/hourglass_top: Working out the estimate from the rows …")
