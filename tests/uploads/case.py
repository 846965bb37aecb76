"""One awkward file, and what is written down about how it must be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from causal_core.tables.table import Table


@dataclass(frozen=True)
class Case:
    """A file and its outcome: clean (no finding), found (these findings), or refused.

    `says` must occur in the sentence of a refusal; `check` must hold for a table read.
    """

    name: str
    data: bytes
    outcome: str
    codes: tuple[str, ...] = ()
    says: str = ""
    check: Callable[[Table], bool] = lambda table: True
    file: str = "upload.csv"


def clean(name: str, data: bytes, check: Callable[[Table], bool], file: str = "upload.csv") -> Case:
    """A file that is read without any finding."""
    return Case(name, data, "clean", check=check, file=file)


def found(
    name: str,
    data: bytes,
    codes: str,
    check: Callable[[Table], bool],
    file: str = "upload.csv",
) -> Case:
    """A file that is read with exactly the findings `codes` (blank-separated)."""
    return Case(name, data, "found", tuple(codes.split()), check=check, file=file)


def refused(name: str, data: bytes, says: str, file: str = "upload.csv") -> Case:
    """A file that is refused with a sentence that holds `says`."""
    return Case(name, data, "refused", says=says, file=file)


def values(column: str, *expected: object) -> Callable[[Table], bool]:
    """The check that `column` holds exactly `expected`, None for a missing cell."""

    def check(table: Table) -> bool:
        cells = [None if cell != cell or cell is None else cell for cell in table[column].tolist()]
        return cells == list(expected)

    return check


def kind(column: str, expected: str) -> Callable[[Table], bool]:
    """The check that `column` is of the kind `expected`."""
    return lambda table: str(table.variable(column).kind) == expected


def every(*checks: Callable[[Table], bool]) -> Callable[[Table], bool]:
    """The check that all of `checks` hold."""
    return lambda table: all(check(table) for check in checks)


def named(*names: str) -> Callable[[Table], bool]:
    """The check that the columns are called `names`."""
    return lambda table: table.columns == names


def rows(count: int) -> Callable[[Table], bool]:
    """The check that there are `count` rows."""
    return lambda table: len(table) == count
