"""The tests of independence against scipy's, and where nothing can be told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2, chi2_contingency, kstest, pearsonr

from causal_core.discovery.constraint import CountTest, GaussianTest, Independence, fitting
from causal_core.discovery.situation import prepared
from causal_core.tables.table import Table


def p_value(test: Independence, one: int, other: int, *given: int) -> float:
    asked = np.array([given], dtype=int).reshape(1, len(given))
    return float(test.p_values(np.array([one]), np.array([other]), asked)[0])


def of(frame: pd.DataFrame) -> Independence:
    return fitting(prepared(Table.from_frame(frame)))


def chain(rows: int, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    a = rng.normal(size=rows)
    b = 0.3 * a + rng.normal(size=rows)
    return pd.DataFrame({"a": a, "b": b, "c": 0.3 * b + rng.normal(size=rows)})


def test_of_two_numbers_it_is_the_test_of_their_correlation() -> None:
    frame = chain(400)
    test = of(frame)
    assert isinstance(test, GaussianTest)
    # Bartlett's correction leaves terms of order 1/n².
    assert p_value(test, 0, 2) == pytest.approx(pearsonr(frame["a"], frame["c"]).pvalue, rel=0.02)
    rest = [frame[n] - np.polyval(np.polyfit(frame["b"], frame[n], 1), frame["b"]) for n in "ac"]
    assert p_value(test, 0, 2, 1) == pytest.approx(pearsonr(*rest).pvalue, rel=0.02)


def test_of_two_columns_of_levels_it_is_g_squared() -> None:
    frame = chain(600).apply(lambda c: pd.qcut(c, 3, labels=["low", "mid", "high"]).astype(str))
    test = of(frame)
    assert isinstance(test, CountTest)
    counts = pd.crosstab(frame["a"], frame["b"])
    known = chi2_contingency(counts, correction=False, lambda_="log-likelihood")
    assert p_value(test, 0, 1) == pytest.approx(known.pvalue, rel=1e-6)
    parts = [
        chi2_contingency(
            pd.crosstab(part["a"], part["c"]), correction=False, lambda_="log-likelihood"
        )
        for _, part in frame.groupby("b")
    ]
    both = p_value(test, 0, 2, 1)
    statistic, free = sum(p.statistic for p in parts), sum(p.dof for p in parts)
    assert both == pytest.approx(chi2.sf(statistic, free), rel=1e-6)


@pytest.mark.parametrize("levels", [(), ("b",), ("a", "c"), ("a", "b", "c")])
def test_where_columns_are_independent_every_p_value_is_as_likely(levels: tuple[str, ...]) -> None:
    found = []
    for seed in range(80):
        frame = pd.DataFrame(np.random.default_rng(seed).normal(size=(200, 3)), columns=[*"abc"])
        for name in levels:
            frame[name] = pd.qcut(frame[name], 3, labels=["low", "mid", "high"]).astype(str)
        found.append(p_value(of(frame), 0, 2, 1))
    assert kstest(found, "uniform").pvalue > 0.001  # fails by chance once in a thousand seeds


def test_a_copy_among_the_given_separates_nothing() -> None:
    frame = chain(300).assign(again=lambda f: 2 * f["a"] + 1)
    assert p_value(of(frame), 0, 1, 3) == 0


def test_tables_with_too_few_rows_separate_nothing() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.integers(0, 9, size=(60, 4)), columns=[*"abcd"]).map("L{}".format)
    assert p_value(of(frame), 0, 1, 2, 3) == 0
