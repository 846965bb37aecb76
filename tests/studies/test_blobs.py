"""A blob is there whole, or not at all."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from causal_core.durable import write_durably
from causal_core.errors import StudyError
from causal_core.studies.blobs import Blobs, open_blobs
from causal_core.studies.store import Store


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


@pytest.mark.parametrize("content", [b"", b"x", os.urandom(100_000)])
def test_what_is_put_comes_back_under_its_hash(blobs: Blobs, content: bytes) -> None:
    digest = blobs.put(content)
    assert digest == hashlib.sha256(content).hexdigest()
    assert blobs.get(digest) == content


def test_the_same_bytes_are_kept_once(blobs: Blobs) -> None:
    digest = blobs.put(b"x")
    before = blobs.path(digest).stat().st_mtime_ns
    assert blobs.put(b"x") == digest
    assert blobs.path(digest).stat().st_mtime_ns == before


def test_damage_is_noticed_and_healed_by_putting_again(blobs: Blobs) -> None:
    digest = blobs.put(b"right")
    blobs.path(digest).write_bytes(b"wrong")
    with pytest.raises(StudyError):
        blobs.get(digest)
    blobs.put(b"right")
    assert blobs.get(digest) == b"right"


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_only_a_digest_names_a_blob(blobs: Blobs, name: str) -> None:
    with pytest.raises(StudyError):
        blobs.path(name)


def test_a_missing_blob_says_so(blobs: Blobs) -> None:
    with pytest.raises(StudyError) as caught:
        blobs.get("0" * 64)
    assert caught.value.remedy


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failed_write_leaves_the_old_content_and_no_rubbish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    target = tmp_path / "file"
    write_durably(target, b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError):
        write_durably(target, b"new")
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.fixture
def shared(tmp_path: Path) -> str:
    """The address of a place that two servers share."""
    return f"memory://{tmp_path.name}"


def test_what_one_server_keeps_another_reads(shared: str, tmp_path: Path) -> None:
    digest = open_blobs(tmp_path / "one", shared).put(b"model")
    assert open_blobs(tmp_path / "two", shared).get(digest) == b"model"
    assert open_blobs(tmp_path / "three", shared).path(digest).read_bytes() == b"model"


def test_a_damaged_copy_is_fetched_anew(shared: str, tmp_path: Path) -> None:
    blobs = open_blobs(tmp_path / "one", shared)
    digest = blobs.put(b"right")
    blobs.path(digest).write_bytes(b"wrong")
    assert blobs.get(digest) == b"right"


def test_what_is_nowhere_is_said(shared: str, tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="missing"):
        open_blobs(tmp_path / "one", shared).get("0" * 64)


def test_the_environment_names_the_place(
    shared: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGS_BLOBS_URL", shared)
    digest = Store.open(tmp_path / "one").put_blob(b"model")
    assert Store.open(tmp_path / "two").get_blob(digest) == b"model"
    with pytest.raises(StudyError):
        Store.open(tmp_path / "three", alone=True).get_blob(digest)


def test_a_place_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="RUNGS_BLOBS_URL"):
        open_blobs(tmp_path, "nosuch://bucket")
