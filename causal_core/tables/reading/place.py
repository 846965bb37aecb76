"""The file that a person means by a path."""

from __future__ import annotations

from pathlib import Path

from causal_core.errors import TableError


def found(path: str, missing: str) -> Path:
    """The file at `path`, with ~ and links followed; TableError, saying `missing`, for none."""
    try:
        place = Path(path).expanduser().resolve()
        if place.is_file():
            return place
    except (OSError, ValueError, RuntimeError):  # a path that no file can have
        pass
    raise TableError(missing, "Check the path.")
