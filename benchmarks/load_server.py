"""The real server for a measurement: started as `make run` does, with its own data and port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from causal_core.studies.pool import stop_workers
from causal_core.studies.store import Store

ROOT = Path(__file__).resolve().parents[1]
_START_SECONDS = 120.0


@dataclass(frozen=True)
class Memory:
    """Resident MiB of the server itself and of the processes that it started."""

    server: float
    others: float

    @property
    def total(self) -> float:
        """Of all of them."""
        return self.server + self.others


@dataclass(frozen=True)
class Server:
    """A running app: its address, and its process."""

    url: str
    process: psutil.Process

    def cpu_seconds(self) -> float:
        """The CPU time of the server itself since its start."""
        used = self.process.cpu_times()
        return float(used.user + used.system)

    def memory(self) -> Memory:
        """What it holds now."""
        others = 0
        for child in self.process.children(recursive=True):
            try:
                others += child.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return Memory(self.process.memory_info().rss / 2**20, others / 2**20)


@contextmanager
def served(home: Path) -> Iterator[Server]:
    """The app with its studies in `home`; its words go to `home`/server.log.

    Raises RuntimeError when it does not start.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", ".streamlit/serve.py"]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
    environment = os.environ | {"RUNGS_HOME": str(home), "OMP_NUM_THREADS": "1"}
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_healthy(url, process)
            yield Server(url, psutil.Process(process.pid))
        finally:
            process.terminate()
            process.wait()
            stop_workers(Store.open(home))


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server did not start; see server.log in its folder.")
