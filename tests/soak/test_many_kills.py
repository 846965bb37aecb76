"""`kill -9` again and again, at moments nobody chose: the model is the same to the bit."""

from __future__ import annotations

import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import pytest

from causal_core.scm.checkpoint import DurableCheckpoints
from causal_core.studies import jobs
from causal_core.studies.jobs import Job, State
from causal_core.studies.run import checkpoints
from causal_core.studies.store import Store
from tests.faults.test_real_fit import store, submit
from tests.soak.forked_workers import Forge, attempts, forging

__all__ = ["store"]  # a fixture
_log = logging.getLogger(__name__)
KILLS = 25  # on each disk
_WORKERS = 2  # one works, the next is ready
_EPOCHS, _SECONDS = 12, 0.3  # at most, of an attempt before it is killed


@pytest.fixture(params=["/tmp", "/dev/shm"], ids=["same disk", "other disk"])
def forge(
    request: pytest.FixtureRequest, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Forge]:
    """Workers whose own folder of temporary files, where a careless save would go, is this one."""
    monkeypatch.setenv("TMPDIR", request.param)
    with forging(store.folder, tmp_path / "witness") as made:
        yield made


@pytest.mark.timeout(1800)
def test_fits_killed_at_random_moments_end_as_if_never_killed(
    store: Store, forge: Forge, tmp_path: Path
) -> None:
    submitted = submit(store, 600)  # so few that members of nets are trained as well
    for _ in range(_WORKERS):
        forge.start()
    witness = tmp_path / "witness"
    whole = _until(store, submitted.id, lambda job: job.state is State.DONE)
    (epochs,) = attempts(witness)
    moments, stages, lost = random.Random(0), Counter[str](), 0
    while stages.total() < KILLS:
        witness.unlink()
        job = jobs.submit(store, submitted.study_id, "fit", submitted.spec)
        while (job := _attempted(store, forge, job, moments, witness)).state is not State.DONE:
            told = attempts(witness)
            _check_files(store, job, told)
            stages[told[-1][-1][0] if told and told[-1] else "sketch"] += 1
            forge.start()
            jobs.resume(store, job.id)
        told = attempts(witness)
        assert job.result == whole.result
        assert list(dict.fromkeys(chain.from_iterable(told))) == epochs  # none was left out
        lost = max(lost, *_trained_again(told))
    _log.info("%d kills of fits of %d epochs: %s", stages.total(), len(epochs), dict(stages))
    _log.info("epochs lost at most: %d", lost)
    assert lost <= 1


def _attempted(store: Store, forge: Forge, job: Job, moments: random.Random, witness: Path) -> Job:
    """The job after its worker was killed at a random moment, unless it was done before."""
    before, epochs = len(attempts(witness)), moments.randint(0, _EPOCHS)

    def ripe(job: Job) -> bool:
        told = attempts(witness)[before:]
        return job.state is State.DONE or (bool(told) and len(told[0]) >= epochs)

    _until(store, job.id, ripe)
    time.sleep(moments.uniform(0.0, _SECONDS))
    if (job := jobs.get(store, job.id)).state is State.RUNNING:
        assert job.worker is not None
        forge.kill(job.worker)
        job = _until(store, job.id, lambda job: job.state is not State.RUNNING)
    return job


def _check_files(store: Store, job: Job, told: list[list[tuple[str, int]]]) -> None:
    """Every kept file can be read, and the newest checkpoint lacks no more than one epoch."""
    for blob in (store.folder / "blobs").glob("*/[0-9a-f]*"):
        store.get_blob(blob.name)
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    kept = _kept(checkpoints(store, job.id))
    if (last := _last(told)) is not None:
        stage, epoch = last
        assert kept.get(stage, 0) >= epoch - 1


def _kept(folder: Path) -> dict[str, int]:
    """How many epochs of each stage its newest checkpoint holds; all of them can be read.

    A file that a kill left half written has a name with a dot before it, and nobody reads it.
    """
    kept: dict[str, int] = {}
    for path in sorted(folder.glob("*/[!.]*.ckpt*")):
        epoch = DurableCheckpoints().load_checkpoint(path)["epoch"] + 1
        kept[path.name.partition(".")[0]] = max(epoch, kept.get(path.name.partition(".")[0], 0))
    return kept


def _at(witness: Path) -> str:
    """What the last attempt was at."""
    attempt = attempts(witness)[-1] if witness.exists() else []
    return attempt[-1][0] if attempt else "sketch"


def _last(told: list[list[tuple[str, int]]]) -> tuple[str, int] | None:
    """The last epoch that was trained."""
    return next((attempt[-1] for attempt in reversed(told) if attempt), None)


def _trained_again(told: list[list[tuple[str, int]]]) -> Iterator[int]:
    """For each attempt, how many of its epochs an earlier one had trained: a kill's loss."""
    known: set[tuple[str, int]] = set()
    for attempt in told:
        yield len(known.intersection(attempt))
        known.update(attempt)


def _until(store: Store, job_id: str, condition: Callable[[Job], bool]) -> Job:
    end = time.monotonic() + 200
    while not condition(job := jobs.get(store, job_id)):
        assert time.monotonic() < end, job
        assert job.state is not State.FAILED, job.error
        time.sleep(0.02)
    return job
