"""An ensemble whose members stand on rungs of their own, as one equation.

It has the parts of all its members' rungs; what a member's rung lacks is zero in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor, nn

from causal_core.scm.equation import Equation
from causal_core.scm.features import Key

Member = tuple[Equation, int]
_WAVES = "waves"  # no member's own: members of one rung have the same


def mixed(members: Sequence[Member]) -> Equation:
    """The equation whose member i is `members[i]`, a member of an equation of the same node.

    It is called by the first one's rung.
    """
    first = members[0][0]
    if all(equation is first and i == place for i, (equation, place) in enumerate(members)):
        return first
    products = tuple(dict.fromkeys(term for equation, _ in members for term in equation.products))
    drawn = {e.rung: e.weights[_WAVES] for e, _ in members if _WAVES in e.weights}
    names = dict.fromkeys(name for e, _ in members for name in e.weights if name != _WAVES)
    widest = max(e.weights["skip"].shape[-1] for e, _ in members)
    parts = [_widened(equation, place, products, drawn) for equation, place in members]
    for part in parts:
        part["skip"] = nn.functional.pad(part["skip"], (0, widest - part["skip"].shape[-1]))
    weights = {name: _stacked([part.get(name) for part in parts]) for name in names}
    if drawn:
        weights[_WAVES] = torch.cat([*drawn.values()], dim=1)
    return replace(first, products=products, weights=weights)


def _widened(
    equation: Equation, place: int, products: tuple[tuple[Key, ...], ...], drawn: dict[str, Tensor]
) -> dict[str, Tensor]:
    """One member's weights, with room for the terms that others have."""
    found = {
        name: value[place : place + 1] if len(value) > 1 else value
        for name, value in equation.weights.items()
        if name != _WAVES
    }
    skip, own = found["skip"], len(equation.products)
    bends = drawn[equation.rung].shape[1] if equation.rung in drawn else 0
    lines, mine, bent = skip.split([skip.shape[1] - own - bends, own, bends], dim=1)
    crossed = torch.zeros_like(skip[:, :1]).repeat(1, len(products), 1)
    crossed[:, [products.index(term) for term in equation.products]] = mine
    waves = [
        bent if rung == equation.rung else torch.zeros_like(skip[:, :1]).repeat(1, w.shape[1], 1)
        for rung, w in drawn.items()
    ]
    return found | {"skip": torch.cat([lines, crossed, *waves], dim=1)}


def _stacked(parts: Sequence[Tensor | None]) -> Tensor:
    like = next(part for part in parts if part is not None)
    return torch.cat([torch.zeros_like(like) if part is None else part for part in parts])
