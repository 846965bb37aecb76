"""Every mechanism is held to the laws of `causal_core.mechanisms.base`."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import log_ndtr, ndtr
from torch import Tensor

from causal_core.mechanisms import spline
from causal_core.mechanisms.base import Mechanism, Params
from causal_core.mechanisms.binary import Binary
from causal_core.mechanisms.continuous import Continuous
from causal_core.mechanisms.interval import Interval, log_interval, truncated_normal
from causal_core.mechanisms.nominal import Nominal
from causal_core.mechanisms.ranked import Ranked

ROWS = 64
MECHANISMS: dict[str, Mechanism] = {
    "continuous": Continuous(3.0, 2.0),
    "count": Interval(3.0, 2.0, 0.0, math.inf),
    "ordinal": Interval(1.5, 1.0, 0.0, 4.0),
    "unbounded integer": Interval(0.0, 3.0),
    "binary": Binary(),
    "nominal 3": Nominal(3),
    "nominal 7": Nominal(7),
    "ranked": Ranked(4, (2, 0, 3, 1)),
}
every_mechanism = pytest.mark.parametrize("name", MECHANISMS)
every_dtype = pytest.mark.parametrize("dtype", [torch.float32, torch.float64])


def drawn(
    mechanism: Mechanism, seed: int, dtype: torch.dtype, rows: int = ROWS, shape: str = "own"
) -> tuple[Tensor, Params, Tensor]:
    """(noise, params, uniforms) for a seed; params of unit spread, far wider than any fit's.

    `shape`: the noise's spline is each row's own, shared by all rows, or none.
    """
    stream = torch.Generator().manual_seed(seed)
    dims = (rows, mechanism.noise_dims) if mechanism.noise_dims else (rows,)
    uniform = [torch.rand(dims, generator=stream, dtype=torch.float64) for _ in range(2)]
    lead = torch.randn((rows, mechanism.width), generator=stream, dtype=torch.float64)
    curves = {"own": rows, "shared": 1, "none": 0}[shape]
    curve = torch.randn((curves, spline.WIDTH), generator=stream, dtype=torch.float64)
    noise = mechanism.base_noise(uniform[0].clamp(1e-6, 1 - 1e-6))
    ordered = isinstance(mechanism, Continuous | Interval) and curves
    params = Params(lead, curve if ordered else None).map(lambda part: part.to(dtype))
    return noise.to(dtype), params, uniform[1].to(dtype)


@pytest.mark.parametrize("shape", ["own", "shared", "none"])
@pytest.mark.parametrize("name", ["continuous", "count"])
def test_codes_may_be_finer_than_the_parameters(name: str, shape: str) -> None:
    """An action is float64 where fitted parameters are float32."""
    mechanism = MECHANISMS[name]
    noise, params, uniform = drawn(mechanism, 1, torch.float32, shape=shape)
    codes = mechanism.forward(noise, params)
    for found, known in (
        (
            mechanism.abduct(codes.double(), params, uniform),
            mechanism.abduct(codes, params, uniform),
        ),
        (mechanism.log_prob(codes.double(), params), mechanism.log_prob(codes, params)),
    ):
        torch.testing.assert_close(found.float(), known, atol=1e-4, rtol=1e-4)


seeds, lengths = st.integers(0, 2**32), st.integers(1, ROWS)
shapes = st.sampled_from(["own", "shared", "none"])


@every_mechanism
@every_dtype
@settings(max_examples=200)
@given(seed=seeds, rows=lengths, shape=shapes)
def test_the_abducted_noise_gives_the_row_back(
    name: str, dtype: torch.dtype, seed: int, rows: int, shape: str
) -> None:
    mechanism = MECHANISMS[name]
    noise, params, uniform = drawn(mechanism, seed, dtype, rows, shape)
    codes = mechanism.forward(noise, params)
    again = mechanism.forward(mechanism.abduct(codes, params, uniform), params)
    # Levels come back exactly; numbers to the precision of their dtype times the steepest slope.
    tolerance = {torch.float32: 2e-5, torch.float64: 1e-9}[dtype] if mechanism.unique_noise else 0.0
    exact = dtype is torch.float64 or mechanism.unique_noise
    wrong = (again - codes).abs() > tolerance * codes.abs().clamp_min(1.0)
    # In float32 a noise drawn within rounding of a level's edge may fall beside it.
    assert int(wrong.sum()) <= (0 if exact else 1)


@every_dtype
@settings(max_examples=200)
@given(seed=seeds, rows=lengths, shape=shapes)
def test_inverse_of_forward_is_the_noise(
    dtype: torch.dtype, seed: int, rows: int, shape: str
) -> None:
    mechanism = MECHANISMS["continuous"]
    noise, params, uniform = drawn(mechanism, seed, dtype, rows, shape)
    # Slopes up to about ten; float32 cannot undo steeper ones to 1e-5.
    params = params.map(lambda part: part / 2)
    back = mechanism.abduct(mechanism.forward(noise, params), params, uniform)
    assert float((back - noise).abs().max()) < {torch.float32: 1e-5, torch.float64: 1e-9}[dtype]


@settings(max_examples=200)
@given(seed=seeds)
def test_rows_that_share_a_spline_may_each_bring_a_copy(seed: int) -> None:
    mechanism = MECHANISMS["continuous"]
    noise, params, _ = drawn(mechanism, seed, torch.float64, shape="shared")
    assert params.shape is not None
    copied = params._replace(shape=params.shape.repeat(ROWS, 1))
    apart, together = mechanism.forward(noise, copied), mechanism.forward(noise, params)
    torch.testing.assert_close(together, apart, rtol=1e-12, atol=1e-12)


@settings(max_examples=200)
@given(seed=seeds, shape=shapes)
def test_ordered_values_rise_with_their_noise(seed: int, shape: str) -> None:
    noise = torch.linspace(-6, 6, 500, dtype=torch.float64)
    for name in ("continuous", "count", "ordinal", "unbounded integer", "binary"):
        _, params, _ = drawn(MECHANISMS[name], seed, torch.float64, 1, shape)
        steps = MECHANISMS[name].forward(noise, params).diff()
        assert bool((steps > 0).all() if name == "continuous" else (steps >= 0).all())


@settings(max_examples=200)
@given(seed=seeds, rows=lengths, shape=shapes)
def test_the_density_is_the_slope_of_the_noise(seed: int, rows: int, shape: str) -> None:
    """log p(x) = log φ(u) + log du/dx, with du/dx by automatic differentiation."""
    mechanism = MECHANISMS["continuous"]
    noise, params, uniform = drawn(mechanism, seed, torch.float64, rows, shape)
    codes = mechanism.forward(noise, params).requires_grad_()
    u = mechanism.abduct(codes, params, uniform)
    (slope,) = torch.autograd.grad(u.sum(), codes)
    expected = torch.distributions.Normal(0, 1).log_prob(u) + torch.log(slope)
    torch.testing.assert_close(mechanism.log_prob(codes, params), expected, rtol=1e-8, atol=1e-8)


LEVELS = {"ordinal": 5, "binary": 2, "ranked": 4, "nominal 3": 3, "nominal 7": 7, "count": 3000}


@pytest.mark.parametrize("name", LEVELS)
def test_probabilities_sum_to_one_and_match_draws(name: str) -> None:
    mechanism = MECHANISMS[name]
    _, params, _ = drawn(mechanism, 7, torch.float64, rows=1)
    codes = torch.arange(LEVELS[name], dtype=torch.float64)
    chances = mechanism.log_prob(codes, params).exp()
    assert float(chances.sum()) == pytest.approx(1.0, abs=1e-9)
    noise, _, _ = drawn(mechanism, 8, torch.float64, rows=40_000)
    values = mechanism.forward(noise, params).long()
    seen = torch.bincount(values, minlength=LEVELS[name])[: LEVELS[name]] / len(values)
    # Five standard errors of a frequency from 40,000 draws.
    assert float((seen - chances).abs().max()) < 5 * 0.5 / math.sqrt(40_000)


@pytest.mark.parametrize("name", ["ordinal", "binary", "nominal 3"])
def test_abducting_draws_restores_the_base_noise(name: str) -> None:
    """Averaged over the model's own values, posterior noise is the base noise again."""
    mechanism = MECHANISMS[name]
    noise, params, uniform = drawn(mechanism, 3, torch.float64, rows=40_000)
    params = params.map(lambda part: part[:1].expand(40_000, -1))
    posterior = mechanism.abduct(mechanism.forward(noise, params), params, uniform)
    # Kolmogorov distance of two samples of 40,000: 0.0122 at the 0.5 % level.
    ours, theirs = posterior.flatten().sort().values, noise.flatten().sort().values
    grid = torch.linspace(-3, 4, 400, dtype=torch.float64)
    gap = torch.searchsorted(ours, grid) - torch.searchsorted(theirs, grid)
    assert float(gap.abs().max()) / len(ours) < 0.0122


