"""What the health check says when something that a server needs is gone, and when it is back."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from causal_core.studies.health import Health, health
from causal_core.studies.store import Store

WELL = Health(database=True, blobs=True, workers=True)


@pytest.mark.usefixtures("either_database")
def test_a_store_that_answers_is_ready_and_left_as_it_was(store: Store) -> None:
    digest = store.put_blob(b"kept")
    assert health(store.folder) == WELL
    kept = [path for path in (store.folder / "blobs").rglob("*") if path.is_file()]
    assert kept == [store.blob_path(digest)]


def test_blobs_that_cannot_be_written_are_seen_and_seen_to_be_back(store: Store) -> None:
    blobs = store.folder / "blobs"
    shutil.rmtree(blobs, ignore_errors=True)
    blobs.write_text("a file where the folder should be")
    assert health(store.folder) == Health(database=True, blobs=False, workers=True)
    blobs.unlink()
    assert health(store.folder) == WELL


def test_an_object_store_is_tried_too(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    place = store.folder.parent / "shared"
    monkeypatch.setenv("RUNGS_BLOBS_URL", f"file://{place}")
    assert health(store.folder).blobs
    assert not list(place.iterdir())
    place.rmdir()
    place.write_text("no folder")
    assert not health(store.folder).blobs


def test_a_database_that_does_not_answer_is_no_error_of_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGS_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert not health(tmp_path).ready


def test_without_a_worker_that_lives_or_may_start_a_server_is_not_ready(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGS_WORKERS", "0")
    assert health(store.folder) == Health(database=True, blobs=True, workers=False)


def test_the_command_says_it_in_json_and_by_its_exit(tmp_path: Path) -> None:
    def asked(home: Path) -> tuple[int, dict[str, bool]]:
        done = subprocess.run(
            [sys.executable, "-m", "causal_core", "health"],
            env={"RUNGS_HOME": str(home)},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            check=False,
        )
        return done.returncode, json.loads(done.stdout)

    assert asked(tmp_path) == (0, WELL.to_dict())
    (tmp_path / "file").touch()
    assert asked(tmp_path / "file")[0] == 1
