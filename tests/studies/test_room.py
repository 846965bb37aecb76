"""How much one person may keep: counted as the disk holds it, refused with what to remove."""

from __future__ import annotations

from pathlib import Path

import pytest

from causal_core.errors import LimitError, StudyError
from causal_core.studies import jobs, room
from causal_core.studies.blobs import open_blobs
from causal_core.studies.bundle import bundle
from causal_core.studies.duplicate import duplicate
from causal_core.studies.removal import bring_back, forget, remove, removed
from causal_core.studies.status import status
from causal_core.studies.store import Store
from causal_core.studies.unbundle import unbundle

both = pytest.mark.usefixtures("either_database")
MEBI = 2**20


def _bytes(size: int, sign: str) -> bytes:
    return sign.encode() * size


@both
def test_each_person_has_room_of_their_own(
    ada: Store, ben: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGS_STUDIES_BYTES", str(3 * MEBI))
    (small,) = room.take_in(ada, _bytes(MEBI // 2, "s"))
    ada.create("Small", table=small)
    source, table = room.take_in(ada, _bytes(MEBI, "a"), _bytes(MEBI, "b"))
    ada.create("Visits", source=source, table=table)
    with pytest.raises(LimitError) as caught:
        room.take_in(ada, _bytes(MEBI, "c"))
    assert "2.5 MiB of the 3.0 MiB that you may keep" in caught.value.what
    assert "“Visits” is the largest, with 2.0 MiB" in caught.value.remedy
    (his,) = room.take_in(ben, _bytes(3 * MEBI, "d"))
    ben.create("His", table=his)
    room.take_in(ada, _bytes(MEBI // 2, "e"))  # exactly full is not too much
    assert room.kept(ada)["all"] == 5 * MEBI // 2
    assert room.kept(ada.seen_by(None)) == {"all": 11 * MEBI // 2, "one_person": 3 * MEBI}


def test_where_nobody_signs_in_all_have_room_together(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGS_STUDIES_BYTES", "1000")
    store.create("One", table=room.take_in(store, _bytes(600, "a"))[0])
    with pytest.raises(LimitError, match="all together"):
        room.take_in(store, _bytes(600, "b"))
    assert room.kept(store) == {"all": 600, "one_person": 0}
    assert len([path for path in (store.folder / "blobs").rglob("*") if path.is_file()]) == 1


@both
def test_the_same_bytes_are_counted_once_and_models_are_counted_too(store: Store) -> None:
    table, model, net = (store.put_blob(_bytes(size, "x")) for size in (100, 20, 3))
    study = store.create("Visits", table=table, source=table)
    result = {"model": model, "association": net, "report": []}
    jobs.adopt(store, study.id, "fit", {"table": table, "graph": ""}, result)
    duplicate(store, study.id)
    assert room.kept(store)["all"] == 123
    store.put_blob(_bytes(50_000, "y"))  # no study names it
    assert status(store)["studies_bytes"] == {"all": 123, "one_person": 0}


@both
def test_a_removed_study_counts_until_it_is_forgotten(ada: Store, ben: Store) -> None:
    study = ada.create("Visits", table=ada.put_blob(_bytes(100, "x")))
    forget(ada, study.id)  # it is not removed: nothing happens
    remove(ada, study.id)
    forget(ben, study.id)
    assert [one.id for one in removed(ada)] == [study.id]
    assert room.kept(ada)["all"] == 100
    forget(ada, study.id)
    assert removed(ada) == ()
    assert room.kept(ada)["all"] == 0
    with pytest.raises(StudyError, match="gone for good"):
        bring_back(ada, study.id)


def test_a_job_is_refused_where_there_is_no_room(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = store.create("Visits", table=store.put_blob(_bytes(100, "x")))
    monkeypatch.setenv("RUNGS_STUDIES_BYTES", "100")
    jobs.submit(store, study.id)
    monkeypatch.setenv("RUNGS_STUDIES_BYTES", "99")
    with pytest.raises(LimitError, match="no room"):
        jobs.submit(store, study.id)


def test_a_study_in_one_file_needs_room_too(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    content = bundle(store, store.create("Sent", source=store.put_blob(_bytes(100, "x"))).id)
    monkeypatch.setenv("RUNGS_STUDIES_BYTES", "199")
    with pytest.raises(LimitError, match="no room"):
        unbundle(store, content)
    assert [study.name for study in store.list()] == ["Sent"]


def test_what_an_object_store_holds_is_counted_without_fetching_it(tmp_path: Path) -> None:
    shared = f"file://{tmp_path / 'shared'}"
    digest = open_blobs(tmp_path / "one", shared).put(b"four")
    other = open_blobs(tmp_path / "other", shared)
    assert (other.size(digest), other.size("0" * 64)) == (4, 0)
    assert not (tmp_path / "other").exists()
