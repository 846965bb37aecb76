"""An ensemble whose members stand on rungs of their own, as one equation.

It has the parts of all its members' rungs; what a member's rung lacks is zero in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from causal_core.scm.equation import Equation

Member = tuple[Equation, int]
_SHARED = "waves"  # drawn from the node's name, so that they are the same for all


def mixed(members: Sequence[Member]) -> Equation:
    """The equation whose member i is `members[i]`, a member of an equation of the same node.

    It is called by the first one's rung.
    """
    first = members[0][0]
    if all(equation is first and i == place for i, (equation, place) in enumerate(members)):
        return first
    products = max((equation.products for equation, _ in members), key=len)
    bent = [e.weights[_SHARED] for e, _ in members if _SHARED in e.weights]
    shared = {_SHARED: bent[0]} if bent else {}
    names = dict.fromkeys(name for e, _ in members for name in e.weights if name != _SHARED)
    parts = [_widened(equation, place, len(products), shared) for equation, place in members]
    weights = {name: _stacked([part.get(name) for part in parts]) for name in names}
    return replace(first, products=products, weights=weights | shared)


def _widened(
    equation: Equation, place: int, products: int, shared: dict[str, Tensor]
) -> dict[str, Tensor]:
    """One member's weights, with room for the terms that others have."""
    found = {
        name: value[place : place + 1] if len(value) > 1 else value
        for name, value in equation.weights.items()
        if name != _SHARED
    }
    bends = shared[_SHARED].shape[-1] if shared else 0
    mine = bends if _SHARED in equation.weights else 0
    skip = found["skip"]
    plain = skip[:, : skip.shape[1] - mine]
    room = skip.new_zeros((1, products - len(equation.products), skip.shape[2]))
    waves = skip[:, skip.shape[1] - mine :] if mine else skip.new_zeros((1, bends, skip.shape[2]))
    return found | {"skip": torch.cat([plain, room, waves], dim=1)}


def _stacked(parts: Sequence[Tensor | None]) -> Tensor:
    like = next(part for part in parts if part is not None)
    return torch.cat([torch.zeros_like(like) if part is None else part for part in parts])
