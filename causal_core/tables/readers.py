"""Files to tables: `read_table`, which never decodes a person's file in its own process.

A child process with limits on time and memory does, and hands back Parquet.
"""

from __future__ import annotations

import json
import logging
import re
import tempfile
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import IO

from causal_core.errors import LimitError, RungsError, TableError
from causal_core.limits import LIMITS, limit
from causal_core.tables.read_fork import read_apart
from causal_core.tables.reading.place import found
from causal_core.tables.table import Table

_URL = re.compile(r"[A-Za-z][\w+.-]*://")
_log = logging.getLogger(__name__)


def read_table(
    source: str | Path | IO[bytes] | bytes,
    name: str | None = None,
    *,
    undo: Collection[str] = (),
    on_progress: Callable[[int, int], None] | None = None,
) -> Table:
    """The table in a file: CSV, TSV, Excel (.xlsx), Parquet, Feather, or one of them packed.

    `source` is a path, an open binary file or bytes; `name` the file's name. The format
    is found by content. Or it is the address of a table in a database, as
    `sqlite:////data/clinic.db?table=visits` (also postgresql:// and duckdb://).
    Of a path to a Parquet file above `limit("upload_bytes")` an even sample is read, with a
    finding that says so; meanwhile, and while a database is read, `on_progress` is told how many
    rows are read, and of how many.
    Whatever is repaired on the way is a `Finding` of the table, and `undo` takes the
    `undo` keys of the findings whose repair is not wanted.

    Raises TableError for a file that cannot be used and LimitError for one that is too
    large or takes too long, each with the remedy.
    """
    with tempfile.TemporaryDirectory(prefix="rungs-read-") as folder:
        if isinstance(source, str) and _URL.match(source):
            _run(Path(folder), {"address": source, "name": name}, undo, on_progress)
        else:
            path, called = _placed(source, name, Path(folder))
            what = {"path": str(path), "name": called, "large": _large(path)}
            _run(Path(folder), what, undo, on_progress)
        return Table.from_bytes(_left(Path(folder), "table.parquet").read_bytes())


def table_names(address: str) -> tuple[str, ...]:
    """The tables of the database at `address`, from A to Z, as a reader lists them.

    Raises TableError where it cannot be read and LimitError where that takes too long.
    """
    with tempfile.TemporaryDirectory(prefix="rungs-read-") as folder:
        _run(Path(folder), {"address": address, "listed": True}, (), None)
        listed = _left(Path(folder), "names.json")
        return tuple(json.loads(listed.read_text("utf-8")))


def _placed(
    source: str | Path | IO[bytes] | bytes, name: str | None, folder: Path
) -> tuple[Path, str]:
    """Where the bytes lie, and what the file is called."""
    if isinstance(source, str | Path):
        path = found(str(source), f"There is no file “{source}”.")
        return path, name or path.name
    copy = folder / "source"
    if isinstance(source, bytes | bytearray | memoryview):
        _check_size(len(source))
        copy.write_bytes(source)
    else:
        _copy(source, copy)
    return copy, name or Path(str(getattr(source, "name", "table"))).name


def _large(path: Path) -> bool:
    """Whether only a sample can be read; LimitError for a large file that is not Parquet."""
    size = path.stat().st_size
    if size <= limit("upload_bytes"):
        return False
    with path.open("rb") as file:
        if file.read(4) == b"PAR1":
            return True
    raise _too_large()


def _copy(source: IO[bytes], target: Path) -> None:
    size = 0
    with target.open("wb") as out:
        while chunk := source.read(2**20):
            if not isinstance(chunk, bytes):
                raise TableError("The file is open as text.", "Open it in binary mode (“rb”).")
            size += len(chunk)
            _check_size(size)
            out.write(chunk)


def _check_size(size: int) -> None:
    if size > limit("upload_bytes"):
        raise _too_large()


def _too_large() -> LimitError:
    return LimitError(
        f"The file is larger than {limit('upload_bytes') / 2**20:,.0f} MiB.",
        "Bring fewer rows or columns, or use Parquet.",
    )


def _run(
    folder: Path,
    what: Mapping[str, object],
    undo: Collection[str],
    on_progress: Callable[[int, int], None] | None,
) -> None:
    """Let a reader read `what`, a path or address; LimitError when it takes too long."""
    request = {
        **what,
        "undo": sorted(undo),
        "memory": limit("read_memory"),
        "limits": {f"RUNGS_{one.name.upper()}": str(one.value()) for one in LIMITS.values()},
    }
    (folder / "request.json").write_text(json.dumps(request), "utf-8")
    (folder / "log").touch()
    if not read_apart(folder, limit("read_seconds"), on_progress):
        raise LimitError(
            f"Reading the file takes more than {limit('read_seconds')} seconds.",
            "Bring fewer rows or columns, or use Parquet.",
        )


def _left(folder: Path, name: str) -> Path:
    """The file `name` that a reader left; otherwise what it said of the failure is raised."""
    if (folder / name).exists():
        return folder / name
    if (folder / "error.json").exists():
        raise _error(json.loads((folder / "error.json").read_text("utf-8")))
    _log.error("reading failed: %s", (folder / "log").read_text("utf-8", "replace")[-4000:])
    raise TableError(
        "The file could not be read.", "Save it as plain CSV (UTF-8) or Parquet and try again."
    )


def _error(about: dict[str, str]) -> RungsError:
    kind = LimitError if about["error"] == "LimitError" else TableError
    return kind(about["what"], about["remedy"])
