"""The process that fits: `python -m causal_core.studies.worker [data folder] [worker id]`.

It stays warm between jobs, gives a sign of life every second, and ends by itself when
there was nothing to do for a quarter of an hour.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from causal_core.studies import claims, roster
from causal_core.studies.claims import Claim
from causal_core.studies.processes import Process, give_way
from causal_core.studies.removal import sweep_removed
from causal_core.studies.run import Run, sweep_checkpoints
from causal_core.studies.sketches import draw_waiting
from causal_core.studies.store import Store

_NICENESS = 5  # a page that someone waits for has three times its claim on a busy processor
_IDLE_SECONDS = 900.0
_LOOK_SECONDS = 0.2  # between looks at the queue, and between progress writes
_BEAT_SECONDS = 1.0


class Work:
    """A worker's threads: the one that asks works, the pulse watches over it."""

    def __init__(self, store: Store, worker: str) -> None:
        self.store, self.worker = store, worker
        self._run: Run | None = None
        self._beaten = 0.0

    @contextmanager
    def entered(self) -> Iterator[None]:
        """One of the store's workers, with a pulse, for as long as the block lasts."""
        ended = threading.Event()
        pulse = threading.Thread(target=self._pulse, args=(ended,), daemon=True)
        roster.register(self.store, self.worker, Process.this())
        pulse.start()
        try:
            yield
        finally:
            ended.set()
            pulse.join()
            roster.strike_off(self.store, self.worker)

    def until_idle(self, seconds: float = _IDLE_SECONDS) -> None:
        """Take one job after the other; return when none came for `seconds`."""
        last = time.monotonic()
        while time.monotonic() - last < seconds:
            mine = claims.claim(self.store, self.worker) if claims.waiting(self.store) else None
            if mine is None:
                time.sleep(_LOOK_SECONDS)
                continue
            self.do(mine)
            last = time.monotonic()

    def do(self, mine: Claim) -> None:
        """Do this job."""
        self._run = Run(self.store, mine)
        self._run.work()
        self._run = None

    def busy(self) -> bool:
        """Whether it is at a job."""
        return self._run is not None

    def _pulse(self, ended: threading.Event) -> None:
        """Beat, and tick the job at hand; ends the process when it is no longer wanted."""
        while not ended.wait(_LOOK_SECONDS):
            try:
                self._pulse_once()
            except sa.exc.OperationalError:  # a busy database may be well again at the next look
                if not self.store.folder.exists():
                    os._exit(1)

    def _pulse_once(self) -> None:
        if self._run is not None:
            self._run.tick()
        if time.monotonic() - self._beaten > _BEAT_SECONDS:
            if not roster.beat(self.store, self.worker):
                os._exit(1)
            self._beaten = time.monotonic()


def main(arguments: list[str]) -> None:
    """Serve the store in the folder given, else the default one."""
    store = Store.open(Path(arguments[0]) if arguments else None)
    worker = arguments[1] if len(arguments) > 1 else uuid.uuid4().hex
    give_way(_NICENESS)
    sweep_removed(store)
    sweep_checkpoints(store)
    warm_up()
    work = Work(store, worker)
    threading.Thread(target=draw_waiting, args=(store, work.busy), daemon=True).start()
    with work.entered():
        work.until_idle()


def warm_up() -> None:
    """Import now what every fit needs, with one torch thread: two are slower beside others."""
    import torch

    torch.set_num_threads(1)
    import causal_core.association.training
    import causal_core.scm.trainer  # noqa: F401


if __name__ == "__main__":
    main(sys.argv[1:])
