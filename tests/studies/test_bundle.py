"""A study leaves as one file and is the same elsewhere; a file that lies is refused."""

from __future__ import annotations

import io
import json
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from causal_core.errors import LimitError, RungsError, StudyError
from causal_core.graphs.graph import CausalGraph
from causal_core.studies import jobs, scenarios, versions
from causal_core.studies.bundle import INDEX, PARTS, bundle
from causal_core.studies.jobs import State
from causal_core.studies.replay import replay
from causal_core.studies.store import Store, Study
from causal_core.studies.unbundle import is_bundle, unbundle
from causal_core.tables.table import Table

GRAPH = CausalGraph.parse("dag { z -> x; z -> y; x -> y }")
LOOKED = {
    "cause": "x",
    "outcome": "y",
    "level": None,
    "row": 3,
    "do": {"z": "b"},
    "rho": 0.0,
    "orders": {},
    "position": 0.5,
}


def table() -> Table:
    rng = np.random.default_rng(0)
    z = rng.choice(["a", "b", "c"], 200)
    x = rng.normal(size=200) + (z == "b")
    frame = pd.DataFrame({"z": z, "x": x, "y": x + rng.normal(size=200)})
    return Table.from_frame(frame, units={"y": "kg"}, name="Visits")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def study(home: Path) -> tuple[Store, Study]:
    """A study with everything in it: an upload, kept graphs, a fit and what was looked at."""
    from causal_core.association.training import fit_association
    from causal_core.scm.training import fit

    store, rows = Store.open(home), table()
    model = fit(rows, GRAPH, members=3, max_epochs=0)
    seen = fit_association(rows, members=2, max_epochs=1)
    made = store.create(
        "=Visits `2024` <b>",
        source=store.put_blob(b"x,y\n1,2\n"),
        table=store.put_blob(rows.to_bytes()),
        graph=GRAPH.to_json(),
        undo=("na",),
        choices={"explore": LOOKED, "discover": {"method": "auto"}},
    )
    versions.keep(store, made.id, "first", GRAPH.remove("z").to_json())
    scenarios.keep(store, made.id, "=b <i>", LOOKED)
    scenarios.keep(store, made.id, "of an older fit", LOOKED | {"outcome": "gone"})
    scenarios.keep(store, made.id, "", LOOKED | {"do": {}, "position": -1.0})
    result = {
        "model": store.put_blob(model.to_bytes()),
        "association": store.put_blob(seen.to_bytes()),
        "report": [node.to_dict() for node in model.report],
    }
    spec = {"table": made.table, "graph": made.graph, "seed": 0}
    jobs.adopt(store, made.id, "fit", spec, result)
    return store, store.get(made.id)


@pytest.fixture(scope="module")
def saved(study: tuple[Store, Study]) -> bytes:
    return bundle(study[0], study[1].id)


def test_a_study_is_the_same_in_another_store(
    study: tuple[Store, Study], saved: bytes, tmp_path: Path
) -> None:
    here, there = study[0], Store.open(tmp_path)
    before, after = study[1], unbundle(there, saved)
    for field in ("name", "example", "source", "undo", "table", "graph"):
        assert getattr(after, field) == getattr(before, field), field
    assert after.choices["explore"] == LOOKED
    assert there.get_blob(str(after.table)) == here.get_blob(str(before.table))
    kept, again = versions.listed(here, before.id), versions.listed(there, after.id)
    assert [(v.number, v.name, v.graph) for v in again] == [
        (v.number, v.name, v.graph) for v in kept
    ]
    fitted, refitted = (
        jobs.newest(s, i, State.DONE) for s, i in ((here, before.id), (there, after.id))
    )
    assert fitted is not None
    assert refitted is not None
    assert (refitted.spec, refitted.result) == (fitted.spec, fitted.result)


def test_the_scenarios_that_the_fit_can_be_asked_travel(saved: bytes, tmp_path: Path) -> None:
    there = Store.open(tmp_path)
    kept = scenarios.listed(there, unbundle(there, saved).id)
    assert [(one.name, one.looked) for one in reversed(kept)] == [
        ("=b <i>", LOOKED),
        ("", LOOKED | {"do": {}, "position": -1.0}),
    ]


def test_a_bundle_from_before_there_were_scenarios_is_opened(saved: bytes, tmp_path: Path) -> None:
    there = Store.open(tmp_path)
    older = _changed(saved, lambda index: index.pop("scenarios"))
    assert scenarios.listed(there, unbundle(there, older).id) == ()


def test_a_bundle_of_the_reopened_study_answers_the_same(saved: bytes, tmp_path: Path) -> None:
    there = Store.open(tmp_path / "there")
    again = bundle(there, unbundle(there, saved).id)
    assert _index(again)["answers"] == _index(saved)["answers"]
    assert len(_index(saved)["answers"][0]["numbers"]["doing"]) > 20


def test_replay_prints_the_same_numbers_in_another_process(saved: bytes, tmp_path: Path) -> None:
    (tmp_path / "study.zip").write_bytes(saved)
    command = [sys.executable, "-m", "causal_core", "replay", str(tmp_path / "study.zip")]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "digit for digit" in done.stderr
    numbers = pd.read_csv(io.StringIO(done.stdout), comment="#")
    assert numbers["doing"].tolist() == _index(saved)["answers"][0]["numbers"]["doing"]


