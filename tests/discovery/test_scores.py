"""Local scores against textbook formulas, and their shortcuts against themselves."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import gammaln

from causal_core.discovery.count_score import SAMPLE, count_score
from causal_core.discovery.curve_score import curve_score, spline_terms
from causal_core.discovery.joint_score import JointScore
from causal_core.discovery.normal_score import linear_score, mixed_score
from causal_core.discovery.scores import LocalScore
from tests.discovery import worlds

ROWS = 300


def columns(size: int = 5) -> np.ndarray:
    rng = np.random.default_rng(0)
    return worlds.lines(worlds.graph(size, 3, rng), ROWS, rng)


def mixed() -> JointScore:
    rng = np.random.default_rng(1)
    codes = np.column_stack([columns(3), rng.integers(0, 4, ROWS), rng.integers(0, 2, ROWS)])
    frame = worlds.table(codes).frame.copy()
    for name in ("v3", "v4"):
        frame[name] = frame[name].astype(int).map("L{}".format)
    made = worlds.Table.from_frame(frame)
    return mixed_score(made.codes, made.variables)


def discrete() -> JointScore:
    rng = np.random.default_rng(2)
    return count_score(worlds.counts(worlds.graph(5, 3, rng), ROWS, rng))


SCORES = {
    "linear": lambda: linear_score(columns()),
    "additive": lambda: curve_score(columns()),
    "mixed": mixed,
    "discrete": discrete,
}


@pytest.fixture(params=SCORES)
def score(request: pytest.FixtureRequest) -> LocalScore:
    made: LocalScore = SCORES[request.param]()
    return made


@pytest.mark.parametrize("parents", [(), (1,), (2, 4), (1, 2, 3)])
def test_growing_and_shrinking_are_scores_of_the_sets(
    score: LocalScore, parents: tuple[int, ...]
) -> None:
    grown = score.grown(0, parents)
    for further in range(1, 5):
        if further in parents:
            assert grown[further] == -np.inf
        else:
            # The jitter that keeps collinear causes apart differs by 1e-8 of a variance.
            known = score.local(0, (*parents, further))
            assert grown[further] == pytest.approx(known, abs=1e-3)
    assert grown[0] == -np.inf
    if not parents:
        return
    fewer = [parents[:i] + parents[i + 1 :] for i in range(len(parents))]
    known = [score.local(0, those) for those in fewer]
    np.testing.assert_allclose(score.shrunk(0, parents), known, atol=1e-3)


def test_the_linear_score_is_half_the_bic_of_least_squares() -> None:
    data = columns()
    score = linear_score(data)
    for parents in ((), (1,), (1, 3), (2, 3, 4)):
        causes = sm.add_constant(data[:, list(parents)]) if parents else np.ones((ROWS, 1))
        fitted = sm.OLS(data[:, 0], causes).fit()
        # BIC counts the constant; the likelihood its own constant: the same for all sets.
        known = -0.5 * fitted.bic + 0.5 * np.log(ROWS) + 0.5 * ROWS * (1 + np.log(2 * np.pi))
        known -= len(parents) * np.log(5)  # the prior of about one cause among five
        assert score.local(0, parents) == pytest.approx(known, abs=1e-3)


def test_the_additive_score_is_that_of_least_squares_on_splines() -> None:
    data = columns()
    causes = np.column_stack([spline_terms(data[:, 1]), spline_terms(data[:, 2])])
    fitted = sm.OLS(data[:, 0], sm.add_constant(causes)).fit()
    known = -0.5 * fitted.bic + 0.5 * np.log(ROWS) + 0.5 * ROWS * (1 + np.log(2 * np.pi))
    known -= 2 * np.log(5)
    assert curve_score(data).local(0, (1, 2)) == pytest.approx(known, abs=0.01)


def test_a_spline_is_straight_beyond_its_knots() -> None:
    column = np.linspace(-3, 3, 601)
    terms = spline_terms(column)
    for end in (slice(0, 15), slice(-15, None)):
        bends = np.diff(terms[end], n=2, axis=0)
        assert np.abs(bends).max() < 1e-9


def test_the_discrete_score_is_bdeu() -> None:
    rng = np.random.default_rng(2)
    codes = worlds.counts(worlds.graph(5, 3, rng), ROWS, rng)
    counts = np.zeros((9, 3))
    for row in codes:
        counts[row[1] * 3 + row[2], row[0]] += 1
    per_row, per_cell = SAMPLE / 9, SAMPLE / 27
    known = sum(
        gammaln(per_row)
        - gammaln(per_row + row.sum())
        + sum(gammaln(per_cell + n) - gammaln(per_cell) for n in row)
        for row in counts
    )
    known -= 2 * np.log(5)
    assert count_score(codes).local(0, (1, 2)) == pytest.approx(known, abs=1e-8)


def test_long_tables_are_counted_in_less_room_to_the_same_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quick = [discrete().grown(j, (k,)) for j in range(5) for k in range(5) if j != k]
    monkeypatch.setattr("causal_core.discovery.count_score._MOST_MARKS", 0)
    spare = [discrete().grown(j, (k,)) for j in range(5) for k in range(5) if j != k]
    np.testing.assert_array_equal(quick, spare)


@pytest.mark.parametrize("kind", ["linear", "mixed", "discrete"])  # curves tell them apart
def test_equivalent_graphs_score_alike(kind: str) -> None:
    score: LocalScore = SCORES[kind]()
    chain = score.local(1, (0,)) + score.local(2, (1,)) + score.local(0, ())
    fork = score.local(0, (1,)) + score.local(2, (1,)) + score.local(1, ())
    assert chain == pytest.approx(fork, abs=1e-3)


def test_collinear_causes_are_no_error() -> None:
    data = columns()
    twice = np.column_stack([data, data[:, 1], data[:, 1] + data[:, 2]])
    score = linear_score(twice)
    assert np.isfinite(score.local(0, (1, 2, 5, 6)))
    assert np.isfinite(np.delete(score.grown(0, (1, 5)), [0, 1, 5])).all()
    assert score.local(0, (1, 5)) < score.local(0, (1,))  # a copy is not worth its price


def test_numbers_and_levels_score_like_least_squares_on_indicators() -> None:
    """Blocks of one, two and four terms, by statsmodels."""
    rng = np.random.default_rng(3)
    group, half, dose = rng.integers(0, 5, ROWS), rng.integers(0, 3, ROWS), rng.normal(size=ROWS)
    pain = dose + 0.4 * (group == 2) + rng.normal(size=ROWS)
    frame = worlds.table(np.column_stack([pain, dose, group, half])).frame.copy()
    for name in ("v2", "v3"):
        frame[name] = frame[name].astype(int).map("L{}".format)
    made = worlds.Table.from_frame(frame)
    score, codes = mixed_score(made.codes, made.variables), made.codes
    effect = (codes[:, 0] - codes[:, 0].mean()) / codes[:, 0].std()
    marks = (codes[:, [2]] == np.unique(codes[:, 2])[1:]).astype(float)
    fitted = sm.OLS(effect, sm.add_constant(np.column_stack([codes[:, 1], marks]))).fit()
    known = -0.5 * fitted.bic + 0.5 * np.log(ROWS) + 0.5 * ROWS * (1 + np.log(2 * np.pi))
    assert score.local(0, (1, 2)) == pytest.approx(known - 2 * np.log(4), abs=1e-3)
    for parents in ((1,), (2,), (1, 3), (2, 3)):
        grown = score.grown(0, parents)
        for further in {1, 2, 3} - set(parents):
            assert grown[further] == pytest.approx(score.local(0, (*parents, further)), abs=1e-3)
