"""How much may be kept: by each person, or by all together where nobody signs in.

Counted are the tables and models that studies name, each once. A removed study's count
until it is gone for good.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from causal_core.errors import LimitError
from causal_core.limits import MEBI, limit
from causal_core.studies import rows
from causal_core.studies.store import Store


def take_in(store: Store, *contents: bytes) -> tuple[str, ...]:
    """Keep `contents` durably where there is room for them; returns their digests.

    Raises LimitError, which keeps none of them, where there is not. What others bring at the
    very moment is not counted.
    """
    check(store, sum(map(len, contents)))
    return tuple(map(store.put_blob, contents))


def check(store: Store, more: int = 0) -> None:
    """LimitError where what the store's owner keeps, and `more` bytes, is more than allowed."""
    named, most = _named(store), limit("studies_bytes")
    taken = _size(store, (row.digest for row in named))
    if taken + more > most:
        raise LimitError(
            f"There is no room for this: {_mebi(taken)} of the {_mebi(most)} that "
            f"{'you' if store.owner else 'all together'} may keep in tables and models are taken.",
            f"On Start, remove what is no longer needed, and forget it for good"
            f"{_largest(store, named)}.",
        )


def kept(store: Store) -> dict[str, int]:
    """The bytes that all whom the store is seen by keep, and the most that one of them keeps."""
    named, owners = _named(store), defaultdict[str | None, set[str]](set)
    for row in named:
        owners[row.owner].add(row.digest)
    persons = (_size(store, digests) for owner, digests in owners.items() if owner is not None)
    return {
        "all": _size(store, (row.digest for row in named)),
        "one_person": max(persons, default=0),
    }


def _named(store: Store) -> list[sa.Row[Any]]:
    """Whose study, which and what it is called, beside each digest that it or a job of it names."""
    s, j = rows.studies.c, rows.jobs.c
    learned = rows.studies.join(rows.jobs, j.study_id == s.id)
    places = [(rows.studies, s.source), (rows.studies, s.table), (learned, j.spec["table"])]
    for part in ("model", "association"):
        places += [(learned, j.result[part]), (learned, j.progress["sketch", part])]
    asked = []
    for place, what in places:
        digest = what.as_string() if isinstance(what.type, sa.JSON) else what
        query = sa.select(s.owner, s.id, s.name, digest.label("digest")).select_from(place)
        asked.append(query.where(digest.is_not(None), store.mine()))
    with store.engine.connect() as connection:
        return list(connection.execute(sa.union(*asked)))


def _size(store: Store, digests: Iterable[str]) -> int:
    return sum(map(store.blob_size, set(digests)))


def _largest(store: Store, named: list[sa.Row[Any]]) -> str:
    """The study that would make the most room, in brackets; nothing where there is none."""
    studies = defaultdict[tuple[str, str], set[str]](set)
    for row in named:
        studies[row.id, row.name].add(row.digest)
    if not studies:
        return ""
    size, name = max((_size(store, digests), name) for (_, name), digests in studies.items())
    return f" (“{name}” is the largest, with {_mebi(size)})"


def _mebi(size: int) -> str:
    return f"{size / MEBI:,.1f} MiB"
