"""The same jobs on the workers of a Dask cluster, whose scheduler RUNGS_DASK_ADDRESS names.

A job stays a row of the database; the cluster is told its id alone. A cluster's worker opens
the store that its own environment names, so RUNGS_HOME must lie where both can reach it.
"""

from __future__ import annotations

import os
import threading
import time
import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from causal_core.studies import claims, jobs, rows
from causal_core.studies.jobs import State
from causal_core.studies.store import Store
from causal_core.studies.worker import Work, warm_up

if TYPE_CHECKING:
    from distributed import Client

ADDRESS = "RUNGS_DASK_ADDRESS"
MOST_LOST = 3  # how many workers a job may lose before it counts as failed

_CONNECT_SECONDS = 3.0
_PAUSE_SECONDS = 10.0  # a scheduler that did not answer is not asked again sooner

_connecting = threading.Lock()
_clients: dict[str, Client] = {}
_silent_since: dict[str, float] = {}


def address() -> str:
    """The scheduler's address, as tcp://host:8786; empty where jobs run on local workers."""
    return os.environ.get(ADDRESS, "").strip()


def silent() -> bool:
    """Whether there is to be a cluster, and it did not answer when it was last asked."""
    return address() in _silent_since


def reach() -> None:
    """Connect to the scheduler where that does not hold, so that `silent` is true of now."""
    _client(address())


def hand_over(store: Store) -> bool:
    """Give the cluster the jobs that wait; False, and they go on waiting, if it is silent."""
    client = _client(address())
    if client is None:
        return False
    from distributed import fire_and_forget

    for job_id, started in _waiting(store):
        # Named by job and try: two servers that hand over the same try make one task of it.
        name = f"rungs-{job_id}-{started or 0}"
        fire_and_forget(client.submit(work_on, job_id, key=name, pure=False, retries=0))
    return True


def take_back(store: Store) -> None:
    """Queue the jobs again whose worker was lost; after `MOST_LOST` losses they have failed."""
    t = rows.jobs
    for row in lost(store):
        mine = (t.c.id == row.id) & (t.c.worker == row.worker) & (t.c.state == "running")
        with store.engine.begin() as connection:
            connection.execute(sa.update(t).where(mine).values(_after_loss(row)))


def lost(store: Store) -> list[Any]:
    """The rows of the jobs whose worker was lost."""
    t = rows.jobs
    query = sa.select(t.c.id, t.c.worker, t.c.lost, t.c.cancel_at).where(t.c.state == "running")
    with store.engine.connect() as connection:
        held = connection.execute(query).all()
    return [row for row in held if jobs.get(store, row.id).state is State.INTERRUPTED]


def work_on(job_id: str) -> None:
    """On the cluster's worker: do this job, unless someone else has taken it.

    The worker must run one thread only: a job that does not obey ends with its process.
    """
    store = Store.open()
    warm_up()
    work = Work(store, uuid.uuid4().hex)
    try:
        with work.entered():
            mine = claims.claim(store, work.worker, job_id)
            if mine is not None:
                work.do(mine)
    finally:
        store.engine.dispose()


def _after_loss(row: Any) -> dict[str, Any]:
    """What becomes of a job whose worker was lost."""
    lost = row.lost + 1
    if row.cancel_at is not None:
        return {"state": "cancelled", "ended": time.time()}
    if lost >= MOST_LOST:
        what = f"The cluster lost {lost} workers in the middle of this."
        remedy = "Use fewer rows or columns, or give the cluster’s workers more memory."
        return {"state": "failed", "ended": time.time(), "error": [what, remedy]}
    return {"state": "queued", "worker": None, "lost": lost, "ended": None, "progress": {}}


def _waiting(store: Store) -> list[tuple[str, float | None]]:
    """The queued jobs and when their last try began, first come first."""
    t = rows.jobs
    query = sa.select(t.c.id, t.c.started).where(t.c.state == "queued").order_by(t.c.number)
    with store.engine.connect() as connection:
        return [(job_id, started) for job_id, started in connection.execute(query)]


def _client(place: str) -> Client | None:
    """The connection to the scheduler, kept while it holds; None while there is none."""
    with _connecting:
        if (kept := _clients.get(place)) is not None and kept.status == "running":
            return kept
        if time.monotonic() - _silent_since.get(place, -_PAUSE_SECONDS) < _PAUSE_SECONDS:
            return None
        return _connected(place)


def _connected(place: str) -> Client | None:
    from distributed import Client

    try:
        client = Client(place, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError):  # TimeoutError is an OSError
        _silent_since[place] = time.monotonic()
        return None
    _silent_since.pop(place, None)
    _clients[place] = client
    return client
