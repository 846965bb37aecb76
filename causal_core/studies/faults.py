"""Unexpected errors: the details go to a file, people get an id and a plain sentence."""

from __future__ import annotations

import traceback
import uuid
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path


def record(folder: Path, error: BaseException) -> str:
    """Append the traceback to logs/errors.log in the data folder; returns the entry's id."""
    fault = uuid.uuid4().hex[:8]
    text = "".join(traceback.format_exception(error))
    log = folder / "logs" / "errors.log"
    with suppress(OSError):  # a full disk may be the very fault
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{datetime.now(UTC).isoformat()} {fault}\n{text}\n")
    return fault
