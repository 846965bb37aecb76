"""What a person has told the search and decided on its result, kept with the study."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pages._ui import session
from pages._ui.graph_editor import writing

if TYPE_CHECKING:
    from causal_core.studies.jobs import Job
    from causal_core.studies.store import Study

_CHOICE, _RESULT = "discover", "result"
_EMPTY: dict[str, Any] = {"least": 50, "graph": 0, "verdicts": {}}


def remembered(study: Study) -> dict[str, Any]:
    """What was told before the search: "columns", "method", "knowledge", each where told."""
    return dict(study.choices.get(_CHOICE, {}))


def remember(study_id: str, **told: Any) -> None:
    """Keep it, so that a reload shows it again."""
    with writing(study_id):
        study = session.store().get(study_id)
        before = remembered(study)
        if before | told != before:
            session.save(study, choices={**study.choices, _CHOICE: before | told})


def of_result(study: Study, job: Job) -> dict[str, Any]:
    """What was decided on this job's result.

    "least": per cent of the resamples that an edge needs; "graph": which alternative is
    looked at; "verdicts": for each of them what is said of its edges.
    """
    kept = remembered(study).get(_RESULT, {})
    return _EMPTY | (kept if kept.get("job") == job.id else {})


def decide(study_id: str, job: Job, **decided: Any) -> None:
    """Keep what was decided on this job's result; what was decided on an older one goes."""
    now = of_result(session.store().get(study_id), job)
    remember(study_id, **{_RESULT: {**now, **decided, "job": job.id}})
