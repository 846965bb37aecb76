"""One job being done: the working thread reports, the pulse thread writes and watches.

The work is asked to stop at its next report. Work that does not obey in time ends with
its process, so that a cancel holds whatever the work is stuck in.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from pathlib import Path

from causal_core.errors import RungsError
from causal_core.limits import limit
from causal_core.studies import claims, faults, logs
from causal_core.studies.claims import Claim
from causal_core.studies.logs import Event
from causal_core.studies.processes import resident
from causal_core.studies.progress import Tracker
from causal_core.studies.store import Store
from causal_core.studies.tasks import TASKS, Context

_OBEY_SECONDS = 1.5


class Stopped(BaseException):
    """Raised inside the work to end it; no Exception, so that no one swallows it."""


def checkpoints(store: Store, job_id: str) -> Path:
    """The folder in which the job keeps what it needs to go on after a kill."""
    return store.folder / "checkpoints" / job_id


def sweep_checkpoints(store: Store) -> None:
    """Remove the checkpoints that no one can go on from: of jobs done, replaced or deleted."""
    wanted = claims.resumable(store)
    for folder in (store.folder / "checkpoints").glob("*"):
        if folder.name not in wanted:
            shutil.rmtree(folder, ignore_errors=True)


class Run:
    """The job in `mine` on its way; `work` in one thread, `tick` from another."""

    def __init__(self, store: Store, mine: Claim) -> None:
        self.store, self.mine = store, mine
        self._lock = threading.Lock()
        self._tracker, self._unsaid = Tracker(sketch=dict(mine.sketch)), False
        self._began = time.monotonic()
        self._counted: dict[str, int] = {}
        self._reason: str | None = None
        self._asked = 0.0

    def work(self) -> None:
        """Do the job and hand in its outcome, whatever happens."""
        folder = checkpoints(self.store, self.mine.job_id)
        folder.mkdir(parents=True, exist_ok=True)
        self._counted = self._size()
        self._log(Event.JOB_STARTED)
        try:
            tell = (self._report, self._publish)
            context = Context(self.store, self.mine.spec, folder, *tell, self.mine.sketch)
            result = TASKS[self.mine.kind](context)
        except Stopped:
            self._end_stopped()
        except RungsError as error:
            self._fail(type(error).__name__, error.what, error.remedy)
        except Exception as error:
            fault = faults.record(self.store.folder, error)
            self._fail(
                type(error).__name__,
                f"Something unexpected went wrong (error {fault}).",
                f"Try again; if it happens again, logs/errors.log has the details under {fault}.",
            )
        else:
            claims.finish(self.store, self.mine, "done", result=result)
            shutil.rmtree(folder, ignore_errors=True)
            self._log(Event.JOB_DONE)

    def tick(self) -> None:
        """Write the newest progress, look whether to stop, and end what does not obey."""
        with self._lock:
            progress = self._tracker.to_dict() if self._unsaid else None
            self._unsaid = False
        if progress is not None:
            claims.report(self.store, self.mine, progress)
        if resident() > limit("fit_memory"):
            self._end_too_large()
        elif self._reason is None:
            self._ask()
        elif time.monotonic() - self._asked > _OBEY_SECONDS:
            self._end_stopped()
            os._exit(1)

    # ── inside ───────────────────────────────────────────────────────────────────

    def _report(
        self, stage: str, fraction: float, epoch: int = 0, train: float = 0, held_out: float = 0
    ) -> None:
        with self._lock:
            self._tracker.add(stage, fraction, epoch, train, held_out)
            self._unsaid = True
        if self._reason is not None:
            raise Stopped

    def _publish(self, sketch: dict[str, str]) -> None:
        with self._lock:
            self._tracker.sketch, self._unsaid = sketch, True

    def _ask(self) -> None:
        overdue = time.monotonic() - self._began > limit("fit_seconds")
        reason = claims.stop_asked(self.store, self.mine) or ("time" if overdue else None)
        if reason is not None:
            self._reason, self._asked = reason, time.monotonic()

    def _end_stopped(self) -> None:
        if self._reason == "cancel":
            claims.finish(self.store, self.mine, "cancelled")
            self._log(Event.JOB_CANCELLED)
        elif self._reason == "time":
            self._fail(
                "time",
                f"This took longer than the {limit('fit_seconds')} seconds allowed.",
                "Use fewer rows or columns, or raise RUNGS_FIT_SECONDS.",
            )

    def _end_too_large(self) -> None:
        """End with the process: only that gives its memory back at once."""
        self._fail(
            "memory",
            f"This needed more than the {limit('fit_memory') / 2**30:.1f} GiB of memory allowed.",
            "Use fewer rows or columns, or raise RUNGS_FIT_MEMORY.",
        )
        os._exit(1)

    def _fail(self, cause: str, what: str, remedy: str) -> None:
        claims.finish(self.store, self.mine, "failed", error=(what, remedy))
        self._log(Event.JOB_FAILED, cause)

    def _log(self, event: Event, cause: str = "") -> None:
        logs.record(
            self.store.folder,
            event,
            study=self.mine.study_id,
            job=self.mine.job_id,
            kind=self.mine.kind,
            cause=cause,
            seconds=time.monotonic() - self._began,
            **self._counted,
        )

    def _size(self) -> dict[str, int]:
        """The rows and columns of the job's table, where it has one that can be read."""
        from causal_core.tables.stored import stored_size

        digest = self.mine.spec.get("table", "")
        try:
            rows, columns = stored_size(self.store.blob_path(digest))
        except (RungsError, OSError):  # the job itself will say so
            return {}
        return {"rows": rows, "columns": columns}
