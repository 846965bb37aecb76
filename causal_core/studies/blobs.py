"""Bytes kept under the name of their own SHA-256: written once, whole, and never changed.

They lie in a folder, or at any address that fsspec knows (an object store that several
servers share); then the folder is a cache of what was read.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from causal_core.durable import write_durably
from causal_core.errors import StudyError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_DIGEST = re.compile(r"[0-9a-f]{64}")
_PROBE = ".probe"  # no digest, so that it can never be read as one
FOLDER = "blobs"  # in the data folder
URL = "RUNGS_BLOBS_URL"  # the environment variable that holds the address


def open_blobs(folder: Path, address: str) -> Blobs:
    """The blobs at `address` with `folder` as their cache, else those in `folder`.

    Raises StudyError where the address names nothing that can be opened.
    """
    if not address:
        return Blobs(folder)
    import fsspec

    try:
        files, place = fsspec.core.url_to_fs(address)
    except (ImportError, ValueError, OSError) as error:
        raise StudyError(
            f"{URL} names no place that can be opened.",
            "Write it as s3://bucket/folder or file:///folder (its package must be installed), "
            "or unset it for a folder beside the studies.",
        ) from error
    return SharedBlobs(folder, files, place)


class Blobs:
    """A folder of immutable files named by the SHA-256 of what they hold."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str) -> Path:
        """Where the bytes called `digest` lie or would lie; StudyError if it is no digest."""
        if not _DIGEST.fullmatch(digest):
            raise StudyError(f"“{digest[:80]}” is not the name of stored data.")
        return self.folder / digest[:2] / digest

    def put(self, content: bytes) -> str:
        """Keep `content` and return its digest; keeping the same bytes twice costs nothing."""
        digest = hashlib.sha256(content).hexdigest()
        target = self.path(digest)
        if not self._holds(target, content):
            write_durably(target, content)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes called `digest`; StudyError when they are gone or damaged."""
        try:
            content = self.path(digest).read_bytes()
        except FileNotFoundError:
            raise StudyError(
                "Part of this study is missing from the data folder.",
                "Restore the folder from a copy, or load the data again.",
            ) from None
        if hashlib.sha256(content).hexdigest() != digest:
            raise StudyError(
                "Part of this study was damaged on disk.",
                "Restore the data folder from a copy, or load the data again.",
            )
        return content

    def size(self, digest: str) -> int:
        """How many bytes are called `digest`; 0 where they are gone."""
        target = self.path(digest)
        return target.stat().st_size if target.is_file() else 0

    def try_writing(self) -> None:
        """Write and remove a few bytes; raises what hinders it."""
        probe = self.folder / _PROBE
        write_durably(probe, b"?")
        probe.unlink(missing_ok=True)  # another server's look may have been as quick

    def _holds(self, target: Path, content: bytes) -> bool:
        """Whether the very bytes are there; damaged ones are to be written anew."""
        return (
            target.is_file()
            and target.stat().st_size == len(content)
            and target.read_bytes() == content
        )


class SharedBlobs(Blobs):
    """Blobs on a file system that other servers use too, each read once and then kept here."""

    def __init__(self, folder: Path, files: AbstractFileSystem, place: str) -> None:
        super().__init__(folder)
        self._files, self._place = files, place.rstrip("/")

    def path(self, digest: str) -> Path:
        """The cached file, fetched first where it is missing."""
        target = super().path(digest)
        if not target.is_file() and self._files.exists(self._there(digest)):
            write_durably(target, self._files.cat_file(self._there(digest)))
        return target

    def put(self, content: bytes) -> str:
        """Keep `content` there, then here, and return its digest."""
        digest = hashlib.sha256(content).hexdigest()
        if not self._whole(digest, content):
            self._files.makedirs(self._files._parent(self._there(digest)), exist_ok=True)
            self._files.pipe_file(self._there(digest), content)
        return super().put(content)

    def get(self, digest: str) -> bytes:
        """The bytes called `digest`; a damaged copy here is fetched anew."""
        try:
            return super().get(digest)
        except StudyError:
            super().path(digest).unlink(missing_ok=True)
            return super().get(digest)

    def size(self, digest: str) -> int:
        """How many bytes are called `digest`, without fetching them; 0 where they are gone."""
        if super().path(digest).is_file():
            return super().size(digest)
        try:
            return int(self._files.size(self._there(digest)))
        except FileNotFoundError:
            return 0

    def try_writing(self) -> None:
        """Write and remove a few bytes, here and there; raises what hinders it."""
        super().try_writing()
        probe = f"{self._place}/{_PROBE}-{uuid.uuid4().hex}"
        self._files.makedirs(self._place, exist_ok=True)
        self._files.pipe_file(probe, b"?")
        self._files.rm_file(probe)

    def _there(self, digest: str) -> str:
        return f"{self._place}/{digest[:2]}/{digest}"

    def _whole(self, digest: str, content: bytes) -> bool:
        there = self._there(digest)
        return bool(self._files.exists(there)) and self._files.size(there) == len(content)
