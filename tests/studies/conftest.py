"""A store of its own for each test, and workers that end with it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from causal_core.studies import jobs
from causal_core.studies.database import open_database
from causal_core.studies.jobs import Job
from causal_core.studies.store import Store
from tests.studies.postgres import Cluster

Start = Callable[[], "subprocess.Popen[bytes]"]
Until = Callable[[str, Callable[[Job], bool]], Job]


@pytest.fixture(scope="session")
def newest_form(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of an empty database in its newest form: a copy is made sooner than its steps."""
    postgres.create("newest")
    open_database(tmp_path_factory.mktemp("newest"), postgres.url("newest")).dispose()
    return "newest"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "home")
    yield opened
    opened.engine.dispose()


@pytest.fixture
def ada(store: Store) -> Store:
    return store.seen_by("https://issuer ada")


@pytest.fixture
def ben(store: Store) -> Store:
    return store.seen_by("https://issuer ben")


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def either_database(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Runs the test on both; `store` and the processes that it starts use the same one."""
    if request.param == "SQLite":
        yield
        return
    postgres: Cluster = request.getfixturevalue("postgres")
    with postgres.database(request.getfixturevalue("newest_form")) as url:
        monkeypatch.setenv("RUNGS_DATABASE_URL", url)
        yield


@pytest.fixture
def start_worker(store: Store) -> Iterator[Start]:
    """Starts a worker that knows the slow tasks; all are killed afterwards."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.studies.slow_worker", str(store.folder)]
        started.append(subprocess.Popen(command, cwd=Path(__file__).parents[2]))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def until(store: Store) -> Until:
    """Waits until the job fulfils a condition; fails with its last state after 20 s."""

    def wait(job_id: str, condition: Callable[[Job], bool]) -> Job:
        end = time.monotonic() + 20
        while not condition(job := jobs.get(store, job_id)):
            assert time.monotonic() < end, job
            time.sleep(0.02)
        return job

    return wait
