"""A real PostgreSQL server of the tests' own: Debian's, in a folder that goes with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import sqlalchemy as sa


@dataclass(frozen=True)
class Cluster:
    """A running server, reached through the socket in `folder`."""

    folder: Path

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://rungs@/{database}?host={self.folder}"

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The address of a new database: a copy of `template`, which is empty."""
        name = f"d{uuid.uuid4().hex}"
        self.create(name, template)
        try:
            yield self.url(name)
        finally:
            self._command(f"DROP DATABASE {name} WITH (FORCE)")

    def create(self, name: str, template: str = "template0") -> None:
        """A new database of this name."""
        self._command(f"CREATE DATABASE {name} TEMPLATE {template}")

    def _command(self, sql: str) -> None:
        url = sa.make_url(self.url("postgres")).set(drivername="postgresql+psycopg")
        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.execute(sa.text(sql))


def binaries() -> Path | None:
    """The folder of Debian's newest PostgreSQL programs, if there is one."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A new server, as the user “postgres” where we are root, which it refuses to be."""
    programs = binaries()
    assert programs, "install Debian's package “postgresql”"
    folder = Path(mkdtemp(prefix="rungs-pg-", dir="/tmp"))  # a socket's path must be short
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data, log = folder / "data", folder / "log"
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    try:
        _as_server(programs / "initdb", "-D", data, "-U", "rungs", "-A", "trust", "--no-sync")
        _as_server(programs / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")
        yield Cluster(folder)
        _as_server(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_server(*command: object) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    subprocess.run(words, check=True, cwd="/", stdout=subprocess.DEVNULL, timeout=60)
