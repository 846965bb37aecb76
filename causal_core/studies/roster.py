"""The workers of a store: who they are, when they last gave a sign, what they hold."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from causal_core.limits import limit
from causal_core.studies import rows
from causal_core.studies.processes import Process
from causal_core.studies.store import Store


@dataclass(frozen=True)
class Worker:
    """One worker; `heartbeat` in seconds since 1970, `job` the id of what it works on."""

    id: str
    process: Process
    heartbeat: float
    job: str | None

    def alive(self) -> bool:
        """Whether its process runs and was heard of lately."""
        return not self.silent() and self.process.alive()

    def silent(self) -> bool:
        """Whether it was not heard of for longer than the limit."""
        return time.time() - self.heartbeat > limit("heartbeat_seconds")


def register(store: Store, worker_id: str, process: Process, grace: float = 0.0) -> None:
    """Enter a worker, or nothing when it is entered; its first sign may take `grace` seconds."""
    values = {"id": worker_id, "host": process.host, "pid": process.pid}
    values |= {"started": process.started, "heartbeat": time.time() + grace}
    t = rows.workers
    there = sa.exists().where(t.c.id == worker_id)
    new = sa.select(*map(sa.literal, values.values())).where(~there)
    with suppress(sa.exc.IntegrityError), store.engine.begin() as connection:
        connection.execute(sa.insert(t).from_select(list(values), new))


def beat(store: Store, worker_id: str) -> bool:
    """Give a sign of life; False when the worker was struck off and must end."""
    t = rows.workers
    statement = sa.update(t).where(t.c.id == worker_id).values(heartbeat=time.time())
    with store.engine.begin() as connection:
        return bool(connection.execute(statement).rowcount)


def strike_off(store: Store, worker_id: str) -> None:
    """Remove a worker; what it held reads as interrupted from now on."""
    with store.engine.begin() as connection:
        connection.execute(sa.delete(rows.workers).where(rows.workers.c.id == worker_id))


def everyone(store: Store) -> tuple[Worker, ...]:
    """All workers entered, dead or alive."""
    with store.engine.connect() as connection:
        return tuple(_worker(row) for row in connection.execute(sa.select(rows.workers)))


def holds(connection: sa.Connection, worker_id: str | None, job_id: str) -> bool:
    """Whether the living worker `worker_id` works on the job right now."""
    if worker_id is None:
        return False
    query = sa.select(rows.workers).where(rows.workers.c.id == worker_id)
    row = connection.execute(query).one_or_none()
    return row is not None and row.job == job_id and _worker(row).alive()


def _worker(row: Any) -> Worker:
    return Worker(row.id, Process(row.host, row.pid, row.started), row.heartbeat, row.job)
