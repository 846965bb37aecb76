"""How many tables one signed-in person may bring in an hour, on all servers together."""

from __future__ import annotations

import math
import time

import sqlalchemy as sa

from causal_core.errors import LimitError
from causal_core.limits import limit
from causal_core.studies.rows import uploads
from causal_core.studies.store import Store

_HOUR = 3600.0  # seconds
_LOCK = 0x52756E67  # of PostgreSQL's advisory locks, beside that of the database's form
_T = uploads.c


def admit(store: Store) -> None:
    """Count one more table that the store's owner brings, read or not; nobody's are not counted.

    Raises LimitError, which counts nothing, when the hour's tables are used up.
    """
    if store.owner is None:
        return
    now, most = time.time(), limit("uploads_per_hour")
    with store.writing() as connection:
        if store.engine.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        connection.execute(sa.delete(uploads).where(_T.created <= now - _HOUR))
        connection.execute(sa.insert(uploads).values(owner=store.owner, created=now))
        mine = sa.select(_T.created).where(_T.owner == store.owner).order_by(_T.created)
        moments = connection.execute(mine).scalars().all()
        if len(moments) > most:
            raise _too_many(most, moments[-most - 1] + _HOUR - now)


def _too_many(most: int, seconds: float) -> LimitError:
    minutes = max(1, math.ceil(seconds / 60))
    return LimitError(
        f"You have brought {most} tables within an hour, which is all that is allowed.",
        f"Bring the next one in {minutes} minute{'s' if minutes > 1 else ''}.",
    )
