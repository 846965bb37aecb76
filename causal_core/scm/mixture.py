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
_WAVES = "waves"  # no member's own: members of one rung have the same


def mixed(members: Sequence[Member]) -> Equation:
    """The equation whose member i is `members[i]`, a member of an equation of the same node.

    It is called by the first one's rung.
    """
    first = members[0][0]
    if all(equation is first and i == place for i, (equation, place) in enumerate(members)):
        return first
    products = max((equation.products for equation, _ in members), key=len)
    drawn = {e.rung: e.weights[_WAVES] for e, _ in members if _WAVES in e.weights}
    names = dict.fromkeys(name for e, _ in members for name in e.weights if name != _WAVES)
    parts = [_widened(equation, place, len(products), drawn) for equation, place in members]
    weights = {name: _stacked([part.get(name) for part in parts]) for name in names}
    if drawn:
        weights[_WAVES] = torch.cat([*drawn.values()], dim=1)
    return replace(first, products=products, weights=weights)


def _widened(
    equation: Equation, place: int, products: int, drawn: dict[str, Tensor]
) -> dict[str, Tensor]:
    """One member's weights, with room for the terms that others have."""
    found = {
        name: value[place : place + 1] if len(value) > 1 else value
        for name, value in equation.weights.items()
        if name != _WAVES
    }
    mine = drawn[equation.rung].shape[1] if equation.rung in drawn else 0
    plain, bent = found["skip"].split([found["skip"].shape[1] - mine, mine], dim=1)

    def room(terms: int) -> Tensor:
        return torch.zeros((1, terms, plain.shape[2])).to(plain)

    waves = [bent if rung == equation.rung else room(w.shape[1]) for rung, w in drawn.items()]
    missing = room(products - len(equation.products))
    return found | {"skip": torch.cat([plain, missing, *waves], dim=1)}


def _stacked(parts: Sequence[Tensor | None]) -> Tensor:
    like = next(part for part in parts if part is not None)
    return torch.cat([torch.zeros_like(like) if part is None else part for part in parts])