def test_nothing_is_negative_where_the_floor_is_zero() -> None:
    mechanism = MECHANISMS["count"]
    noise, params, _ = drawn(mechanism, 1, torch.float32, rows=5000)
    assert float(mechanism.forward(noise - 3, params).min()) >= 0


def test_the_interval_keeps_its_digits_in_the_tails() -> None:
    low, high = np.array([-30.0, 8.0, 28.0, -0.3]), np.array([-29.0, 9.0, 29.0, 0.4])
    left, right = np.minimum(-high, low), np.minimum(-low, high)  # the same mass, lower tail
    expected = log_ndtr(right) + np.log(-np.expm1(log_ndtr(left) - log_ndtr(right)))
    expected[3] = math.log(ndtr(0.4) - ndtr(-0.3))
    ours = log_interval(torch.from_numpy(low), torch.from_numpy(high)).numpy()
    np.testing.assert_allclose(ours, expected, rtol=1e-9)


@settings(max_examples=200)
@given(low=st.floats(-29, 28), width=st.floats(1e-3, 20), share=st.floats(0, 1))
def test_truncated_draws_stay_inside(low: float, width: float, share: float) -> None:
    at = [torch.tensor(v, dtype=torch.float64) for v in (low, low + width, share)]
    assert low <= float(truncated_normal(*at)) <= low + width
