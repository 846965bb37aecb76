"""The log of events: what happened is in it, what people brought is not."""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from causal_core.errors import TableError
from causal_core.graphs.graph import CausalGraph
from causal_core.studies import claims, jobs, logs, roster
from causal_core.studies.jobs import State
from causal_core.studies.logs import Event
from causal_core.studies.processes import Process
from causal_core.studies.removal import remove
from causal_core.studies.run import Run
from causal_core.studies.store import Store
from causal_core.studies.tasks import TASKS, Context
from causal_core.tables.readers import read_table
from causal_core.tables.table import Table

# What no log may hold: a name of a person, of columns, of files; cells; text that breaks lines.
NAMES = ("Zebediah", "salaryofmrsquagga", "<script>", '{"event": "job done"}', "okapi.csv")
CELLS = ("7319204.25", "8264517.75", "numbatword")


def events(store: Store) -> list[dict[str, Any]]:
    text = (store.folder / "logs" / "events.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


def do_next(store: Store) -> None:
    """Do the first job of the queue here, as a worker does."""
    roster.register(store, "me", Process.this())
    mine = claims.claim(store, "me")
    assert mine is not None
    Run(store, mine).work()


@pytest.fixture
def hostile() -> Table:
    cells = np.where(np.arange(40) % 2, float(CELLS[0]), float(CELLS[1]))
    words = np.where(np.arange(40) % 3, CELLS[2], "other")
    return Table.from_frame(
        pd.DataFrame({NAMES[1]: cells, NAMES[2]: words, NAMES[3]: np.arange(40) + 0.5, "flat": 1.0})
    )


def test_a_life_over_hostile_data_is_told_without_any_of_it(
    store: Store, hostile: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(context: Context) -> dict[str, Any]:
        raise ZeroDivisionError(*NAMES, *CELLS)

    monkeypatch.setitem(TASKS, "stumble", stumble)
    content = hostile.frame.to_csv(index=False).encode()
    with logs.uploading(store.folder, len(content)):
        read_table(content, NAMES[4])
    with pytest.raises(TableError), logs.uploading(store.folder, 9):
        read_table(b"\x00" * 9, NAMES[4])
    kept = store.put_blob(hostile.to_bytes())
    study = store.create(NAMES[0], source=store.put_blob(content), table=kept)
    graph = CausalGraph.parse(f"dag {{ {NAMES[1]} -> flat }}")
    asked: list[tuple[str, dict[str, Any]]] = [
        ("fit", {"table": kept, "graph": graph.to_json()}),  # refuses “flat”, by its name
        ("discover", {"table": kept, "columns": [NAMES[1], NAMES[3]]}),
        ("stumble", {"table": kept}),
    ]
    submitted = [jobs.submit(store, study.id, kind, spec) for kind, spec in asked]
    for _ in submitted:
        do_next(store)
    remove(store, study.id)

    found = [jobs.get(store, job.id) for job in submitted]
    assert [job.state for job in found] == [State.FAILED, State.DONE, State.FAILED]
    assert found[0].error is not None
    assert "flat" in found[0].error[0]
    told = events(store)
    assert [event["event"] for event in told] == [
        *("upload accepted", "upload refused", "study created"),
        *["job submitted"] * 3,
        *("job started", "job failed", "job started", "job done", "job started", "job failed"),
        "study removed",
    ]
    assert told[0]["bytes"] == len(content)
    assert told[1]["cause"] == "TableError"
    assert [event["cause"] for event in told if event["event"] == "job failed"] == [
        "ModelError",
        "ZeroDivisionError",
    ]
    done = told[9]
    assert (done["job"], done["study"], done["kind"]) == (submitted[1].id, study.id, "discover")
    assert (done["rows"], done["columns"]) == (40, 4)
    assert done["seconds"] > 0
    text = (store.folder / "logs" / "events.jsonl").read_text()
    assert not [secret for secret in (*NAMES, *CELLS, "flat") if secret in text]


def test_no_field_takes_a_name_or_a_cell(store: Store) -> None:
    study = store.create("Visits").id
    for wrong in ({"study": "Zebediah"}, {"job": study[:-1]}, {"cause": "salary of mrs quagga"}):
        with pytest.raises(ValueError):
            logs.record(store.folder, Event.JOB_DONE, **wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        logs.record(store.folder, Event.JOB_DONE, rows="Zebediah")  # type: ignore[arg-type]
    assert [event["event"] for event in events(store)] == ["study created"]


def test_the_log_never_grows_beyond_two_files(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "_LARGEST", 2000)  # bytes, so that the test need not write 5 MiB
    for number in range(100):
        logs.record(store.folder, Event.UPLOAD_ACCEPTED, bytes=number)
    files = sorted((store.folder / "logs").glob("events*.jsonl"))
    assert len(files) == 2
    assert all(0 < file.stat().st_size <= 2000 for file in files)
    assert events(store)[-1]["bytes"] == 99


def write_many(folder: Path) -> None:
    for number in range(200):
        logs.record(folder, Event.UPLOAD_ACCEPTED, bytes=number)


def test_servers_and_workers_write_whole_lines_beside_each_other(store: Store) -> None:
    with ProcessPoolExecutor(3) as writers:
        list(writers.map(write_many, [store.folder] * 3))
    assert len(events(store)) == 600


def test_a_log_that_cannot_be_written_hinders_no_one(store: Store) -> None:
    (store.folder / "logs").write_text("a file where the folder should be")
    assert store.create("Visits").name == "Visits"
