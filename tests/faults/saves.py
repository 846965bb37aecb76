"""Every way in which a person's doing reaches the database of a store, and what is kept there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from causal_core.graphs.graph import CausalGraph
from causal_core.studies import jobs, scenarios, shares, versions
from causal_core.studies.bundle import bundle
from causal_core.studies.duplicate import duplicate
from causal_core.studies.removal import bring_back, forget, remove, removed
from causal_core.studies.store import Store
from causal_core.studies.unbundle import unbundle

GRAPH = CausalGraph.parse("dag { a -> b }").to_json()
FIRST, GONE = "first", "gone"  # the names of the two studies in `filled`


def filled(folder: Path) -> None:
    """A store with a study that has some of everything, and one that was removed."""
    with opened(folder) as store:
        made = store.create(FIRST, graph=GRAPH, source=store.put_blob(b"a,b\n1,2\n"))
        for name in ("one", "two"):
            versions.keep(store, made.id, name, GRAPH)
            scenarios.keep(store, made.id, name, {})
        shares.share(store, made.id)
        jobs.cancel(store, jobs.submit(store, made.id).id)
        remove(store, store.create(GONE).id)


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    store = Store.open(folder)
    yield store
    store.engine.dispose()


def kept(store: Store) -> list[Any]:
    """All that the store keeps, but for ids and moments: what a person would miss."""
    gone = [(study.name, "removed") for study in removed(store)]
    return sorted(gone + [_kept(store, study.id) for study in store.list()])


def _kept(store: Store, study_id: str) -> tuple[Any, ...]:
    study, job = store.get(study_id), jobs.newest(store, study_id)
    return (
        study.name,
        study.graph,
        store.get_blob(study.source) if study.source else b"",
        [version.title for version in versions.listed(store, study_id)],
        [scenario.title for scenario in scenarios.listed(store, study_id)],
        len(shares.listed(store, study_id)),
        str(job.state) if job else "",
    )


def _first(store: Store) -> str:
    return next(study.id for study in store.list() if study.name == FIRST)


def _job(store: Store) -> str:
    job = jobs.newest(store, _first(store))
    assert job is not None
    return job.id


SAVES: dict[str, Callable[[Store], object]] = {
    "create": lambda s: s.create("new", source=s.put_blob(b"c,d\n3,4\n"), graph=GRAPH),
    "rename": lambda s: s.update(s.get(_first(s)), name="other"),
    "new table": lambda s: s.update(s.get(_first(s)), source=s.put_blob(b"c,d\n3,4\n")),
    "keep a graph": lambda s: versions.keep(s, _first(s), "three", GRAPH),
    "rename a graph": lambda s: versions.rename(s, _first(s), 1, "uno"),
    "forget a graph": lambda s: versions.delete(s, _first(s), 1),
    "keep a scenario": lambda s: scenarios.keep(s, _first(s), "three", {"position": 1.0}),
    "rename a scenario": lambda s: scenarios.rename(s, _first(s), 1, "uno"),
    "forget a scenario": lambda s: scenarios.delete(s, _first(s), 1),
    "share": lambda s: shares.share(s, _first(s)),
    "withdraw": lambda s: shares.withdraw(s, _first(s), shares.listed(s, _first(s))[0].token),
    "remove": lambda s: remove(s, _first(s)),
    "bring back": lambda s: bring_back(s, removed(s)[0].id),
    "forget for good": lambda s: forget(s, removed(s)[0].id),
    "duplicate": lambda s: duplicate(s, _first(s)),
    "open a saved study": lambda s: unbundle(s, bundle(s, _first(s))),
    "submit a fit": lambda s: jobs.submit(s, _first(s)),
    "go on with a fit": lambda s: jobs.resume(s, _job(s)),
}
