"""The workers of this machine: as many as the limit says, however many servers ask.

With a cluster's address (`cluster`) there are none: what waits is handed over to it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import uuid
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa

from causal_core.limits import limit
from causal_core.studies import claims, cluster, roster, rows
from causal_core.studies.claims import Claim
from causal_core.studies.locks import locked
from causal_core.studies.processes import Process
from causal_core.studies.roster import Worker
from causal_core.studies.store import Store

_START_GRACE = 60.0  # seconds that a new worker may take for its first sign
_RESTART_PAUSE = 3.0  # a worker that dies at once is not restarted faster than this
_CANCEL_SECONDS = 2.3  # after which a worker that ignores a cancel is ended from outside
_ATTEND_SECONDS = 1.0
_UNWELL = (OSError, sa.exc.OperationalError)  # a full or busy disk: it may be well at the next look
_attended: set[Path] = set()


def ensure_workers(store: Store) -> None:
    """End lost and disobedient workers and start those that are missing.

    Not for every poll: one waits for another. Workers are sessions of their own: they
    outlive the server that started them and end by themselves when idle. Where the disk or
    the database is not well, that is left to the next look (`watch`).
    """
    with suppress(*_UNWELL), locked(store.folder / "workers.lock"):
        _end_disobedient(store)
        here = [worker for worker in roster.everyone(store) if worker.process.here]
        counted = [worker for worker in here if not _removed(store, worker)]
        if cluster.address():
            cluster.take_back(store)
            cluster.hand_over(store)
            return
        for _ in range(limit("workers") - len(counted)):
            _start(store)


def watch(store: Store) -> None:
    """In the background, see to it that there are workers whenever jobs wait.

    Returns at once; a second call for the same folder does nothing.
    """
    if store.folder not in _attended:
        _attended.add(store.folder)
        threading.Thread(target=_attend, args=(store,), daemon=True).start()


def stop_workers(store: Store) -> None:
    """End every worker of this machine; what they held reads as interrupted."""
    for worker in roster.everyone(store):
        worker.process.kill()
        roster.strike_off(store, worker.id)


def _attend(store: Store) -> None:
    while store.folder.exists():
        time.sleep(_ATTEND_SECONDS)
        with suppress(*_UNWELL):
            if _wanted(store):
                ensure_workers(store)


def _wanted(store: Store) -> bool:
    """Whether there is anything to do, found out without the lock that all servers wait for."""
    if cluster.address():
        cluster.reach()
        if cluster.lost(store):
            return True
    return claims.waiting(store) or bool(_overdue(store))


def _start(store: Store) -> None:
    worker = uuid.uuid4().hex
    root = Path(__file__).parents[2]
    path = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))
    log = store.folder / "logs" / "worker.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "causal_core.studies.worker", str(store.folder), worker],
            env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    roster.register(store, worker, Process.of(process.pid), _START_GRACE)
    # Waiting takes its exit status, so that a dead worker does not stay as a zombie.
    threading.Thread(target=process.wait, daemon=True).start()


def _removed(store: Store, worker: Worker) -> bool:
    """Whether the worker is gone, ending it first when it has fallen silent."""
    if worker.alive():
        return False
    if time.time() - worker.process.started < _RESTART_PAUSE:
        return False
    worker.process.kill()
    roster.strike_off(store, worker.id)
    return True


def _end_disobedient(store: Store) -> None:
    workers = {worker.id: worker for worker in roster.everyone(store)}
    for mine in _overdue(store):
        worker = workers.get(mine.worker)
        if worker is not None and worker.process.here:
            worker.process.kill()
            claims.finish(store, mine, "cancelled")
            roster.strike_off(store, worker.id)


def _overdue(store: Store) -> list[Claim]:
    """The jobs whose worker has not obeyed a cancel in time."""
    t = rows.jobs
    query = sa.select(t.c.id, t.c.study_id, t.c.kind, t.c.spec, t.c.worker).where(
        t.c.state == "running", t.c.cancel_at < time.time() - _CANCEL_SECONDS
    )
    with store.engine.connect() as connection:
        return [Claim(*row) for row in connection.execute(query)]
