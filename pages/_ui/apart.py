"""Processes beside the server: what they work out keeps no other page waiting.

The server's Python runs one page at a time, and an answer lets go of it thousands of times:
beside one busy page it would wait as often to go on (46 s instead of 0.5 s were seen).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from causal_core.studies.processes import stand_aside

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

T = TypeVar("T")

_IDLE_SECONDS = 900
_MOST = 4  # each holds some 300 MiB


class Apart:
    """`count` processes with `modules` loaded, the less urgent the greater their `niceness`.

    They start with the first work, end after a quarter of an hour without any, and are
    replaced when one has died.
    """

    def __init__(self, count: int, niceness: int, modules: Sequence[str]) -> None:
        self._count, self._niceness, self._modules = count, niceness, tuple(modules)
        self._lock = threading.Lock()
        self._processes: Executor | None = None

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Begin `work`, which is pickled, as is what it finds or raises.

        The future raises BrokenExecutor where its process dies.
        """
        with self._lock:
            if self._processes is not None:
                with suppress(BrokenExecutor):
                    return self._processes.submit(work)
            try:
                self._processes = self._started()
                return self._processes.submit(work)
            except OSError:  # no process may be started here: threads are slower, but answer
                self._processes = ThreadPoolExecutor(self._count)
                return self._processes.submit(work)

    def _started(self) -> Executor:
        from joblib.externals.loky import ProcessPoolExecutor

        # Not Python's own pool: a child of that would run the page that is `__main__` just now.
        started: Executor = ProcessPoolExecutor(
            self._count,
            timeout=_IDLE_SECONDS,
            initializer=stand_aside,
            initargs=(self._niceness, self._modules),
            env={"OMP_NUM_THREADS": "1"},
        )
        return started


ANSWERS = Apart(max(1, min(_MOST, (os.cpu_count() or 1) // 2)), 0, ("causal_core.studies.sweeps",))
OPINIONS = Apart(
    1,
    5,
    (
        "causal_core.estimation.opinion",
        "sklearn.ensemble",
        "sklearn.linear_model",
        "sklearn.preprocessing",
    ),
)


def start() -> None:
    """Start them all, so that no first work waits for it."""
    for processes in (ANSWERS, OPINIONS):
        processes.submit(os.getpid)
