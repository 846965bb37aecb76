"""What a study keeps under names and numbers of its own: graphs, settings of the picture."""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa

from causal_core.errors import StudyError
from causal_core.studies.rows import studies
from causal_core.studies.store import Store

LONGEST = 80  # characters of a name


def keep(store: Store, table: sa.Table, study_id: str, name: str, **values: Any) -> sa.Row[Any]:
    """Keep `values` as the study's next row of `table`; StudyError when the study is gone."""
    t = table.c
    number = sa.select(sa.func.coalesce(sa.func.max(t.number), 0) + 1)
    number = number.where(t.study_id == study_id)
    given = {"name": folded(name), "created": time.time(), **values}
    literals = (sa.literal(value, t[column].type) for column, value in given.items())
    row = sa.select(studies.c.id, number.scalar_subquery(), *literals)
    row = row.where(store.is_open(study_id))
    statement = sa.insert(table).from_select(["study_id", "number", *given], row).returning(table)
    # The study's row first, so that two tabs wait for one another and never take the same number.
    mine = sa.update(studies).where(studies.c.id == study_id).values(id=study_id)
    with store.writing() as connection:
        connection.execute(mine)
        kept = connection.execute(statement).one_or_none()
    if kept is None:
        raise StudyError("This study does not exist any more.", "Open another one on Start.")
    return kept


def folded(name: str) -> str:
    """A name on one line, without what PostgreSQL keeps none of, cut where it is too long."""
    return " ".join(name.replace("\x00", "").split())[:LONGEST]
