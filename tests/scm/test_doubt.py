"""Where data speak against one monotone noise, the equation says so; elsewhere it does not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from causal_core.graphs.graph import CausalGraph
from causal_core.queries.engine import answer
from causal_core.queries.questions import Counterfactual
from causal_core.scm.doubt import PEAKS
from causal_core.scm.model import StructuralCausalModel
from causal_core.scm.training import fit
from causal_core.tables.table import Table

ROWS = 2000


def fitted(kind: str) -> StructuralCausalModel:
    rng = np.random.default_rng(2)
    x, u = rng.normal(size=ROWS), rng.normal(size=ROWS)
    values = {
        "line": 2 * x + u,
        "bend": np.tanh(2 * x) + np.exp(0.4 * x) * u,
        "switch": x + 3 * np.sign(u) * (1 + 0.3 * np.abs(x)) + 0.3 * rng.normal(size=ROWS),
    }
    table = Table.from_frame(pd.DataFrame({"x": x, "y": values[kind]}))
    return fit(table, CausalGraph.parse("dag { x -> y }"))


@pytest.mark.parametrize("kind", ["line", "bend"])
def test_a_monotone_world_raises_no_doubt(kind: str) -> None:
    model = fitted(kind)
    assert all(not node.doubt for node in model.report)
    assert model.doubts({"x"}, "y") == ()


def test_two_mechanisms_in_one_are_doubted_in_every_counterfactual() -> None:
    model = fitted("switch")
    assert {node.name: node.doubt for node in model.report} == {"x": "", "y": PEAKS}
    told = answer(model, Counterfactual("y", {"x": 0.0, "y": 3.0}, {"x": 1.0}))
    assert PEAKS in told.evidence
