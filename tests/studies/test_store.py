"""Studies survive many writers, and nothing is overwritten unseen."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from causal_core.errors import ConflictError, StudyError
from causal_core.studies.removal import remove
from causal_core.studies.store import Store

pytestmark = pytest.mark.usefixtures("either_database")
COUNTER = """
import sys
from pathlib import Path
from causal_core.errors import ConflictError
from causal_core.studies.removal import remove
from causal_core.studies.store import Store
store = Store.open(Path(sys.argv[1]))
for i in range(25):
    while True:
        study = store.get(sys.argv[2])
        seen = [*study.choices["seen"], f"{sys.argv[3]}-{i}"]
        try:
            store.update(study, choices={"seen": seen})
            break
        except ConflictError:
            pass
"""


def test_a_study_comes_back_as_it_was_kept(store: Store) -> None:
    made = store.create("Visits", example="dose", undo=("na", "units"), choices={"cause": "x"})
    assert store.get(made.id) == made
    assert made.revision == 1
    assert made.undo == ("na", "units")
    assert made.created.tzinfo is not None


def test_an_update_changes_only_what_is_named(store: Store) -> None:
    made = store.create("Visits", choices={"cause": "x"})
    changed = store.update(made, graph='{"nodes": []}', undo=("a",))
    assert (changed.graph, changed.undo) == ('{"nodes": []}', ("a",))
    assert (changed.name, dict(changed.choices)) == ("Visits", {"cause": "x"})
    assert changed.revision == 2
    assert changed.updated >= made.updated


def test_a_study_reopens_in_another_store_on_the_same_folder(store: Store) -> None:
    made = store.create("Visits")
    assert Store.open(store.folder).get(made.id) == made


def test_a_stale_update_is_refused_and_changes_nothing(store: Store) -> None:
    first = store.create("Visits")
    newest = store.update(first, name="Visits 2024")
    with pytest.raises(ConflictError) as caught:
        store.update(first, name="Other")
    assert caught.value.remedy
    assert store.get(first.id) == newest


def test_a_deleted_study_is_gone_for_readers_and_writers(store: Store) -> None:
    made = store.create("Visits")
    remove(store, made.id)
    with pytest.raises(StudyError):
        store.get(made.id)
    with pytest.raises(StudyError) as caught:
        store.update(made, name="Back")
    assert not isinstance(caught.value, ConflictError)


def test_the_last_changed_study_is_listed_first(store: Store) -> None:
    old, _new = store.create("old"), store.create("new")
    store.update(old, name="old, touched")
    assert [study.name for study in store.list()] == ["old, touched", "new"]


@pytest.mark.usefixtures("either_database")
def test_studies_are_found_by_a_part_of_their_name(store: Store) -> None:
    for name in ("Sleep 50%", "Sleep 500", "a sleeper"):
        store.create(name)
    assert store.count() == 3
    assert [study.name for study in store.list(most=2)] == ["a sleeper", "Sleep 500"]
    assert [study.name for study in store.list("SLEEP", most=2)] == ["a sleeper", "Sleep 500"]
    assert [study.name for study in store.list("50%")] == ["Sleep 50%"]


def test_an_unknown_field_is_a_programming_error(store: Store) -> None:
    with pytest.raises(TypeError):
        store.create("Visits", colour="red")


@pytest.mark.parametrize("name", ["", "'; drop table studies; --", "名前 \x00 `x`", "a" * 10_000])
def test_any_name_is_kept_literally_but_for_what_no_database_keeps(store: Store, name: str) -> None:
    assert store.get(store.create(name).id).name == name.replace("\x00", "")


def test_no_update_of_many_processes_is_lost(store: Store) -> None:
    study = store.create("Visits", choices={"seen": []})
    command = [sys.executable, "-c", COUNTER, str(store.folder), study.id]
    root = Path(__file__).parents[2]
    writers = [subprocess.Popen([*command, str(n)], cwd=root) for n in range(4)]
    assert [writer.wait(timeout=60) for writer in writers] == [0] * 4
    after = store.get(study.id)
    assert after.revision == 101
    assert sorted(after.choices["seen"]) == sorted(f"{n}-{i}" for n in range(4) for i in range(25))


def test_many_threads_share_one_store(store: Store) -> None:
    with ThreadPoolExecutor(16) as threads:
        made = list(threads.map(lambda n: store.create(f"study {n}"), range(64)))
    assert {study.id for study in store.list()} == {study.id for study in made}


def test_a_folder_that_cannot_be_used_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StudyError) as caught:
        Store.open(tmp_path / "file")
    assert "RUNGS_HOME" in caught.value.remedy


def test_the_environment_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNGS_HOME", str(tmp_path / "named"))
    assert Store.open().folder == tmp_path / "named"
    assert os.path.isdir(tmp_path / "named")
