"""What happened on this server, one JSON line each, without anything that people brought.

An event is made of ids, of words that stand in our own code, and of numbers: no field
could hold a name, a cell or a sentence.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from causal_core.errors import RungsError
from causal_core.studies.locks import locked

_LARGEST = 5 * 2**20  # bytes; then the file is put aside and a new one begun
_ID, _WORD = re.compile(r"[0-9a-f]{32}"), re.compile(r"[A-Za-z_]\w{0,79}", re.ASCII)


class Event(StrEnum):
    """What can happen."""

    STUDY_CREATED = "study created"
    STUDY_REMOVED = "study removed"
    UPLOAD_ACCEPTED = "upload accepted"
    UPLOAD_REFUSED = "upload refused"
    JOB_SUBMITTED = "job submitted"
    JOB_STARTED = "job started"
    JOB_DONE = "job done"
    JOB_FAILED = "job failed"
    JOB_CANCELLED = "job cancelled"


def record(
    folder: Path,
    event: Event,
    *,
    study: str = "",
    job: str = "",
    kind: str = "",
    cause: str = "",
    **numbers: float,
) -> None:
    """Append the event to logs/events.jsonl in the data folder; a full disk hinders no one.

    `kind` is a job's kind, `cause` the class of an error or the limit that was passed.
    Raises ValueError for what is no id or no word of ours, TypeError for what is no number.
    """
    words = {"study": study, "job": job, "kind": kind, "cause": cause}
    said = {name: _checked(name, word) for name, word in words.items() if word}
    counted = {name: round(number, 3) for name, number in numbers.items()}
    moment = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = json.dumps({"time": moment, "event": str(event), **said, **counted})
    log = folder / "logs" / "events.jsonl"
    with suppress(OSError):
        log.parent.mkdir(parents=True, exist_ok=True)
        with locked(log.with_suffix(".lock")):
            _append(log, f"{line}\n")


@contextmanager
def uploading(folder: Path, size: int) -> Iterator[None]:
    """Record that a file of `size` bytes was taken, or refused by a RungsError, in the block."""
    began = time.monotonic()
    try:
        yield
    except RungsError as error:
        cause = type(error).__name__
        seconds = time.monotonic() - began
        record(folder, Event.UPLOAD_REFUSED, cause=cause, bytes=size, seconds=seconds)
        raise
    record(folder, Event.UPLOAD_ACCEPTED, bytes=size, seconds=time.monotonic() - began)


def newest(folder: Path, event: Event, most: int) -> list[dict[str, Any]]:
    """The last `most` records of the event in the newest file, the newest first."""
    log, found = folder / "logs" / "events.jsonl", deque[dict[str, Any]](maxlen=most)
    with suppress(FileNotFoundError), log.open(encoding="utf-8") as file:
        found.extendleft(line for line in map(json.loads, file) if line["event"] == event)
    return list(found)


def _checked(name: str, word: str) -> str:
    if not (_ID if name in ("study", "job") else _WORD).fullmatch(word):
        raise ValueError(f"{name} is not what may be logged")
    return word


def _append(log: Path, line: str) -> None:
    if log.exists() and log.stat().st_size + len(line) > _LARGEST:
        os.replace(log, log.with_suffix(".before.jsonl"))
    with log.open("a", encoding="utf-8") as file:
        file.write(line)
