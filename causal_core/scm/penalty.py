"""Ridge penalties on the closed-form terms, and the search for those that rows speak for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from causal_core.scm.features import STEEPNESS, Term, Wave
from causal_core.scm.program import Program

_LINEAR_PENALTY = 1e-4


class Penalty(NamedTuple):
    """Ridge penalties, in rows: on products, on powers, and on waves by their steepness.

    A wave of steepness s is penalised `waves` · (s / least)^`growth`: the greater the growth,
    the smoother the function. `along` names variables whose own curve is penalised otherwise
    (powers, waves, growth).
    """

    products: float = 1.0
    powers: float = 1.0
    waves: float = 1.0
    growth: float = 2.0
    along: tuple[tuple[str, float, float, float], ...] = ()

    def of(self, term: Term) -> float:
        """The penalty on one term."""
        if isinstance(term, Wave):
            _, waves, growth = self._own(term.of) if term.along else self._shared
            return waves * float((term.steepness / STEEPNESS[0]) ** growth)
        if len(term) > 1:
            return self._own(term[0][0])[0] if len(set(term)) == 1 else self.products
        return _LINEAR_PENALTY if term else 0.0

    def looser(self) -> Penalty:
        """The same, with waves that bend more freely."""
        along = tuple((n, powers, waves / _LOOSER, g) for n, powers, waves, g in self.along)
        return self._replace(waves=self.waves / _LOOSER, along=along)

    def with_own(self, name: str, own: tuple[float, float, float]) -> Penalty:
        """The same, with (powers, waves, growth) of its own for the curve along `name`."""
        others = tuple(p for p in self.along if p[0] != name)
        return self._replace(along=(*others, (name, *own)))

    @property
    def _shared(self) -> tuple[float, float, float]:
        return self.powers, self.waves, self.growth

    def _own(self, name: str) -> tuple[float, float, float]:
        return next((own[1:] for own in self.along if own[0] == name), self._shared)


Penalties = dict[tuple[str, str], Penalty]
MIDDLING = Penalty()
NONE = 1e9  # so penalised, terms are not used
_LOOSER = 10.0  # of the members' penalties: of 100 bands 88 hold a bend's steepest part, else 78
_POLYNOMIAL = [Penalty(p, p) for p in (1e-2, 1.0, 1e2)]
_BENT = [(waves, growth) for growth in (0.0, 2.0, 4.0) for waves in (0.01, 0.1, 1.0, 10.0, 100.0)]
_OWN = [(powers, *bent) for powers in (1.0, NONE) for bent in _BENT]
_CURVES = [Penalty(products, *own) for products in (1.0, NONE) for own in _OWN]
_SMOOTH = [Penalty(products, products, *bent) for products in (0.03, NONE) for bent in _BENT]
_MOST_OWN = 24  # curves of one equation that get a smoothness of their own
_TRIED = {"linear": [MIDDLING], "polynomial": _POLYNOMIAL, "curves": _CURVES, "smooth": _SMOOTH}


def pulls(program: Program, columns: Tensor, tried: Sequence[Penalty]) -> Tensor:
    """The ridges [tried, c] on the terms `columns` [c], in rows."""
    alike: dict[object, tuple[int, Term]] = {}
    place = []
    for column in columns.tolist():
        term = program.term_keys[column]
        place.append(alike.setdefault(_alike(term), (len(alike), term))[0])
    ridges = [[penalty.of(term) for _, term in alike.values()] for penalty in tried]
    return torch.tensor(ridges, dtype=torch.float64)[:, place]


def _alike(term: Term) -> object:
    """What terms share that every penalty pulls alike."""
    if isinstance(term, Wave):
        return term.of, term.along, term.steepness
    return term[0] if len(term) > 1 and len(set(term)) == 1 else min(len(term), 2)


def best(program: Program, slot: int, evidence: Callable[[Sequence[Penalty]], Tensor]) -> Penalty:
    """The penalty of a slot's terms that has the greatest evidence.

    Where there are curves along several variables, each gets a smoothness of its own, as in
    every additive model: one for all would bend the straight ones and straighten the bent
    ones (Wood 2011).
    """
    found = _greatest(_TRIED[program.slots[slot].rung.skip], evidence)
    for name in _bending(program, slot):
        found = _greatest([found, *(found.with_own(name, own) for own in _OWN)], evidence)
    return found


def _greatest(tried: Sequence[Penalty], evidence: Callable[[Sequence[Penalty]], Tensor]) -> Penalty:
    return tried[int(evidence(tried).argmax())] if len(tried) > 1 else tried[0]


def _bending(program: Program, slot: int) -> tuple[str, ...]:
    """The variables along which the slot has curves, where there are several and not too many."""
    allowed = program.mask_skip[slot].amax(-1) > 0
    terms = [key for key, here in zip(program.term_keys, allowed, strict=True) if here]
    names = dict.fromkeys(t.of for t in terms if isinstance(t, Wave) and t.along)
    return tuple(names) if 1 < len(names) <= _MOST_OWN else ()
