"""Independence tests: calibrated where columns are independent, awake where they are not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from causal_core.discovery.independence.bench import Bench
from causal_core.discovery.independence.columns import column
from causal_core.discovery.independence.counts import counts_test
from causal_core.discovery.independence.evidence import Comparison, Evidence
from causal_core.discovery.independence.products import products
from causal_core.graphs.implied import Independence
from causal_core.tables.table import Table

Frame = dict[str, np.ndarray]
CLAIM = Independence("x", "y", ("z",))


def asked(frame: Frame, claim: Independence = CLAIM) -> Evidence:
    return Bench(Table.from_frame(pd.DataFrame(frame)), frame).tested([claim])[0]


def lines(rng: np.random.Generator, rows: int, effect: float) -> Frame:
    z = rng.normal(size=rows)
    x = z + rng.normal(size=rows)
    return {"x": x, "y": z + effect * x + rng.normal(size=rows), "z": z}


def curves(rng: np.random.Generator, rows: int, effect: float) -> Frame:
    z = rng.normal(size=rows)
    x = np.sin(2 * z) + 0.7 * rng.normal(size=rows)
    return {"x": x, "y": np.sin(2 * z) + effect * x**2 + 0.7 * rng.normal(size=rows), "z": z}


def spreading(rng: np.random.Generator, rows: int, effect: float) -> Frame:
    """A variance that grows with what is held fixed."""
    z = rng.normal(size=rows)
    x = z + np.exp(0.5 * z) * rng.normal(size=rows)
    return {"x": x, "y": z + effect * x + np.exp(0.5 * z) * rng.normal(size=rows), "z": z}


def levels(rng: np.random.Generator, rows: int, effect: float) -> Frame:
    z = rng.integers(0, 3, rows)
    x = (rng.random(rows) < 0.2 + 0.3 * z).astype(int)
    y = (rng.random(rows) < 0.2 + 0.2 * z + effect * x).astype(int) + 2 * (rng.random(rows) < 0.3)
    return {name: np.array([f"L{c}" for c in codes]) for name, codes in zip("xyz", (x, y, z))}


def mixed(rng: np.random.Generator, rows: int, effect: float) -> Frame:
    """Probit levels, which no straight line fits."""
    z = rng.normal(size=rows)
    x = np.where(rng.normal(size=rows) < 2 * z, "yes", "no")
    return {"x": x, "y": np.tanh(2 * z) + effect * (x == "yes") + rng.normal(size=rows), "z": z}


KINDS = {
    "lines": (lines, Comparison.RESIDUALS, 600, 0.25),
    "few rows": (lines, Comparison.PARTIAL, 80, 0.6),
    "curves": (curves, Comparison.RESIDUALS, 600, 0.5),
    "spreading": (spreading, Comparison.RESIDUALS, 600, 0.4),
    "levels": (levels, Comparison.COUNTS, 600, 0.3),
    "mixed": (mixed, Comparison.RESIDUALS, 600, 0.6),
}


@pytest.mark.parametrize("kind", KINDS)
def test_independent_columns_are_called_dependent_as_often_as_said(kind: str) -> None:
    make, test, rows, _ = KINDS[kind]
    found = [asked(make(np.random.default_rng([seed, 1]), rows, 0.0)) for seed in range(200)]
    assert {one.test for one in found} == {test}
    # 5 % of 200 are 10, give or take 3.1: 20 would be three standard errors more
    assert sum(one.p < 0.05 for one in found) <= 20
    assert sum(one.p < 0.5 for one in found) <= 130  # 100 ± 7.1, and what a curve misses


@pytest.mark.parametrize("kind", KINDS)
def test_dependent_columns_are_seen_in_nine_tables_of_ten(kind: str) -> None:
    make, _, rows, effect = KINDS[kind]
    found = [asked(make(np.random.default_rng([seed, 2]), rows, effect)) for seed in range(20)]
    assert sum(one.p < 0.01 for one in found) >= 18
    assert all(0 < abs(one.effect) <= 1 and one.rows == rows for one in found)


def test_fishers_z_is_that_of_the_textbook() -> None:
    frame = lines(np.random.default_rng(0), 60, 0.3)
    rest = {
        name: frame[name] - np.polyval(np.polyfit(frame["z"], frame[name], 1), frame["z"])
        for name in "xy"
    }
    r = np.corrcoef(rest["x"], rest["y"])[0, 1]
    p = 2 * stats.norm.sf(abs(np.arctanh(r)) * np.sqrt(60 - 1 - 3))
    found = asked(frame)
    assert found.effect == pytest.approx(r, abs=1e-6)
    assert found.p == pytest.approx(p, rel=1e-4)


def test_g_squared_is_scipys_but_for_williams_factor() -> None:
    rng = np.random.default_rng(0)
    one, other = rng.integers(0, 3, 5000), rng.integers(0, 4, 5000)
    found = counts_test(one, other, np.zeros((5000, 0), dtype=int))
    known = stats.chi2_contingency(
        pd.crosstab(one, other).to_numpy(), lambda_="log-likelihood", correction=False
    )
    assert found is not None
    assert found.p == pytest.approx(known.pvalue, rel=0.01)  # the factor is 1 + O(1 / 5000)


def test_a_level_that_a_stratum_lacks_costs_no_freedom() -> None:
    """x is constant where z is 0: that stratum says nothing, and the other decides alone."""
    rng = np.random.default_rng(1)
    z = np.repeat([0, 1], 500)
    x, y = z * rng.integers(0, 2, 1000), rng.integers(0, 2, 1000)
    both = counts_test(x, y, z[:, None])
    alone = counts_test(x[500:], y[500:], np.zeros((500, 0), dtype=int))
    assert both is not None
    assert alone is not None
    assert both.p == pytest.approx(alone.p)


def test_strata_too_thin_to_count_are_compared_by_residuals() -> None:
    rng = np.random.default_rng(2)
    frame = {n: np.array([f"L{c}" for c in rng.integers(0, 5, 300)]) for n in "abcxy"}
    found = asked(frame, Independence("x", "y", ("a", "b", "c")))
    assert found.test is Comparison.RESIDUALS
    assert found.p > 0.01


def test_a_bent_relation_without_any_correlation_is_seen() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=1000)
    found = asked({"x": x, "y": x**2 + rng.normal(size=1000)}, Independence("x", "y"))
    assert found.p < 1e-6
    assert found.unit == "canonical correlation of curves"


def test_a_few_far_values_decide_nothing() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(2, 500))
    x[:3], y[:3] = 1e6, 1e6
    bench = Bench(Table.from_frame(pd.DataFrame({"x": x, "y": y})), ["x", "y"])
    assert bench.ranked == ("x", "y")
    assert bench.tested([Independence("x", "y")])[0].p > 0.01


def test_rows_with_holes_are_left_out_of_the_tests_they_touch() -> None:
    rng = np.random.default_rng(5)
    frame = lines(rng, 400, 0.3) | {"w": rng.normal(size=400)}
    frame["w"][::2] = np.nan
    bench = Bench(Table.from_frame(pd.DataFrame(frame)), frame)
    whole, half = bench.tested([CLAIM, Independence("x", "y", ("w", "z"))])
    assert (whole.rows, half.rows) == (400, 200)
    again = asked({n: c[1::2] for n, c in frame.items()}, Independence("x", "y", ("w", "z")))
    assert np.sign(again.effect) == np.sign(half.effect)
    assert abs(np.log10(again.p / half.p)) < 0.5  # knots stand at other quantiles


@pytest.mark.parametrize(
    ("frame", "claim", "why"),
    [
        ({"x": np.ones(50), "y": np.arange(50.0)}, ("x", "y"), "same value in every row"),
        ({"x": np.arange(9.0), "y": np.arange(9.0) ** 2}, ("x", "y"), "Only 9 rows"),
        (
            {"x": np.arange(60.0), "y": np.sin(np.arange(60.0)), "z": 3 * np.arange(60.0)},
            ("x", "y", "z"),
            "follows exactly",
        ),
        (
            {
                "x": np.sin(np.arange(300.0)),
                "y": np.cos(np.arange(300.0) * 1.7),
                "z": np.array([f"town {i % 100}" for i in range(300)]),
            },
            ("x", "y", "z"),
            "100 levels",
        ),
    ],
)
def test_what_cannot_be_told_is_said_with_its_reason(
    frame: Frame, claim: tuple[str, ...], why: str
) -> None:
    found = asked(frame, Independence(claim[0], claim[1], claim[2:]))
    assert not found.told
    assert why in found.problem
    assert (found.effect, found.p) == (0.0, 1.0)


def test_more_columns_than_rows_is_no_error() -> None:
    rng = np.random.default_rng(6)
    frame = {f"v{i}": rng.normal(size=30) for i in range(40)}
    claim = Independence("v0", "v1", tuple(f"v{i}" for i in range(2, 40)))
    assert "too few" in asked(frame, claim).problem


def test_the_rough_tests_see_what_the_others_see() -> None:
    rng = np.random.default_rng(7)
    table = Table.from_frame(pd.DataFrame(mixed(rng, 800, 0.8) | {"w": rng.normal(size=800)}))
    columns = [column(v, c) for v, c in zip(table.variables, table.codes.T, strict=True)]
    p = products(columns).p(0, (2,))
    assert p[1] < 1e-4
    assert p[3] > 0.01
