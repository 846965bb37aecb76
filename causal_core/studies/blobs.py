"""Bytes kept under the name of their own SHA-256: written once, whole, and never changed."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from causal_core.durable import write_durably
from causal_core.errors import StudyError

_DIGEST = re.compile(r"[0-9a-f]{64}")


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

    def _holds(self, target: Path, content: bytes) -> bool:
        """Whether the very bytes are there; damaged ones are to be written anew."""
        return (
            target.is_file()
            and target.stat().st_size == len(content)
            and target.read_bytes() == content
        )
