"""However many servers ask, there are as many workers as allowed, and lost ones are replaced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from causal_core.studies import pool, roster
from causal_core.studies.store import Store

SERVER = """
import sys
from pathlib import Path
from causal_core.studies import pool
from causal_core.studies.store import Store
for _ in range(5):
    pool.ensure_workers(Store.open(Path(sys.argv[1])))
"""


@pytest.fixture(autouse=True)
def _end_workers(store: Store) -> Iterator[None]:
    yield
    pool.stop_workers(store)


def test_several_servers_share_the_workers(store: Store) -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", SERVER, str(store.folder)]
    servers = [subprocess.Popen(command, cwd=root) for _ in range(3)]
    assert [server.wait(timeout=60) for server in servers] == [0] * 3
    (worker,) = roster.everyone(store)
    assert worker.alive()  # though the server that started it has ended
    assert os.getsid(worker.process.pid) == worker.process.pid


def test_a_killed_worker_is_replaced_but_not_in_a_storm(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool.ensure_workers(store)
    (first,) = roster.everyone(store)
    os.kill(first.process.pid, signal.SIGKILL)
    pool.ensure_workers(store)
    assert [worker.id for worker in roster.everyone(store)] == [first.id]
    time.sleep(3.1)
    pool.ensure_workers(store)
    (second,) = roster.everyone(store)
    assert second.id != first.id
    assert second.alive()


def test_no_workers_are_started_when_none_are_allowed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGS_WORKERS", "0")
    pool.ensure_workers(store)
    assert roster.everyone(store) == ()
