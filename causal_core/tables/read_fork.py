"""One process that has loaded all that reading takes, and forks a reader for every file.

A reader that starts from nothing loads libraries for a second and more; a fork of one that has
loaded them is there in milliseconds and shares their memory. Each still reads one file alone.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ENDED = "ended"  # a pipe in the folder, open for writing for as long as its reader lives
PROGRESS = "progress"  # a file in the folder: rows read and rows there, where a reader tells them
_WAIT = 0.2  # seconds between two looks at it
_ROOT = Path(__file__).resolve().parents[2]
_lock = threading.Lock()
_loaded: list[subprocess.Popen[str]] = []  # the process, once there is one
os.register_at_fork(after_in_child=_loaded.clear)  # two processes must not share its pipes


def read_apart(
    folder: Path, seconds: float, on_progress: Callable[[int, int], None] | None = None
) -> bool:
    """Let a reader do what `folder` requests; whether it ended in time, else it is killed."""
    os.mkfifo(folder / ENDED)
    ended = os.open(folder / ENDED, os.O_RDONLY | os.O_NONBLOCK)
    try:
        reader = _forked(folder)
        poll = select.poll()
        poll.register(ended, 0)  # the end of the writer is always told
        in_time = False
        try:
            in_time = _ends(poll, folder, seconds, on_progress)
        finally:  # also where `on_progress` raises
            if not in_time:
                with suppress(ProcessLookupError):
                    os.kill(reader, signal.SIGKILL)
                poll.poll()
        return in_time
    finally:
        os.close(ended)


def _ends(
    poll: select.poll,
    folder: Path,
    seconds: float,
    on_progress: Callable[[int, int], None] | None,
) -> bool:
    """Wait for the end, and tell `on_progress` meanwhile; whether it came in time."""
    if on_progress is None:
        return bool(poll.poll(1000 * seconds))
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        ended = poll.poll(1000 * min(left, _WAIT))
        with suppress(FileNotFoundError):
            read, rows = (folder / PROGRESS).read_text("utf-8").split()
            on_progress(int(read), int(rows))
        if ended:
            return True
    return False


def begin_loading() -> None:
    """Start the process, so that the first file need not wait for it; returns at once."""
    with _lock:
        if not _loaded:
            _loaded.append(_started())


def _forked(folder: Path) -> int:
    """The process id of a reader for `folder`; a lost process is replaced once."""
    with _lock:
        for _ in range(2):
            if not _loaded:
                _loaded.append(_started())
            with suppress(BrokenPipeError):
                print(folder, file=_loaded[0].stdin, flush=True)
                assert _loaded[0].stdout is not None
                if told := _loaded[0].stdout.readline():
                    return int(told)
            _loaded.pop().wait()
    raise OSError("no process to read files can be started")


def _started() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "causal_core.tables.read_child"],
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _environment() -> dict[str, str]:
    """Its environment: this code on its path, one thread, the plain allocator."""
    path = os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    single = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    return {**os.environ, **single, "PYTHONPATH": path, "ARROW_DEFAULT_MEMORY_POOL": "system"}
