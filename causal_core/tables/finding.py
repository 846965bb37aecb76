"""What was noticed about a file or column, or changed in it, as a sentence with a count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One thing a person should know about the table.

    `column` is None when it concerns the whole file; `count` is how many cells, rows
    or columns it touches; `undo` is the key of a repair that `read_table(undo=…)`
    switches off, None where nothing was changed.
    """

    code: str
    column: str | None
    message: str
    count: int = 0
    undo: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The finding as JSON-able values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Finding:
        """The inverse of `to_dict`."""
        return cls(**stored)
