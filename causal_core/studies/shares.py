"""Links that show a study to whoever has them, and let no one change it."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from causal_core.errors import StudyError
from causal_core.studies.rows import shares, studies
from causal_core.studies.store import Store, Study

_BYTES = 32  # of chance in a token
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_T = shares.c


@dataclass(frozen=True)
class Share:
    """One link: `token` is all that its address says of the study."""

    token: str
    study_id: str
    created: datetime


def share(store: Store, study_id: str) -> Share:
    """A new link to the study; StudyError when the study is gone."""
    given = map(sa.literal, (secrets.token_urlsafe(_BYTES), time.time()))
    row = sa.select(studies.c.id, *given).where(store.is_open(study_id))
    statement = sa.insert(shares).from_select(["study_id", "token", "created"], row)
    with store.writing() as connection:
        made = connection.execute(statement.returning(shares)).one_or_none()
    if made is None:
        raise StudyError("This study does not exist any more.", "Open another one on Start.")
    return _share(made)


def listed(store: Store, study_id: str) -> tuple[Share, ...]:
    """The study's links, the newest first."""
    query = sa.select(shares).where(_T.study_id == study_id)
    with store.engine.connect() as connection:
        found = connection.execute(query.order_by(_T.created.desc(), _T.token))
        return tuple(_share(row) for row in found)


def withdraw(store: Store, study_id: str, token: str) -> None:
    """The link opens nothing any more; one that is gone already is no mistake."""
    statement = sa.delete(shares).where(_T.study_id == study_id, _T.token == token)
    with store.writing() as connection:
        connection.execute(statement)


def shared(store: Store, token: str) -> Study:
    """The study that the link shows, whosever it is; StudyError where it opens nothing."""
    query = sa.select(_T.study_id).where(_T.token == token)
    gone = StudyError(
        "This link was withdrawn, or never led anywhere.", "Ask whoever sent it for another."
    )
    if not _TOKEN.fullmatch(token):
        raise gone
    with store.engine.connect() as connection:
        study_id = connection.execute(query).scalar_one_or_none()
    if study_id is None:
        raise gone
    try:
        return store.seen_by(None).get(study_id)
    except StudyError:  # it was removed, and may be brought back
        raise gone from None


def _share(row: sa.Row[Any]) -> Share:
    fields = dict(row._mapping)
    return Share(**fields | {"created": datetime.fromtimestamp(fields["created"], UTC)})
