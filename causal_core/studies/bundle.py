"""A study as one zip: tables as Parquet, models as safetensors, the rest as JSON.

It holds the answers to what was looked at last, so that whoever opens it elsewhere can
tell whether they come out the same (`replay`).
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from causal_core.studies import jobs, scenarios, versions
from causal_core.studies.answered import answers
from causal_core.studies.jobs import Job, State
from causal_core.studies.store import Store, Study

FORMAT = 1
INDEX = "rungs.json"
PARTS = {  # what it is → the member of the zip that holds it
    "table": "table.parquet",
    "source": "original.bin",  # the bytes that were uploaded
    "fitted": "fitted.parquet",  # the table that the equations learned from
    "model": "model.safetensors",
    "association": "association.safetensors",
}


def bundle(store: Store, study_id: str) -> bytes:
    """The study with its newest finished fit, its kept graphs and scenarios, as the bytes of a zip.

    Raises StudyError when the study or a part of it is gone.
    """
    study = store.get(study_id)
    fit = jobs.newest(store, study_id, State.DONE)
    digests = _digests(study, fit)
    index = {
        "format": FORMAT,
        "study": _study(study),
        "versions": [
            {"number": v.number, "name": v.name, "graph": v.graph, "created": v.created.timestamp()}
            for v in versions.listed(store, study_id)
        ],
        "scenarios": [
            {"number": one.number, "name": one.name, "looked": dict(one.looked)}
            for one in scenarios.listed(store, study_id)
        ],
        "fit": None if fit is None else _fit(fit),
        "parts": digests,
        "answers": answers(store, study, fit),
    }
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(INDEX, json.dumps(index, indent=1))
        for part, member in PARTS.items():
            if part in digests and member_of(digests, part) == member:
                archive.writestr(member, store.get_blob(digests[part]))
    return sink.getvalue()


def member_of(digests: Mapping[str, str], part: str) -> str:
    """The member that holds a part: the first part with the same bytes lends its own."""
    return next(PARTS[one] for one in PARTS if digests.get(one) == digests[part])


def _digests(study: Study, fit: Job | None) -> dict[str, str]:
    found = {"table": study.table, "source": study.source}
    if fit is not None and fit.result is not None:
        found |= {"fitted": fit.spec["table"]}
        found |= {name: fit.result[name] for name in ("model", "association")}
    return {part: digest for part, digest in found.items() if digest}


def _study(study: Study) -> dict[str, Any]:
    return {
        "name": study.name,
        "example": study.example,
        "undo": list(study.undo),
        "graph": study.graph,
        "choices": dict(study.choices),
    }


def _fit(fit: Job) -> dict[str, Any]:
    """What a fit was asked and what it reports; its digests stand among the parts."""
    report = dict(fit.result or {})
    return {
        "spec": {name: value for name, value in fit.spec.items() if name != "table"},
        "result": {n: v for n, v in report.items() if n not in ("model", "association")},
    }
