"""The answers that Explore draws: worked out beside the server, kept for whoever asks again."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from causal_core.errors import LimitError, RungsError
from pages._ui import apart, explore, later, session

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from typing import TypeVar

    from causal_core.queries.questions import Sweep
    from causal_core.queries.sweep_answer import RowCurve, SweepAnswer
    from causal_core.studies.jobs import Job
    from causal_core.studies.store import Study
    from causal_core.studies.sweeps import KeptFit

    T = TypeVar("T")

_EXPECTED = "_expected"  # the model whose first answer this tab has begun


def answer(job: Job, question: Sweep) -> SweepAnswer:
    """The three rungs, from the fit's models and the table that it learned from.

    Another row's answer differs in the row alone. Raises as `sweep_everyone` does, and LimitError
    where the process that works it out dies again and again.
    """
    everyone = _found(partial(_everyone, job, question))
    if question.row is None:
        return everyone
    return replace(everyone, row=_found(partial(_row, job, question)))


def expect(study: Study, job: Job) -> None:
    """Begin what Explore will ask of this fit first, while its person looks at something else."""
    if not job.models or st.session_state.get(_EXPECTED) == job.models["model"]:
        return
    st.session_state[_EXPECTED] = job.models["model"]
    with suppress(RungsError):  # Explore will say what is wrong
        model, _ = session.models_of(job.models["model"], job.models["association"])
        question = explore.first_question(study, model)
        _everyone(job, question)
        if question.row is not None:
            _row(job, question)


def _everyone(job: Job, question: Sweep) -> Future[SweepAnswer]:
    from causal_core.studies.sweeps import sweep_everyone

    return _begun("everyone", sweep_everyone, job, replace(question, row=None))


def _row(job: Job, question: Sweep) -> Future[RowCurve]:
    from causal_core.studies.sweeps import sweep_row

    return _begun("row", sweep_row, job, question)


def _begun(name: str, work: Callable[[KeptFit, Sweep], T], job: Job, question: Sweep) -> Future[T]:
    from causal_core.queries.kept import to_dict
    from causal_core.studies.sweeps import KeptFit

    folder, models = session.opened().folder, job.models
    fit = KeptFit(folder, models["model"], models["association"], job.spec["table"])
    key = (name, fit, json.dumps(to_dict(question)))
    return later.begun(key, partial(work, fit, question), apart.ANSWERS)


def _found(begin: Callable[[], Future[T]]) -> T:
    """What it finds; begun once more where its process has died, perhaps of another's work."""
    with suppress(LimitError):
        return later.result(begin())
    return later.result(begin())
