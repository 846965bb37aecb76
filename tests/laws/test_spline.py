"""The spline's written-out derivatives are those of its values."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from causal_core.mechanisms.spline import BOUND, WIDTH, Spline


@given(
    seed=st.integers(0, 10_000),
    slots=st.integers(1, 3),
    rows=st.integers(1, 5),
    own=st.booleans(),
)
@settings(max_examples=50)
def test_derivatives(seed: int, slots: int, rows: int, own: bool) -> None:
    """Against finite differences along a random direction, in the tails too.

    Knots are each row's own or shared.
    """
    stream = torch.Generator().manual_seed(seed)
    shape = (slots, rows if own else 1, WIDTH)
    params = torch.randn(shape, generator=stream, dtype=torch.float64).requires_grad_()
    x = 3 * torch.randn((slots, rows), generator=stream, dtype=torch.float64)
    both = params, x.requires_grad_()
    torch.autograd.gradcheck(
        lambda p, at: Spline(p).forward(at), both, eps=1e-7, atol=1e-5, fast_mode=True
    )


@pytest.mark.parametrize("own", [True, False])
def test_log_slope_is_the_slope(own: bool) -> None:
    """The second value is the logarithm of the first one's derivative, beyond the bounds too."""
    stream = torch.Generator().manual_seed(5)
    params = torch.randn((1, 41 if own else 1, WIDTH), generator=stream, dtype=torch.float64)
    x = torch.linspace(-2 * BOUND, 2 * BOUND, 41, dtype=torch.float64)[None].requires_grad_()
    y, log_slope = Spline(params).forward(x)
    (slope,) = torch.autograd.grad(y.sum(), x)
    assert torch.allclose(slope.log(), log_slope, atol=1e-9)


def test_a_round_trip_keeps_its_digits_in_float32_beyond_the_bounds_too() -> None:
    stream = torch.Generator().manual_seed(7)
    params = 2 * torch.randn((5000, 1, WIDTH), generator=stream)
    x = torch.tensor([-6.0, -4.5, 4.5, 6.0]).expand(5000, 4)
    spline = Spline(params)
    # a float32 of 6 is known to 5e-7; slopes of the tails, up to e³, widen that
    assert torch.allclose(spline.inverse(spline.forward(x)[0]), x, atol=2e-5)


@pytest.mark.parametrize("own", [True, False])
def test_no_rows_give_no_rows(own: bool) -> None:
    spline = Spline(torch.zeros(2, 0 if own else 1, WIDTH))
    nothing = torch.zeros(2, 0)
    assert spline.forward(nothing)[0].shape == spline.inverse(nothing).shape == (2, 0)
