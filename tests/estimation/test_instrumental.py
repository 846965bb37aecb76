"""Two-stage least squares against another implementation and against its closed forms."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.sandbox.regression.gmm import IV2SLS

from causal_core.errors import EstimationError
from causal_core.estimation.estimate import Method, opinion
from causal_core.estimation.instrumental import two_stage
from causal_core.graphs.graph import CausalGraph
from causal_core.tables.table import Table


def drawn(rows: int, seed: int, strength: float = 1.0) -> dict[str, np.ndarray]:
    """A unit of x does 2 to y; u confounds them, z moves x, w causes all three."""
    rng = np.random.default_rng(seed)
    u, w = rng.normal(size=(2, rows))
    z = (rng.random(rows) < 1 / (1 + np.exp(-w))).astype(float)
    x = strength * z + 0.5 * w + u + rng.normal(size=rows)
    y = 2 * x + w + 2 * u + rng.normal(size=rows) * (1 + z)
    return {"x": x, "y": y, "z": z, "w": w}


@pytest.mark.parametrize("seed", range(3))
def test_it_is_what_statsmodels_gives(seed: int) -> None:
    data = drawn(500, seed)
    second = np.random.default_rng(seed).normal(size=500) + data["x"]
    movers = np.column_stack([data["z"], second])
    held = data["w"][:, None]
    found = two_stage(data["y"], data["x"], movers, held)
    one = np.ones(500)
    model = IV2SLS(
        data["y"], np.column_stack([data["x"], one, held]), np.column_stack([movers, one, held])
    ).fit()
    assert found.slope == pytest.approx(model.params[0], rel=1e-9)
    assert found.classical == pytest.approx(model.bse[0], rel=1e-9)
    first = sm.OLS(data["x"], np.column_stack([movers, one, held])).fit()
    assert found.first_stage == pytest.approx(float(first.f_test(np.eye(2, 4)).fvalue), rel=1e-9)


def test_moved_by_itself_it_is_least_squares_with_hc1_errors() -> None:
    data = drawn(300, 5)
    found = two_stage(data["y"], data["x"], data["x"][:, None], data["w"][:, None])
    columns = sm.add_constant(np.column_stack([data["x"], data["w"]]))
    plain = sm.OLS(data["y"], columns).fit(cov_type="HC1")
    assert found.slope == pytest.approx(plain.params[1], rel=1e-9)
    assert found.error == pytest.approx(plain.bse[1], rel=1e-9)


def test_wald_is_a_ratio_of_differences() -> None:
    rng = np.random.default_rng(1)
    z, u = rng.integers(0, 2, 4000), rng.random(4000) < 0.5
    x = (rng.random(4000) < 0.2 + 0.3 * z + 0.4 * u).astype(int)
    y = 1.0 * x + 2 * u + rng.normal(size=4000)
    table = Table.from_frame(pd.DataFrame({"x": x, "y": y, "z": z}))
    graph = CausalGraph.parse("dag { z -> x -> y; x <-> y }")
    found = opinion(table, graph, "x", "y")
    ratio = (y[z == 1].mean() - y[z == 0].mean()) / (x[z == 1].mean() - x[z == 0].mean())
    assert found.method is Method.WALD
    assert found.value == pytest.approx(ratio, rel=1e-9)
    assert abs(found.value - 1) < 3 * found.error
    assert any("alone, as the graph has it" in note for note in found.notes)


def test_given_what_makes_it_one() -> None:
    table = Table.from_frame(pd.DataFrame(drawn(3000, 2)))
    graph = CausalGraph.parse("dag { w -> {z x y}; z -> x -> y; x <-> y }")
    found = opinion(table, graph, "x", "y", (1, 3))
    assert found.method is Method.TSLS
    assert found.adjusted == {"w"}
    assert abs(found.value - 4) < 3 * found.error
    assert found.arms == ()


@given(
    scale=st.floats(0.01, 100),
    shift=st.floats(-100, 100),
    seed=st.integers(0, 10_000),
)
def test_units_change_the_slope_as_units_do(scale: float, shift: float, seed: int) -> None:
    data = drawn(60, seed)
    moved, held = data["z"][:, None], data["w"][:, None]
    plain = two_stage(data["y"], data["x"], moved, held)
    other = two_stage(scale * data["y"] + shift, data["x"] / scale - shift, moved - shift, held)
    assert other.slope == pytest.approx(scale**2 * plain.slope, rel=1e-6)
    assert other.error == pytest.approx(scale**2 * plain.error, rel=1e-6)
    assert other.first_stage == pytest.approx(plain.first_stage, rel=1e-6)


def test_a_weak_instrument_is_called_weak() -> None:
    table = Table.from_frame(pd.DataFrame(drawn(300, 3, strength=0.1)))
    graph = CausalGraph.parse("dag { w -> {z x y}; z -> x -> y; x <-> y }")
    assert any("weak" in note for note in opinion(table, graph, "x", "y").notes)


def test_what_moves_nothing_is_refused() -> None:
    data = drawn(100, 4)
    with pytest.raises(EstimationError, match="does not move"):
        two_stage(data["y"], data["x"], np.ones((100, 1)), data["w"][:, None])
    levels = np.resize(["a", "b", "c"], 100)
    table = Table.from_frame(pd.DataFrame({"x": levels, "y": data["y"], "z": data["z"]}))
    graph = CausalGraph.parse("dag { z -> x -> y; x <-> y }")
    with pytest.raises(EstimationError, match="3 levels"):
        opinion(table, graph, "x", "y", ("a", "b"))
