"""Files that survive a kill at any moment: whole and old, or whole and new."""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
from pathlib import Path


def write_durably(path: Path, content: bytes) -> None:
    """Replace `path` by `content` in one step that a crash cannot split.

    The temporary file stands beside its target, so that the replacement never crosses
    a file system; the folder is synced so that the new name survives a power cut.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not the process id: two threads may write one path at the same time.
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        _write(temporary, content)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _write(path: Path, content: bytes) -> None:
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
