"""Databases and folders on the server that whoever runs it lets people read tables from.

RUNGS_DATABASES lists them, with white space or commas between them: addresses such as
`postgresql://reader:secret@host/clinic` or `sqlite:////data/clinic.db`, which may end in
`?table=NAME` to offer that table alone, and folders. An address may hold a password: people
see a label made of other parts of it, and no error repeats it.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from causal_core.errors import TableError

_VARIABLE = "RUNGS_DATABASES"
_KINDS = {"sqlite": "SQLite", "duckdb": "DuckDB", "postgresql": "PostgreSQL"}
_MEND = "Whoever runs this server must mend that."
_ENDINGS = (".csv", ".tsv", ".txt", ".parquet", ".feather", ".arrow", ".xlsx", ".zip", ".gz")


class Offer(Protocol):
    """A place that tables may be read from."""

    @property
    def label(self) -> str:
        """What people see of it."""

    def names(self) -> tuple[str, ...]:
        """What it holds: a database's tables, a folder's files. Raises TableError."""

    def source(self, name: str) -> str | Path:
        """What `read_table` takes for one of them; TableError for what is not offered."""


@dataclass(frozen=True)
class Database:
    """A database, or only the table that its address names."""

    label: str
    address: str = field(repr=False)

    def names(self) -> tuple[str, ...]:
        """Its tables, from A to Z; TableError where it cannot be read."""
        from causal_core.tables.readers import table_names

        only = _query(self.address).get("table")
        if only:
            return tuple(only)
        try:
            return table_names(self.address)
        except TableError as error:
            raise TableError(f"{self.label}: {error.what}", _MEND) from None

    def source(self, name: str) -> str:
        """The address of one of its tables."""
        if "table" in _query(self.address):
            if name not in self.names():
                raise TableError(f"The table “{name}” is not offered.", "Choose another.")
            return self.address
        return f"{self.address}{'&' if '?' in self.address else '?'}{urlencode({'table': name})}"


@dataclass(frozen=True)
class Folder:
    """The files that lie in a folder itself, not those below it or outside it."""

    label: str
    path: Path = field(repr=False)

    def names(self) -> tuple[str, ...]:
        """Its files by name, those that may be tables; TableError where it cannot be read."""
        try:
            names = sorted(one.name for one in self.path.iterdir() if _tabular(one.name))
        except OSError:
            raise TableError(f"{self.label}: The folder cannot be read.", _MEND) from None
        return tuple(name for name in names if self._inside(name))

    def source(self, name: str) -> Path:
        """Where one of its files lies, no link in its path."""
        found = self._inside(name) if _tabular(name) else None
        if found is None:
            raise TableError(f"{self.label} has no file “{name}”.", "Choose another.")
        return found

    def _inside(self, name: str) -> Path | None:
        """The file called `name` if it lies right here; not what a link leads out to."""
        try:
            found = (self.path / name).resolve(strict=True)
            here = found.is_file() and found.parent == self.path.resolve()
            return found if here and os.access(found, os.R_OK) else None
        except (OSError, ValueError, RuntimeError):  # gone, no name at all, a ring of links
            return None


def offers() -> tuple[Offer, ...]:
    """What the environment offers, each under a label of its own.

    Raises TableError, which says only which entry it is, for one that cannot be understood.
    """
    entries = re.split(r"[\s,]+", os.environ.get(_VARIABLE, "").strip(" \t\n,"))
    found = [_offer(entry, place) for place, entry in enumerate(entries, start=1) if entry]
    return tuple(_distinct(found))


def _offer(entry: str, place: int) -> Database | Folder:
    if "://" in entry:
        return Database(_label(entry, place), entry)
    path = Path(entry).expanduser()
    if not path.is_absolute() or not path.name:
        raise _unclear(place)
    return Folder(f"Folder “{path.name}”", path)


def _label(address: str, place: int) -> str:
    """Kind, name and host of a database: no part in which a password may stand."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise _unclear(place) from None
    name = unquote(parts.path.rsplit("/", 1)[-1])
    # A password with a bare “/”, “?” or “#” would leave its “@” behind the host.
    hidden = "@" in parts.path + parts.query or "#" in address
    if parts.scheme not in _KINDS or not name or hidden:
        raise _unclear(place)
    return f"{_KINDS[parts.scheme]} “{name}”" + (f" on {host}" if host else "")


def _unclear(place: int) -> TableError:
    return TableError(
        f"Entry {place} of {_VARIABLE} is neither an address of a database nor a whole path.",
        "Whoever runs the server must mend it; in a password, signs such as @ : / , are written "
        "as %40 %3A %2F %2C.",
    )


def _distinct(found: list[Database | Folder]) -> list[Offer]:
    """Of several with one label each gets its number."""
    many, met, named = Counter(one.label for one in found), Counter[str](), list[Offer]()
    for one in found:
        met[one.label] += 1
        number = f", {met[one.label]}" if many[one.label] > 1 else ""
        named.append(replace(one, label=one.label + number))
    return named


def _query(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


def _tabular(name: str) -> bool:
    return name.lower().endswith(_ENDINGS) and not name.startswith(".")
