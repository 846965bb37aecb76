"""The two hidden layers of every net.

Derivatives are written out: autograd's many small steps cost as much as the products.
tanh(v) = 2 σ(2v) − 1, the factors moved into the weights: two passes over the rows a layer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

LAYERS = ("w1", "b1", "w2", "b2")


def hidden(x: Tensor, w: Mapping[str, Tensor]) -> Tensor:
    """Features [..., columns, rows] → activations of the last hidden layer [..., H, rows]."""
    first = torch.matmul(2 * w["w1"].mT, x).add_(2 * w["b1"].mT).sigmoid_()
    last = torch.matmul(4 * w["w2"].mT, first).add_(2 * _offset(w["w2"], w["b2"]))
    return last.sigmoid_().mul_(2).sub_(1)


def trained_hidden(x: Tensor, w: Mapping[str, Tensor]) -> Tensor:
    """The same for features [columns, rows] and weights [nets, ...], differentiable by these."""
    found: Tensor = _Hidden.apply(x, *(w[name] for name in LAYERS))  # type: ignore[no-untyped-call]
    return found


def _offset(w2: Tensor, b2: Tensor) -> Tensor:
    """What the −1 of the first layer's tanh leaves of the second one's bias [..., H, 1]."""
    return (b2 - w2.sum(-2, keepdim=True)).mT


class _Hidden(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) -> Tensor:
        nets, width = w1.shape[0], w1.shape[2]
        flat = torch.addmm(b1.reshape(-1, 1), w1.mT.flatten(0, 1), x, beta=2, alpha=2)
        first = flat.sigmoid_().reshape(nets, width, -1)
        last = torch.baddbmm(_offset(w2, b2), w2.mT, first, beta=2, alpha=4)
        last.sigmoid_().mul_(2).sub_(1)
        ctx.save_for_backward(x, first, w2, last)
        return last

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, to_last: Tensor) -> tuple[Tensor | None, ...]:
        x, first, w2, last = ctx.saved_tensors
        to_second = torch.addcmul(to_last, to_last * last, last, value=-1)
        middle = first.mul(2).sub_(1)
        to_middle = torch.bmm(w2, to_second)
        to_first = to_middle.addcmul_(to_middle * middle, middle, value=-1)
        return (
            None,
            torch.matmul(to_first, x.T).mT,
            to_first.sum(-1).unsqueeze(1),
            torch.bmm(middle, to_second.mT),
            to_second.sum(-1).unsqueeze(1),
        )
