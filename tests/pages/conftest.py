"""Pages run without a browser, on a store of their own and without workers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import streamlit as st

from causal_core.graphs.graph import CausalGraph
from causal_core.studies import jobs
from causal_core.studies.store import Store, Study
from causal_core.tables.table import Table
from pages._ui import doors

_GRAPH = CausalGraph.parse("dag { z -> x; z -> y; x -> y; z -> c }")
_Fit = tuple[bytes, bytes, bytes, list[dict[str, Any]]]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store that the pages use; no fitting process is started."""
    monkeypatch.setenv("RUNGS_HOME", str(tmp_path))
    monkeypatch.setenv("RUNGS_WORKERS", "0")
    st.cache_resource.clear()
    # Tests change a server's secrets more often than once a second.
    monkeypatch.setattr(doors, "_asked_at", doors._asked_at.__wrapped__)
    yield Store.open(tmp_path)
    st.cache_resource.clear()
    # What attends to the jobs of a folder ends with it, and starts no worker after the test.
    shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.fixture(scope="session")
def fit_of_four() -> _Fit:
    """A table of z, x, y and c, its models and the report on them, as bytes."""
    from causal_core.association.training import fit_association
    from causal_core.scm.training import fit

    rng = np.random.default_rng(0)
    z = rng.normal(size=200)
    x = z + rng.normal(size=200)
    c = np.where(z + rng.normal(size=200) > 0, "yes", "no")
    table = Table.from_frame(pd.DataFrame({"z": z, "x": x, "y": x - z, "c": c}), units={"y": "kg"})
    model = fit(table, _GRAPH, members=3, max_epochs=0)
    seen = fit_association(table, members=2, max_epochs=1)
    reports = [node.to_dict() for node in model.report]
    return table.to_bytes(), model.to_bytes(), seen.to_bytes(), reports


@pytest.fixture
def fitted_study(store: Store, fit_of_four: _Fit) -> Callable[..., Study]:
    """Makes a study that holds it, with the choices that are given."""

    def made(**choices: Any) -> Study:
        *contents, report = fit_of_four
        table, model, seen = map(store.put_blob, contents)
        study = store.create("s", table=table, graph=_GRAPH.to_json(), choices=choices)
        spec = {"table": table, "graph": study.graph, "seed": 0}
        result = {"model": model, "association": seen, "report": report}
        jobs.adopt(store, study.id, "fit", spec, result)
        return store.get(study.id)

    return made
