"""The job that searches: what its spec says reaches the search, and the result is readable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from causal_core.discovery.discover import Discovered
from causal_core.discovery.stored import from_json
from causal_core.studies.store import Store
from causal_core.studies.tasks import Context, discover_graph
from causal_core.tables.table import Table


def searched(store: Store, folder: Path, frame: pd.DataFrame, **spec: Any) -> Discovered:
    digest = store.put_blob(Table.from_frame(frame).to_bytes())
    whole = {"table": digest, "columns": list(frame.columns), "resamples": 3, **spec}
    sketches: list[dict[str, str]] = []
    context = Context(store, whole, folder, lambda *_: None, sketches.append)
    found = from_json(discover_graph(context)["found"])
    assert len(sketches) >= 4  # one before the resamples and one after each
    return found


def test_conditions_and_what_was_set_reach_the_search(store: Store, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=600)
    y = x + rng.normal(size=600)
    y[300:] = rng.normal(size=300)
    frame = pd.DataFrame({"x": x, "y": y, "run": ["watched"] * 300 + ["y was set"] * 300})
    options = {"environment": "run", "targets": {"y was set": ["y"]}}
    found = searched(store, tmp_path, frame, **options)
    assert [str(edge) for edge in found.graph.edges] == ["x -> y"]


def test_a_search_for_unmeasured_causes_is_stored(store: Store, tmp_path: Path) -> None:
    i, j, hidden = np.random.default_rng(0).normal(size=(3, 800))
    frame = pd.DataFrame({"i": i, "x": i + hidden, "y": j + hidden, "j": j})
    found = searched(store, tmp_path, frame + np.random.default_rng(1).normal(size=(800, 4)) / 3,
                     method="latents")  # fmt: skip
    assert {str(edge) for edge in found.graph.edges} >= {"x <-> y"}
    assert found.resamples == 3
