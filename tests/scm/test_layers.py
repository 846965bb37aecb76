"""The hidden layers' written-out derivatives against finite differences."""

from __future__ import annotations

import torch

from causal_core.scm.layers import LAYERS, hidden, trained_hidden

NETS, COLUMNS, HIDDEN, ROWS = 3, 4, 5, 7


def _weights() -> dict[str, torch.Tensor]:
    stream = torch.Generator().manual_seed(3)
    shapes = [(COLUMNS, HIDDEN), (1, HIDDEN), (HIDDEN, HIDDEN), (1, HIDDEN)]
    return {
        name: torch.randn((NETS, *shape), generator=stream, dtype=torch.float64)
        for name, shape in zip(LAYERS, shapes, strict=True)
    }


def _features() -> torch.Tensor:
    stream = torch.Generator().manual_seed(4)
    return torch.randn((COLUMNS, ROWS), generator=stream, dtype=torch.float64)


def test_two_tanh_layers_are_what_both_forms_compute() -> None:
    w, x = _weights(), _features()
    first = torch.tanh(w["w1"].mT @ x + w["b1"].mT)
    expected = torch.tanh(w["w2"].mT @ first + w["b2"].mT)
    torch.testing.assert_close(hidden(x, w), expected)
    torch.testing.assert_close(trained_hidden(x, w), expected)


def test_the_derivatives_are_those_of_finite_differences() -> None:
    x, weights = _features(), [w.requires_grad_() for w in _weights().values()]

    def last(*w: torch.Tensor) -> torch.Tensor:
        return trained_hidden(x, dict(zip(LAYERS, w, strict=True)))

    assert torch.autograd.gradcheck(last, weights)