def test_other_numbers_are_noticed(saved: bytes, tmp_path: Path) -> None:
    def nudge(index: dict[str, Any]) -> None:
        index["answers"][0]["numbers"]["doing"][4] += 1e-12

    assert replay(_changed(saved, nudge), tmp_path).other == ["doing"]


def test_a_study_without_a_fit_travels_too(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "a")
    made = store.create("bare", choices={"explore": LOOKED})
    after = unbundle(Store.open(tmp_path / "b"), bundle(store, made.id))
    assert (after.name, after.table, after.fit, dict(after.choices)) == ("bare", None, None, {})


# ── files that lie ───────────────────────────────────────────────────────────────────


def _index(content: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return dict(json.loads(archive.read(INDEX)))


def _packed(members: dict[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return sink.getvalue()


def _members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _changed(content: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    index = _index(content)
    change(index)
    return _packed({**_members(content), INDEX: json.dumps(index).encode()})


LIES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "another format": lambda index: index.update(format=99),
    "no study": lambda index: index.pop("study"),
    "a study that is a list": lambda index: index.update(study=[1, 2]),
    "a graph with a cycle": lambda index: index["study"].update(
        graph='{"nodes": ["x", "y"], "edges": [["x","->","y"],["y","->","x"]]}'
    ),
    "a graph that is a number": lambda index: index["study"].update(graph=7),
    "versions that are none": lambda index: index.update(versions=[{"number": "x"}]),
    "parts that are not there": lambda index: index["parts"].update(model="0" * 64),
    "a table swapped for the model": lambda index: index["parts"].update(
        table=index["parts"]["model"], model=index["parts"]["table"]
    ),
    "a fit of another graph": lambda index: index["fit"]["spec"].update(
        graph=CausalGraph.parse("dag {x -> y}").to_json()
    ),
    "a report of nothing": lambda index: index["fit"]["result"].update(report=[{"name": 1}]),
    "a question about nobody": lambda index: index["study"]["choices"]["explore"].update(cause="q"),
    "a position that is a text": lambda index: index["study"]["choices"]["explore"].update(
        position="<script>"
    ),
    "a row that is a list": lambda index: index["study"]["choices"]["explore"].update(row=[1]),
    "scenarios that are none": lambda index: index.update(scenarios=[{"number": 1}]),
    "a scenario that is a text": lambda index: index["scenarios"][0].update(looked="x"),
    "a scenario nowhere": lambda index: index["scenarios"][0]["looked"].update(
        position=float("nan")
    ),
    "undo that is a number": lambda index: index["study"].update(undo=5),
}


@pytest.mark.parametrize("lie", LIES)
def test_an_index_that_lies_is_refused_and_nothing_is_kept(
    lie: str, saved: bytes, tmp_path: Path
) -> None:
    store = Store.open(tmp_path)
    with pytest.raises(StudyError) as caught:
        unbundle(store, _changed(saved, LIES[lie]))
    assert caught.value.remedy
    assert store.list() == ()
    assert not (tmp_path / "blobs").exists()


@pytest.mark.parametrize("part", PARTS.values())
def test_a_damaged_or_missing_part_is_refused(part: str, saved: bytes, tmp_path: Path) -> None:
    members = _members(saved)
    if part not in members:  # the fit learned from the study's own table
        assert part == PARTS["fitted"]
        return
    store = Store.open(tmp_path)
    damaged = bytearray(members[part])
    damaged[len(damaged) // 2] ^= 1
    missing = {name: content for name, content in members.items() if name != part}
    for lying in ({**members, part: bytes(damaged)}, missing):
        with pytest.raises(StudyError):
            unbundle(store, _packed(lying))
    assert store.list() == ()


def test_what_is_no_bundle_is_refused(saved: bytes, tmp_path: Path) -> None:
    store, canary = Store.open(tmp_path), tmp_path / "canary"
    carrier = pickle.dumps(_Bomb(str(canary)))
    files = [b"", b"PK", saved[:500], saved[:-40], carrier, _packed({"a.csv": b"x\n1\n"})]
    for content in files:
        with pytest.raises(RungsError):
            unbundle(store, content)
        assert not is_bundle(content)
    with pytest.raises(StudyError):
        unbundle(store, _packed({**_members(saved), PARTS["model"]: carrier}))
    assert not canary.exists()


def test_a_bomb_is_refused_before_it_is_unpacked(
    saved: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = _packed({**_members(saved), "zeros": bytes(30_000_000)})
    monkeypatch.setenv("RUNGS_UNPACKED_BYTES", "20000000")
    with pytest.raises(RungsError):
        unbundle(Store.open(tmp_path), bomb)


def test_a_table_beyond_the_limits_is_refused(
    saved: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNGS_ROWS", "100")
    with pytest.raises(LimitError):
        unbundle(Store.open(tmp_path), saved)


class _Bomb:
    """Writes a file when it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (Path(self.path),)
