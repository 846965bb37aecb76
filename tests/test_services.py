"""What compose.yaml puts together is there, fits together, and starts.

The tests in a browser start the app by the image's own command.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from distributed import Client

from causal_core.limits import LIMITS
from causal_core.studies import blobs, cluster, database
from tests.services import ROOT, command, services


@contextmanager
def _running(*words: str) -> Iterator[None]:
    process = subprocess.Popen(words, cwd=ROOT, env=os.environ | {"OMP_NUM_THREADS": "1"})
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def test_the_scheduler_and_a_worker_start_and_find_each_other() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    place = f"tcp://127.0.0.1:{port}"
    scheduler = command("scheduler", {})
    worker = command("worker", {services()["app"]["environment"][cluster.ADDRESS]: place})
    with (
        _running(*scheduler, "--host", "127.0.0.1", "--port", port),
        _running(*worker),
        Client(place, timeout=60, set_as_default=False) as client,
    ):
        client.wait_for_workers(1, timeout=60)
        assert list(client.nthreads().values()) == [1]
        assert client.submit(sum, [1, 2]).result(timeout=60) == 3


@pytest.mark.parametrize("service", ["app", "worker"])
def test_servers_and_workers_are_told_of_the_same_store(service: str) -> None:
    told = services()[service]
    known = {database.URL, blobs.URL, cluster.ADDRESS, "RUNGS_PROXY"}
    assert set(told["environment"]) <= known | {f"RUNGS_{name.upper()}" for name in LIMITS}
    app = services()["app"]
    assert told["volumes"] == app["volumes"]
    for name in (database.URL, blobs.URL):
        assert told["environment"][name] == app["environment"][name]


def test_the_image_is_made_of_what_is_there() -> None:
    copied = re.findall(r"^COPY (\S+) ", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert {"app.py", ".streamlit", "causal_core", "pages"} <= set(copied)
    assert all((ROOT / name).exists() for name in copied)
