"""Workers that start at once: each is forked from a process that has imported all it needs.

`python -m tests.soak.forked_workers FOLDER WITNESS` makes a worker of FOLDER for each id that
it reads, and prints its process number. What a worker says of its fit also goes straight to
the file WITNESS, so that a kill leaves word of the last epoch that was trained.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from causal_core.studies import worker
from causal_core.studies.tasks import TASKS, Context, fit_models

BEGUN = "begun"  # the line with which each attempt begins


class Forge:
    """The process that forks: `start` a worker, `kill` one by its id."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process, self._pids = process, dict[str, int]()

    def start(self) -> None:
        """One more worker, ready to take a job."""
        name = uuid.uuid4().hex
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(name, file=self._process.stdin, flush=True)
        self._pids[name] = int(self._process.stdout.readline())

    def kill(self, name: str) -> None:
        """`kill -9`, with no time to tidy up."""
        os.kill(self._pids.pop(name), signal.SIGKILL)

    def end(self) -> None:
        """Leave no worker behind."""
        for name in tuple(self._pids):
            self.kill(name)
        self._process.kill()
        self._process.wait()


@contextmanager
def forging(folder: Path, witness: Path) -> Iterator[Forge]:
    """Starts the process that forks workers of the data folder; ends it and them."""
    command = [sys.executable, "-m", "tests.soak.forked_workers", str(folder), str(witness)]
    process = subprocess.Popen(
        command,
        cwd=Path(__file__).parents[2],
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    forge = Forge(process)
    try:
        yield forge
    finally:
        forge.end()


def attempts(witness: Path) -> list[list[tuple[str, int]]]:
    """What each attempt at a fit told: the stages and epochs that it trained, in order."""
    told: list[list[tuple[str, int]]] = []
    for line in witness.read_text().splitlines() if witness.exists() else ():
        stage, _, epoch = line.partition(" ")
        if stage == BEGUN:
            told.append([])
        elif int(epoch):
            told[-1].append((stage, int(epoch)))
    return told


def _witnessed(witness: Path, context: Context) -> dict[str, Any]:
    """A fit that writes each of its reports to the file `witness`, in one write."""
    with witness.open("ab", buffering=0) as told:
        told.write(f"{BEGUN}\n".encode())

        def report(
            stage: str, fraction: float, epoch: int = 0, train: float = 0, held_out: float = 0
        ) -> None:
            told.write(f"{stage} {epoch}\n".encode())
            context.report(stage, fraction, epoch, train, held_out)

        return fit_models(replace(context, report=report))


def main(folder: str, witness: Path) -> None:
    """Fork a worker for each id read from the standard input."""
    worker.warm_up()
    worker.warm_up = lambda: None  # done, for all that are forked
    TASKS["fit"] = lambda context: _witnessed(witness, context)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead leave no zombies
    for name in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            worker.main([folder, name.strip()])
            os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
