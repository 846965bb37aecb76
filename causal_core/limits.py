"""Every limit of Rungs as a row: name, default, unit and what it is for.

An environment variable `RUNGS_<NAME>` overrides a limit; the README's table of
limits is checked against `LIMITS`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from causal_core.errors import LimitError

MEBI = 2**20  # bytes


@dataclass(frozen=True)
class Limit:
    """One limit: `value()` is its default unless the environment says otherwise."""

    name: str
    default: int
    unit: str
    help: str

    def value(self) -> int:
        """The limit in force, a whole number in `unit`."""
        text = os.environ.get(f"RUNGS_{self.name.upper()}", "")
        if not text:
            return self.default
        try:
            return int(text)
        except ValueError:
            raise LimitError(
                f"RUNGS_{self.name.upper()} is “{text}”, which is not a whole number.",
                f"Give it in {self.unit}, or unset it for {self.default}.",
            ) from None


LIMITS: dict[str, Limit] = {
    limit.name: limit
    for limit in (
        Limit("upload_bytes", 200 * 2**20, "bytes", "largest file that can be uploaded"),
        Limit("unpacked_bytes", 2**30, "bytes", "largest size a packed file may declare"),
        Limit("read_seconds", 60, "seconds", "longest time one file may take to read"),
        Limit("read_memory", 2**31, "bytes", "most memory the reading process may take"),
        Limit("rows", 2_000_000, "rows", "most rows a table may have"),
        Limit("sample_rows", 200_000, "rows", "most rows taken of a larger Parquet file"),
        Limit("columns", 500, "columns", "most columns a table may have"),
        Limit("levels", 50, "levels", "most levels a column may have to enter a graph"),
        Limit("graph_nodes", 200, "nodes", "most nodes a graph may have"),
        Limit("graph_text", 4 * 2**20, "characters", "longest text or file of a graph"),
        Limit("removed_days", 30, "days", "how long a removed study can be brought back"),
        Limit("workers", 1, "processes", "fitting processes started with the app"),
        Limit("fit_seconds", 3600, "seconds", "longest time one fit may take"),
        Limit("fit_memory", 2**33, "bytes", "most memory a fitting process may take"),
        Limit("jobs_per_study", 3, "jobs", "most jobs of one study that may wait or run"),
        Limit("jobs_per_user", 6, "jobs", "most jobs of one signed-in person that may wait or run"),
        Limit("uploads_per_hour", 60, "files", "most tables one signed-in person may bring"),
        Limit(
            "studies_bytes",
            10 * 2**30,
            "bytes",
            "most tables and models one person may keep, or all where nobody signs in",
        ),
        # A first visit takes 70 requests: thirty people behind one address may come at once.
        Limit("requests_per_second", 100, "requests", "how fast one address may go on asking"),
        Limit("requests_burst", 2_000, "requests", "how often one address may ask at once"),
        Limit("heartbeat_seconds", 10, "seconds", "silence after which a worker counts as lost"),
    )
}


def limit(name: str) -> int:
    """The value in force of the limit called `name`.

    >>> limit("graph_nodes")
    200
    """
    return LIMITS[name].value()
