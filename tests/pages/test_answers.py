"""Explore's answers, worked out beside the server: the same to the last digit, and in time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import psutil
import pytest
from streamlit.testing.v1 import AppTest

from causal_core.errors import LimitError, QuestionError, StudyError
from causal_core.queries.questions import Sweep
from causal_core.queries.sweep import sweep
from causal_core.studies import jobs
from causal_core.studies.jobs import Job
from causal_core.studies.store import Store, Study
from pages._ui import answers, apart, later, session

ROOT = Path(__file__).resolve().parents[2]
ASKED = Sweep("x", "y", row=3)


@pytest.fixture
def study(fitted_study: Callable[..., Study]) -> Study:
    return fitted_study()


@pytest.fixture
def job(store: Store, study: Study) -> Job:
    found = jobs.newest(store, study.id, jobs.State.DONE)
    assert found is not None
    return found


def test_an_answer_is_what_the_equations_say_here(study: Study, job: Job) -> None:
    models = session.models_of(job.models["model"], job.models["association"])
    table = session.fitted_table(job)
    for question in (ASKED, replace(ASKED, row=None), replace(ASKED, do={"z": 0.5}, row=0)):
        told, known = answers.answer(job, question), sweep(*models, question, table)
        for rung in ("seeing", "doing", "everyone"):
            for part in ("mean", "low", "high", "density"):
                one, other = (getattr(getattr(a, rung), part) for a in (told, known))
                np.testing.assert_array_equal(one, other)
        assert (told.row is None) == (known.row is None)
        if told.row is not None and known.row is not None:
            np.testing.assert_array_equal(told.row.mean, known.row.mean)


def test_a_question_that_does_not_fit_says_so_as_here(study: Study, job: Job) -> None:
    with pytest.raises(QuestionError, match="the same column"):
        answers.answer(job, replace(ASKED, outcome="x"))


def test_a_damaged_table_answers_nothing(store: Store, study: Study, job: Job) -> None:
    path = store.blob_path(job.spec["table"])
    path.write_bytes(path.read_bytes()[:-9] + b"somewhere")
    with pytest.raises(StudyError, match="damaged"):
        answers.answer(job, ASKED)


def test_explore_asks_first_what_was_expected_of_it(
    study: Study, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[object] = []
    begin = later.begun

    def noted(key: object, work: Callable[[], object], where: later.Where) -> Future[object]:
        begun.append(key)
        return begin(key, work, where)

    monkeypatch.setattr(later, "begun", noted)
    for page in ("fit", "explore"):
        drawn = AppTest.from_file(str(ROOT / f"pages/{page}.py"), default_timeout=60)
        drawn.session_state["study"] = study.id
        assert not drawn.run().exception
        if page == "fit":
            assert len(begun) == 2
    asked = [key for key in begun if isinstance(key, tuple) and key[0] in ("everyone", "row")]
    assert len(asked) == 4
    assert asked[:2] == asked[2:]


def test_a_process_that_dies_is_replaced_and_one_that_always_dies_is_told(
    study: Study, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = apart.ANSWERS.submit(os.getpid).result(60)
    slow = apart.ANSWERS.submit(partial(time.sleep, 60))
    os.kill(there, signal.SIGKILL)
    assert slow.exception(60) is not None
    assert answers.answer(job, ASKED).row is not None
    monkeypatch.setattr("causal_core.studies.sweeps.sweep_row", _die)
    with pytest.raises(LimitError, match="was ended"):
        answers.answer(job, replace(ASKED, row=7))


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_where_no_process_can_be_started_a_thread_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused() -> None:
        raise PermissionError("no semaphores here")

    alone = apart.Apart(1, 0, ())
    monkeypatch.setattr(alone, "_started", refused)
    assert [alone.submit(os.getpid).result(5) for _ in range(2)] == [os.getpid()] * 2


def test_a_process_ends_with_the_one_that_started_it() -> None:
    said = (
        "import os; from pages._ui import apart; print(apart.OPINIONS.submit(os.getpid).result())"
    )
    said += "; os.kill(os.getpid(), 9)"
    told = subprocess.run(
        [sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    there, end = int(told.stdout), time.monotonic() + 20
    while psutil.pid_exists(there) and psutil.Process(there).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < end
        time.sleep(0.1)
