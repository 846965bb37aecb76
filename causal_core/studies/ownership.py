"""Whose the studies are: those from before anyone signed in are nobody's until they are taken."""

from __future__ import annotations

import sqlalchemy as sa

from causal_core.studies.rows import studies
from causal_core.studies.store import Store


def unowned(store: Store) -> int:
    """How many studies belong to nobody, the removed ones among them."""
    query = sa.select(sa.func.count()).where(studies.c.owner.is_(None))
    with store.engine.connect() as connection:
        return int(connection.execute(query).scalar_one())


def claim(store: Store) -> int:
    """Give nobody's studies to the store's owner; returns how many they were."""
    statement = sa.update(studies).where(studies.c.owner.is_(None)).values(owner=store.owner)
    with store.writing() as connection:
        return connection.execute(statement).rowcount
