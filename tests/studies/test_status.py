"""What `python -m causal_core status` counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from setuptools.config.pyprojecttoml import read_configuration

from causal_core.__main__ import main
from causal_core.studies import claims, jobs, roster
from causal_core.studies.processes import Process
from causal_core.studies.removal import remove
from causal_core.studies.status import status
from causal_core.studies.store import Store


@pytest.mark.usefixtures("either_database")
def test_everything_is_counted_as_it_truly_is(store: Store) -> None:
    study, gone = store.create("Visits").id, store.create("Gone").id
    remove(store, gone)
    store.put_blob(bytes(100_000))
    for _ in range(3):
        jobs.submit(store, study, "count")
    roster.register(store, "here", Process.this())
    claims.claim(store, "here")
    claims.claim(store, "nobody")  # no such worker: the job is interrupted, whatever its row says
    found = status(store)
    assert found["studies"] == {"open": 1, "removed": 1}
    assert {state: n for state, n in found["jobs"].items() if n} == {
        "queued": 1,
        "running": 1,
        "interrupted": 1,
    }
    assert found["workers"] == {"alive": 1, "busy": 1}
    assert found["folder_bytes"]["blobs"] == 100_000
    assert found["folder_bytes"]["all"] >= 100_000
    assert found["database"]["kind"] == store.engine.dialect.name
    assert found["rows"] == dict.fromkeys(found["rows"], 0) | {
        "studies": 2,
        "jobs": 3,
        "workers": 1,
    }


def test_the_version_is_that_of_the_project(store: Store) -> None:
    project = read_configuration(Path(__file__).parents[2] / "pyproject.toml")["project"]
    assert status(store)["versions"]["rungs"] == project["version"]


def test_the_command_prints_it_as_json(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RUNGS_HOME", str(store.folder))
    store.create("Zebediah")
    assert main(["status"]) == 0
    printed = capsys.readouterr().out
    assert json.loads(printed)["studies"]["open"] == 1
    assert "Zebediah" not in printed
