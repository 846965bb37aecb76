"""The front door: continuous mediators, straight lines, and what it cannot be read from."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from causal_core.errors import EstimationError
from causal_core.estimation.contrast import contrast
from causal_core.estimation.estimate import Estimate, Method, opinion
from causal_core.estimation.frontdoor import frontdoor
from causal_core.graphs.graph import CausalGraph
from causal_core.tables.table import Table

GRAPH = CausalGraph.parse("dag { x -> m -> y; x <-> y }")
M = frozenset("m")


def asked(columns: dict[str, np.ndarray], values: tuple[float, float] = (0, 1)) -> Estimate:
    return opinion(Table.from_frame(pd.DataFrame(columns)), GRAPH, "x", "y", values)


def hidden(rows: int, seed: int) -> tuple[np.random.Generator, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng, rng.normal(size=rows)


def test_a_continuous_mediator() -> None:
    """y bends with m: E[m + 0.3 m²] rises by 1 + 0.3 where m's mean goes from 0 to 1."""
    rng, u = hidden(2000, 0)
    x = (rng.random(2000) < 1 / (1 + np.exp(-u))).astype(int)
    m = x + rng.normal(size=2000)
    y = m + 0.3 * m**2 + u + rng.normal(size=2000)
    found = asked({"x": x, "m": m, "y": y})
    assert found.method is Method.FRONTDOOR
    assert abs(found.value - 1.3) < 3 * found.error
    assert found.error < 0.15
    seen = y[x == 1].mean() - y[x == 0].mean()
    assert abs(seen - 1.3) > 4 * found.error


def test_regressions_agree_with_counting() -> None:
    """With cells' own means or with regressions on the same cells: one number."""
    rng, u = hidden(3000, 1)
    x = (rng.random(3000) < 1 / (1 + np.exp(-u))).astype(int)
    m = (rng.random(3000) < 0.2 + 0.5 * x).astype(int)
    y = 2.0 * m + u + rng.normal(size=3000)
    counted = asked({"x": x, "m": m, "y": y})
    table = Table.from_frame(pd.DataFrame({"x": x, "m": m, "y": y}), kinds={"m": "continuous"})
    learned = frontdoor(contrast(table, "x", "y", (0, 1), None), M)
    assert learned.value == pytest.approx(counted.value, abs=0.2 * counted.error)
    assert learned.error == pytest.approx(counted.error, rel=0.1)
    assert abs(counted.value - 1) < 3 * counted.error


def test_a_numeric_treatment_along_straight_lines() -> None:
    rng, u = hidden(2000, 2)
    x = u + rng.normal(size=2000)
    m = 0.8 * x + rng.normal(size=2000)
    y = 1.5 * m + 2 * u + rng.normal(size=2000)
    found = asked({"x": x, "m": m, "y": y}, (1, 3))
    assert found.method is Method.FRONTDOOR_LINE
    assert abs(found.value - 2.4) < 3 * found.error
    a = np.polyfit(x, m, 1)[0]
    b = np.linalg.lstsq(np.column_stack([np.ones(2000), m, x]), y, rcond=None)[0][1]
    assert found.value == pytest.approx(2 * a * b, rel=1e-9)


def test_what_cannot_be_read_is_refused() -> None:
    x = np.resize([0, 1], 100)
    y = np.random.default_rng(3).normal(size=100)
    with pytest.raises(EstimationError, match="never occur"):
        asked({"x": x, "m": x, "y": y})
    with pytest.raises(EstimationError, match="Only 4 rows"):
        asked({"x": np.repeat([0, 1], [96, 4]), "m": np.resize([0, 1], 100), "y": y})
    with pytest.raises(EstimationError, match="apart"):
        asked({"x": y, "m": 2 * y, "y": y + x}, (0, 1))
