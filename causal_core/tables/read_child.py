"""The process that forks readers of files: `python -m causal_core.tables.read_child`.

For every FOLDER that a line of its input names, a fork reads the file there, and the fork's
process id is printed. FOLDER holds `request.json` and the file; the fork leaves
`table.parquet` (or `names.json`, where the request is only for a database's tables), or
`error.json` with the class and the two sentences of the error, and in `log` what it printed.
Nothing is ever unpickled.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import traceback
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from causal_core.tables.read_fork import ENDED, PROGRESS

if TYPE_CHECKING:
    from causal_core.tables.table import Table


def serve() -> None:
    """Fork a reader for every line of the input, until whoever writes them has gone."""
    import causal_core.tables.reading.parse  # noqa: F401 - loaded here once, for all of them

    gc.freeze()  # else a collection in a fork would copy what all of them share
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no one waits for them: leave no zombies
    for line in sys.stdin:
        folder = Path(line.removesuffix("\n"))
        ended = os.open(folder / ENDED, os.O_WRONLY)  # before the id is told, so that it is open
        reader = os.fork()
        if not reader:
            _alone(folder)
        os.close(ended)
        print(reader, flush=True)


def _alone(folder: Path) -> NoReturn:
    """In a fork: read, and end without going back."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(folder / "log", os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(log, stream)
    try:
        main(folder)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)  # what it left in the folder says how it went


def main(folder: Path) -> None:
    """Read what `folder`'s request names, within its limits."""
    request = json.loads((folder / "request.json").read_text("utf-8"))
    os.environ.update(request["limits"])
    _limit_memory(int(request["memory"]))
    from causal_core.errors import LimitError, RungsError

    try:
        if request.get("listed"):
            _list(request["address"], folder)
        else:
            (folder / "table.parquet").write_bytes(_table(request, folder).to_bytes())
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


def _list(address: str, folder: Path) -> None:
    from causal_core.tables.reading.database import table_names

    (folder / "names.json").write_text(json.dumps(table_names(address)), "utf-8")


def _table(request: dict[str, Any], folder: Path) -> Table:
    undo, tell = frozenset(request["undo"]), partial(_tell, folder)
    if "address" in request:
        from causal_core.tables.reading.database import read_database

        return read_database(request["address"], request["name"], undo, tell)
    if request["large"]:
        from causal_core.tables.reading.large import read_large

        plain = folder / "large.parquet"  # a path without the signs that DuckDB expands
        plain.symlink_to(request["path"])
        return read_large(plain, request["name"], undo, tell)
    from causal_core.tables.reading.parse import parse

    return parse(Path(request["path"]).read_bytes(), request["name"], undo)


def _tell(folder: Path, read: int, rows: int) -> None:
    told = folder / "telling"
    told.write_text(f"{read} {rows}", "utf-8")
    told.replace(folder / PROGRESS)  # at once, so that no half a number is read


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
    serve()
