"""Work of a second or two that no picture waits for: begun once aside, shown when done.

A key names the work and all that it depends on, so that the same question is answered from
what is kept. A page that asks again while the work goes on gets the same future; one that asks
something else in its place, as a slider does, does not wait for the former.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future, ThreadPoolExecutor, wait
from itertools import count
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import streamlit as st

from causal_core.errors import LimitError, ModelError, StudyError
from pages._ui import errors

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

T = TypeVar("T")

_WANTED = "_later"  # what this tab waits for, by purpose
_KEPT = 256
_REST_SECONDS = 60.0
_LOOKS, _LOOK_SECONDS = 4, 0.12
_WAITING = ":material/hourglass_top: Working out the estimate from the rows …"


class Where(Protocol):
    """Where a work is done: a thread of the server, or processes beside it (`apart`)."""

    def submit(self, work: Callable[[], T], /) -> Future[T]:
        """Begin it."""
        ...


class _Works:
    """The works begun and kept, the oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._again: dict[Hashable, float] = {}  # when one was begun anew, its process dead

    def get(self, key: Hashable) -> Future[Any] | None:
        """The work called `key`, if it was begun."""
        with self._lock:
            return self._kept.get(key)

    def begin(self, key: Hashable, work: Callable[[], Any], where: Where) -> Future[Any]:
        """The work called `key`, begun unless it was."""
        with self._lock:
            if key not in self._kept or self._lost(key):
                self._kept[key] = where.submit(work)
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)[1].cancel()
            self._kept.move_to_end(key)
            return self._kept[key]

    def busy_for_others(self, works: Sequence[Future[Any]]) -> bool:
        """Whether anything but these is waited for."""
        with self._lock:
            return any(not kept.done() and kept not in works for kept in self._kept.values())

    def _lost(self, key: Hashable) -> bool:
        """Whether to begin it anew: given up, in want of a file, or dead with its process.

        Once in a minute for the dead, that may themselves have been what killed it.
        """
        future = self._kept[key]
        if not future.done():
            return False
        if future.cancelled() or isinstance(future.exception(), StudyError | ModelError):
            return True
        dead = isinstance(future.exception(), BrokenExecutor)
        now = time.monotonic()
        if not dead or now < self._again.get(key, -math.inf) + _REST_SECONDS:
            return False
        self._again[key] = now
        return True


@st.cache_resource(show_spinner=False)
def _works() -> _Works:
    return _Works()


_THREAD = ThreadPoolExecutor(1, "later")  # one, so that pages keep the rest


def begun(key: Hashable, work: Callable[[], T], where: Where) -> Future[T]:
    """The future of `work`, which `key` names wholly, for everyone who asks."""
    return _works().begin(key, work, where)


def later(key: tuple[Hashable, ...], work: Callable[[], T], where: Where = _THREAD) -> Future[T]:
    """The future of `work`, which `key` names wholly; the first part of it says what it is for.

    What this tab wanted before for the same purpose is given up if it was not begun yet.
    """
    future = begun(key, work, where)
    wanted = st.session_state.setdefault(_WANTED, {})
    before = wanted.get(key[0])
    if before is not None and before is not future:
        before.cancel()
    wanted[key[0]] = future
    return future


def known(key: Hashable) -> Any | None:
    """What the work called `key` has found, or None where it is not done or found nothing."""
    future = _works().get(key)
    done = future is not None and future.done() and not future.cancelled()
    return future.result() if future and done and future.exception() is None else None


def result(work: Future[T]) -> T:
    """What it has found, or raised; LimitError where its process died."""
    try:
        return work.result()
    except (BrokenExecutor, CancelledError):
        raise LimitError(
            "The process that worked this out was ended: this machine may lack memory.",
            "Close what else runs on it or ask of a smaller table, and try again in a minute.",
        ) from None


def ready(*works: Future[Any], every: float = 1.0) -> bool:
    """Whether all are done, soon; otherwise the page is drawn anew when they are.

    The browser asks once in `every` seconds. A click ends the waiting here at once.
    """
    place = st.empty()
    if _soon(works, place):
        place.empty()
        return True
    redraw(*works, every=every, said=_WAITING)
    return False


def redraw(*works: Future[Any], every: float, said: str = "") -> None:
    """Draw the page anew once all are done, asked once in `every` seconds; `said` until then.

    Never in the run that asks: what it sets in widgets would not reach the browser.
    """
    looks = count()

    def look() -> None:
        with errors.shown():
            if next(looks) and all(work.done() for work in works):
                st.rerun()
            if said:
                st.caption(said)

    st.fragment(look, run_every=every)()


def _soon(works: tuple[Future[Any], ...], place: DeltaGenerator) -> bool:
    """Whether all end within half a second; drawing between looks lets a click in.

    Where others wait as well, theirs may come first: then it is not worth keeping the page.
    """
    for _ in range(_LOOKS):
        if not wait(works, _LOOK_SECONDS).not_done:
            return True
        place.caption(_WAITING)
        if _works().busy_for_others(works):
            break
    return False
