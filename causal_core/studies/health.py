"""Whether this server can do its work now: for whoever starts, watches and replaces servers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import sqlalchemy as sa

from causal_core.errors import RungsError
from causal_core.limits import limit
from causal_core.studies import cluster, roster
from causal_core.studies.store import Store


@dataclass(frozen=True)
class Health:
    """What answers now: the database, the place of tables and models, and the workers.

    `workers`: whether one lives or may be started.
    """

    database: bool
    blobs: bool
    workers: bool

    @property
    def ready(self) -> bool:
        """Whether a person who came now could work."""
        return self.database and self.blobs and self.workers

    def to_dict(self) -> dict[str, bool]:
        """For JSON; no address, name or error of anything is in it."""
        return {"ready": self.ready, **asdict(self)}


def health(folder: Path | None = None) -> Health:
    """The health of the store in `folder`, else of the default one; raises nothing.

    It is opened anew each time, so that what has come back is seen to be back.
    """
    try:
        store = Store.open(folder)
    except (RungsError, sa.exc.SQLAlchemyError, OSError):
        return Health(database=False, blobs=False, workers=False)
    try:
        living = _living(store)
        workers = living is not None and (living > 0 or _startable())
        return Health(database=living is not None, blobs=_writable(store), workers=workers)
    finally:
        store.engine.dispose()


def _startable() -> bool:
    return not cluster.silent() if cluster.address() else limit("workers") > 0


def _living(store: Store) -> int | None:
    """How many workers live; None where the database does not answer."""
    try:
        return sum(worker.alive() for worker in roster.everyone(store))
    except sa.exc.SQLAlchemyError:
        return None


def _writable(store: Store) -> bool:
    try:
        store.try_blobs()
    except Exception:  # of whatever package reaches the object store
        return False
    return True
