"""Small fitted worlds that several tests read."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from causal_core.graphs.graph import CausalGraph
from causal_core.scm.model import StructuralCausalModel
from causal_core.scm.training import fit
from causal_core.tables.table import Table

MIXED = "dag { z -> x; z -> y; x -> y; x -> b; y -> b; x -> c; b -> k }"


def mixed(rows: int = 500) -> pd.DataFrame:
    """Every kind of column; x raises y by 1 per unit, z confounds the two."""
    rng = np.random.default_rng(11)
    z = rng.normal(size=rows)
    x = z + rng.normal(size=rows)
    y = x + 2 * z + rng.normal(size=rows)
    b = np.where(rng.random(rows) < 1 / (1 + np.exp(-(x - y))), "yes", "no")
    c = np.array(["a", "b", "c"])[
        (np.stack([x, -x, 0 * x], 1) + rng.gumbel(size=(rows, 3))).argmax(1)
    ]
    k = rng.poisson(1 + 2 * (b == "yes"))
    return pd.DataFrame(
        {"z": z, "x": x, "y": y, "b": b, "c": c, "k": k, "unused": rng.normal(size=rows)}
    )


@pytest.fixture(scope="session")
def table() -> Table:
    return Table.from_frame(mixed())


@pytest.fixture(scope="session")
def model(table: Table) -> StructuralCausalModel:
    return fit(table, CausalGraph.parse(MIXED), members=3, max_epochs=6)
