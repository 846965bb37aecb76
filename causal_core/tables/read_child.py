"""The process that reads a file: `python -m causal_core.tables.read_child FOLDER`.

FOLDER holds `request.json` and the file; it leaves `table.parquet`, or `error.json`
with the class and the two sentences of the error. Nothing is ever unpickled.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from causal_core.tables.table import Table


def main(folder: Path) -> None:
    """Read what `folder`'s request names, within its limits."""
    request = json.loads((folder / "request.json").read_text("utf-8"))
    _limit_memory(int(request["memory"]))
    from causal_core.errors import LimitError, RungsError

    try:
        table = _table(request)
        (folder / "table.parquet").write_bytes(table.to_bytes())
    except RungsError as error:
        _report(folder, error)
    except MemoryError:
        _report(
            folder,
            LimitError(
                f"Reading the file takes more than {request['memory'] / 2**20:,.0f} MiB of memory.",
                "Bring fewer rows or columns, or use Parquet.",
            ),
        )


def _table(request: dict[str, Any]) -> Table:
    undo = frozenset(request["undo"])
    if "address" in request:
        from causal_core.tables.reading.database import read_database

        return read_database(request["address"], request["name"], undo)
    from causal_core.tables.reading.parse import parse

    return parse(Path(request["path"]).read_bytes(), request["name"], undo)


def _report(folder: Path, error: Exception) -> None:
    about = {
        "error": type(error).__name__,
        "what": getattr(error, "what", str(error)),
        "remedy": getattr(error, "remedy", ""),
    }
    (folder / "error.json").write_text(json.dumps(about), "utf-8")


def _limit_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where only the time is limited
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
