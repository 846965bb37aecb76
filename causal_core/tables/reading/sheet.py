"""A file's cells as text, before anyone has decided what they mean."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from causal_core.tables.finding import Finding


@dataclass
class Sheet:
    """Columns of text in the order of the file; a null is an empty cell.

    `lines` int64 [rows] gives each row's line in the file, from 1. `undo` holds the
    keys of the repairs that the person switched off.
    """

    columns: list[pa.Array]
    lines: np.ndarray
    undo: Collection[str] = ()
    names: list[str] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.lines)

    def row(self, index: int) -> list[str | None]:
        """The cells of one row."""
        return [column[index].as_py() for column in self.columns]

    def keep_rows(self, keep: np.ndarray) -> None:
        """Leave out the rows where `keep`, bool [rows], is False."""
        mask = pa.array(keep)
        self.columns = [column.filter(mask) for column in self.columns]
        self.lines = self.lines[keep]

    def keep_columns(self, keep: Sequence[int]) -> None:
        """Leave out the columns whose index is not in `keep`."""
        self.columns = [self.columns[i] for i in keep]
        self.names = [self.names[i] for i in keep]

    def wanted(self, code: str, column: str | None = None) -> bool:
        """Whether the person has not switched this repair off."""
        return undo_key(code, column) not in self.undo

    def note(
        self, code: str, message: str, count: int = 0, column: str | None = None, fixed: bool = True
    ) -> None:
        """Add a finding; `fixed` says that it is a repair, so that it can be undone."""
        key = undo_key(code, column) if fixed else None
        self.findings.append(Finding(code, column, message, count, key))


def undo_key(code: str, column: str | None) -> str:
    """The key that switches a repair off, in the whole file or in one column."""
    return code if column is None else f"{code}:{column}"


def listed(numbers: Collection[int], most: int = 5) -> str:
    """Line numbers in words: “lines 3, 7 and 12 more”."""
    some = [str(n) for n in list(numbers)[:most]]
    more = f" and {len(numbers) - most} more" if len(numbers) > most else ""
    return f"{'line' if len(numbers) == 1 else 'lines'} {', '.join(some)}{more}"
