"""The numbers that a study shows, computed anew."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from causal_core.errors import RungsError
from causal_core.studies.jobs import Job
from causal_core.studies.store import Store, Study

Answered = dict[str, Any]  # {"question": a kept sweep, "numbers": {column: values}}


def answers(store: Store, study: Study, fit: Job | None) -> list[Answered]:
    """What the study's fit answers to the questions kept with it; none without a fit."""
    asked = study.choices.get("explore")
    if fit is None or fit.result is None or not asked:
        return []
    from causal_core.association.model import AssociationModel
    from causal_core.queries.kept import from_dict, to_dict
    from causal_core.queries.numbers import numbers
    from causal_core.queries.sweep import sweep
    from causal_core.scm.model import StructuralCausalModel
    from causal_core.tables.table import Table

    model = StructuralCausalModel.load(store.blob_path(fit.result["model"]))
    seen = AssociationModel.load(store.blob_path(fit.result["association"]))
    try:
        question = from_dict(asked, model.by_name)
        table = Table.from_bytes(store.get_blob(fit.spec["table"]))
        frame = numbers(sweep(model, seen, question, table))
    except RungsError:  # asked of an older fit that had other columns
        return []
    return [{"question": to_dict(question), "numbers": frame.to_dict("list")}]


def differences(kept: Sequence[Answered], now: Sequence[Answered]) -> list[str]:
    """The columns of numbers that did not come out the same to the last digit."""
    if len(kept) != len(now):
        return [f"{len(kept)} questions were kept, {len(now)} could be answered"]
    found = []
    for before, after in zip(kept, now, strict=True):
        columns: Mapping[str, Sequence[Any]] = after["numbers"]
        for name, values in before["numbers"].items():
            same = name in columns and len(columns[name]) == len(values)
            if not same or not all(map(_same, values, columns[name])):
                found.append(name)
    return found


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return one == other or (math.isnan(one) and math.isnan(other))
    return bool(one == other)
