"""A second study like the first, from which either can go its own way."""

from __future__ import annotations

from causal_core.studies import jobs, scenarios, versions
from causal_core.studies.jobs import State
from causal_core.studies.numbered import LONGEST
from causal_core.studies.store import Store, Study


def duplicate(store: Store, study_id: str) -> Study:
    """A copy of the study with its kept graphs, its scenarios and its newest finished fit.

    Raises StudyError when the study is gone.
    """
    with store.writing():  # all of it, or no copy
        return _copied(store, store.get(study_id))


def _copied(store: Store, study: Study) -> Study:
    copy = store.create(
        f"{study.name[: LONGEST - 7]} (copy)",
        example=study.example,
        source=study.source,
        undo=study.undo,
        table=study.table,
        graph=study.graph,
        choices=study.choices,
    )
    for version in reversed(versions.listed(store, study.id)):
        versions.keep(store, copy.id, version.name, version.graph)
    for scenario in reversed(scenarios.listed(store, study.id)):
        scenarios.keep(store, copy.id, scenario.name, scenario.looked)
    fit = jobs.newest(store, study.id, State.DONE)
    if fit is not None and fit.result is not None:
        jobs.adopt(store, copy.id, "fit", fit.spec, fit.result)
    return store.get(copy.id)
