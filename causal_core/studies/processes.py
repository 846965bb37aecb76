"""Which process is meant: a number and its start time, since numbers are used again."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import psutil

_AUTOGROUP = Path("/proc/self/autogroup")
_PARENT_SECONDS = 1.0  # between looks whether it is still there
_CLOCK_SLACK = 2.0  # seconds; the start time is reckoned from a clock that may be adjusted


@dataclass(frozen=True)
class Process:
    """A process of some machine; `started` in seconds since 1970."""

    host: str
    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> Process:
        """The process `pid` of this machine; psutil.NoSuchProcess when there is none."""
        return cls(socket.gethostname(), pid, psutil.Process(pid).create_time())

    @classmethod
    def this(cls) -> Process:
        """The process that asks."""
        return cls.of(os.getpid())

    @property
    def here(self) -> bool:
        """Whether it belongs to this machine, so that we can look at it."""
        return self.host == socket.gethostname()

    def alive(self) -> bool:
        """Whether it still runs; True for another machine's, which we cannot see."""
        if not self.here:
            return True
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) < _CLOCK_SLACK
            return same and process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
        except psutil.NoSuchProcess:
            return False

    def kill(self) -> None:
        """End it at once, if it is this machine's and still the same process."""
        if self.here and self.alive():
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


def resident() -> int:
    """The bytes of memory that this process holds now."""
    return int(psutil.Process().memory_info().rss)


def stand_aside(niceness: int, modules: Iterable[str]) -> None:
    """At the start of a process: others of its session come first, and `modules` are loaded.

    It ends with the process that started it, however that ended.
    """
    os.nice(niceness)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    for name in modules:
        import_module(name)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_PARENT_SECONDS)
    os._exit(0)


def give_way(niceness: int) -> None:
    """Let others have the processor first, the more the greater `niceness` (0 to 19).

    Linux may share it among sessions before processes (sched_autogroup), and a worker is a
    session of its own: so that is told as well, where there is something to tell.
    """
    os.nice(niceness)
    with suppress(OSError):
        _AUTOGROUP.write_text(str(niceness))
