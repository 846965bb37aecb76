"""The worker's search: its stages in order, and its graphs judged inside the job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from causal_core.discovery.stored import from_json
from causal_core.scm.held_out_score import HeldOut
from causal_core.studies.store import Store
from causal_core.studies.tasks import Context, discover_graph
from causal_core.tables.table import Table
from causal_core.views.learning_curve import STAGES


def test_a_search_is_told_stage_by_stage_and_its_graphs_are_judged(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    a = rng.normal(size=300)
    b = a + rng.normal(size=300)
    table = Table.from_frame(pd.DataFrame({"a": a, "b": b, "c": 0.05 * b + rng.normal(size=300)}))
    store = Store.open(tmp_path)
    told: list[tuple[str, float]] = []
    published: list[dict[str, str]] = []

    def report(stage: str, fraction: float, *_: Any) -> None:
        told.append((stage, fraction))

    spec = {"table": store.put_blob(table.to_bytes()), "columns": ["a", "b", "c"], "resamples": 20}
    result = discover_graph(Context(store, spec, tmp_path, report, published.append))
    stages = list(dict.fromkeys(stage for stage, _ in told))
    assert stages == ["search", "resamples", "judge"]
    assert set(stages) <= set(STAGES)
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    found = from_json(result["found"])
    assert len(result["held_out"]) == len(found.alternatives) >= 2
    scores = [HeldOut(**one) for one in result["held_out"]]
    assert min(score.behind for score in scores) == 0
    assert {score.rows for score in scores} == {90}
    assert not result["unjudged"]
    assert from_json(published[-1]["found"]).alternatives == found.alternatives
