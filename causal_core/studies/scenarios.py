"""The scenarios of a study: settings of the Explore page, each kept under a name.

A deleted one leaves its number behind, so that an old link never opens another picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from causal_core.errors import StudyError
from causal_core.studies import numbered
from causal_core.studies.numbered import LONGEST, folded
from causal_core.studies.rows import scenarios
from causal_core.studies.store import Store

__all__ = ["LONGEST", "Scenario", "delete", "get", "keep", "listed", "rename"]

_T = scenarios.c


@dataclass(frozen=True)
class Scenario:
    """One kept setting; `number` counts within the study.

    `looked` is a sweep as `queries.kept.to_dict` makes it, and the slider's "position": a
    code of the cause.
    """

    study_id: str
    number: int
    name: str
    looked: Mapping[str, Any]
    created: datetime

    @property
    def title(self) -> str:
        """Its number, and its name where it has one."""
        return f"{self.number} · {self.name}" if self.name else f"Scenario {self.number}"


def keep(store: Store, study_id: str, name: str, looked: Mapping[str, Any]) -> Scenario:
    """Keep `looked` as the study's next scenario; StudyError when the study is gone."""
    return _scenario(numbered.keep(store, scenarios, study_id, name, looked=dict(looked)))


def listed(store: Store, study_id: str) -> tuple[Scenario, ...]:
    """The study's scenarios, the newest first."""
    query = sa.select(scenarios).where(_T.study_id == study_id, _T.looked.is_not(None))
    with store.engine.connect() as connection:
        found = connection.execute(query.order_by(_T.number.desc()))
        return tuple(_scenario(row) for row in found)


def get(store: Store, study_id: str, number: int) -> Scenario:
    """One scenario; StudyError when it is gone."""
    with store.engine.connect() as connection:
        row = connection.execute(sa.select(scenarios).where(*_one(study_id, number))).one_or_none()
    return _there(row)


def rename(store: Store, study_id: str, number: int, name: str) -> Scenario:
    """Give a scenario another name; StudyError when it is gone."""
    statement = sa.update(scenarios).where(*_one(study_id, number)).values(name=folded(name))
    with store.writing() as connection:
        row = connection.execute(statement.returning(scenarios)).one_or_none()
    return _there(row)


def delete(store: Store, study_id: str, number: int) -> None:
    """Remove a scenario; one that is gone already is no mistake."""
    statement = sa.update(scenarios).where(*_one(study_id, number)).values(name="", looked=None)
    with store.writing() as connection:
        connection.execute(statement)


def _one(study_id: str, number: int) -> tuple[sa.ColumnElement[bool], ...]:
    return _T.study_id == study_id, _T.number == number, _T.looked.is_not(None)


def _there(row: sa.Row[Any] | None) -> Scenario:
    if row is None:
        raise StudyError("This scenario was deleted meanwhile.", "Choose another one.")
    return _scenario(row)


def _scenario(row: sa.Row[Any]) -> Scenario:
    fields = dict(row._mapping)
    return Scenario(**fields | {"created": datetime.fromtimestamp(fields["created"], UTC)})
