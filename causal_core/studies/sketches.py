"""First sketches of fits that wait: to explore, no one waits for the fits of others to end.

One worker of a machine draws them, in a thread beside the fit that it works on. A fit that a
free worker takes at once draws its own (`tasks.fit_models`), and so do fits on a cluster.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from causal_core.studies import claims, jobs
from causal_core.studies.locks import locked
from causal_core.studies.store import Store
from causal_core.studies.tasks import sketch_models
from causal_core.tables.stored import stored_size

_MOST_CELLS = 5_000_000  # a larger table would take too much memory beside another's fit
_LOOK_SECONDS = 0.2


def draw_waiting(store: Store, busy: Callable[[], bool]) -> None:
    """Draw the sketch of every fit that waits while the worker is `busy`; never returns.

    Other processes of this machine that call it wait until this one has ended.
    """
    tried: set[str] = set()
    with locked(store.folder / "sketches.lock"):
        while True:
            time.sleep(_LOOK_SECONDS)
            if busy():
                with suppress(Exception):  # its own turn will say what is wrong with it
                    draw_all(store, tried)


def draw_all(store: Store, tried: set[str]) -> None:
    """Draw the sketch of every fit that waits and is not among those `tried`, which grow.

    One that no longer waits is forgotten: resumed, it is drawn again. Raises what hinders the
    first that cannot be drawn.
    """
    waiting = claims.waiting_fits(store)
    tried.intersection_update(waiting)
    for job_id in waiting:
        if job_id not in tried:
            tried.add(job_id)
            draw(store, job_id)


def draw(store: Store, job_id: str) -> None:
    """Draw the sketch of this fit, unless it has one or its table is large."""
    job = jobs.get(store, job_id)
    rows, columns = stored_size(store.blob_path(job.spec["table"]))
    if not job.models and rows * columns <= _MOST_CELLS:
        claims.offer(store, job_id, sketch_models(store, job.spec))
