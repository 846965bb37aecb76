"""Whatever a person saves while the disk fails: all of it is there afterwards, or none of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from causal_core.association.model import AssociationModel
from causal_core.association.training import fit_association
from causal_core.graphs.graph import CausalGraph
from causal_core.scm.model import StructuralCausalModel
from causal_core.scm.training import fit
from causal_core.studies.store import Store
from causal_core.tables.table import Table
from tests.faults.disk import each_fault
from tests.faults.saves import SAVES, filled, kept, opened

Model = StructuralCausalModel | AssociationModel


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template") / "home"
    filled(folder)
    return folder


@pytest.fixture(scope="module")
def fitted() -> dict[str, tuple[Model, Model]]:
    """Two models of each kind, of different data."""
    x = np.random.default_rng(0).normal(size=(2, 80))
    tables = [Table.from_frame(pd.DataFrame({"x": row, "y": row**2})) for row in x]
    graph = CausalGraph.parse("dag { x -> y }")
    first, second = (fit(table, graph, members=2, max_epochs=0) for table in tables)
    seen, other = (fit_association(table, members=2, max_epochs=0) for table in tables)
    return {"equations": (first, second), "association": (seen, other)}


@pytest.mark.parametrize("save", SAVES.values(), ids=SAVES)
def test_a_change_is_made_whole_or_not_at_all(
    template: Path, tmp_path: Path, save: Callable[[Store], object]
) -> None:
    shutil.copytree(template, tmp_path / "home")
    with opened(tmp_path / "home") as store:
        before = kept(store)
        save(store)
        after = kept(store)
        assert after != before

        def check(failed: bool) -> None:
            assert kept(store) in ((before, after) if failed else (after,))

        def again() -> None:
            store.engine.dispose()
            shutil.rmtree(store.folder)
            shutil.copytree(template, store.folder)

        again()
        assert each_fault(lambda: save(store), check, again, store.engine) >= 2


@pytest.mark.parametrize("kind", ["equations", "association"])
def test_a_model_is_the_old_or_the_new_one(
    fitted: dict[str, tuple[Model, Model]], tmp_path: Path, kind: str
) -> None:
    path, (old, new) = tmp_path / "kept" / "model", fitted[kind]

    def check(failed: bool) -> None:
        read = type(old).load(path).to_bytes()
        assert read in ((old.to_bytes(), new.to_bytes()) if failed else (new.to_bytes(),))

    old.save(path)
    assert each_fault(lambda: new.save(path), check, lambda: old.save(path)) >= 5
