"""The versions of a study's graph that a person has kept, each under a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from causal_core.errors import StudyError
from causal_core.studies import numbered
from causal_core.studies.numbered import LONGEST, folded
from causal_core.studies.rows import versions
from causal_core.studies.store import Store

__all__ = ["LONGEST", "Version", "delete", "keep", "listed", "rename"]

_T = versions.c


@dataclass(frozen=True)
class Version:
    """One kept graph: `graph` is `CausalGraph.to_json()`, `number` counts within the study."""

    study_id: str
    number: int
    name: str
    graph: str
    created: datetime

    @property
    def title(self) -> str:
        """Its number, and its name where it has one."""
        return f"{self.number} · {self.name}" if self.name else f"Version {self.number}"


def keep(store: Store, study_id: str, name: str, graph: str) -> Version:
    """Keep `graph` (JSON) as the study's next version; StudyError when the study is gone."""
    return _version(numbered.keep(store, versions, study_id, name, graph=graph))


def listed(store: Store, study_id: str) -> tuple[Version, ...]:
    """The study's versions, the newest first."""
    query = sa.select(versions).where(_T.study_id == study_id).order_by(_T.number.desc())
    with store.engine.connect() as connection:
        return tuple(_version(row) for row in connection.execute(query))


def rename(store: Store, study_id: str, number: int, name: str) -> Version:
    """Give a version another name; StudyError when it is gone."""
    statement = sa.update(versions).where(_T.study_id == study_id, _T.number == number)
    statement = statement.values(name=folded(name))
    with store.writing() as connection:
        row = connection.execute(statement.returning(versions)).one_or_none()
    if row is None:
        raise StudyError("This version was deleted meanwhile.", "Choose another one.")
    return _version(row)


def delete(store: Store, study_id: str, number: int) -> None:
    """Remove a version; one that is gone already is no mistake."""
    with store.writing() as connection:
        connection.execute(sa.delete(versions).where(_T.study_id == study_id, _T.number == number))


def _version(row: sa.Row[Any]) -> Version:
    fields = dict(row._mapping)
    return Version(**fields | {"created": datetime.fromtimestamp(fields["created"], UTC)})
