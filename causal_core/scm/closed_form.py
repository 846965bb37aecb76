"""Ridge regressions: the closed-form rungs, and the start of every neural one.

A regression needs only sums over rows, so tables of any length pass once, in chunks.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from causal_core.mechanisms.choose import Standard
from causal_core.mechanisms.continuous import LOG_SCALE
from causal_core.rng import derive_seed
from causal_core.scm.penalty import MIDDLING, Penalties, Penalty, best, pulls
from causal_core.scm.program import Program
from causal_core.tables.schema import Kind

_PROBIT = 2.5  # a probit's slope over that of a line through the same two levels, near ½
_LEAST_SPREAD = 1e-3
_CHUNK = 65_536
_AT_ONCE = 4_000_000  # numbers of the matrices that are solved together


@dataclass
class _Moments:
    """Weighted sums over rows of one node: products of its terms and its target."""

    columns: Tensor  # [C] the terms that any of its slots may use
    gram: Tensor  # [M, C, C]
    cross: Tensor  # [M, C]
    square: Tensor  # [M]
    weight: Tensor  # [M]

    @classmethod
    def empty(cls, columns: Tensor, members: int) -> _Moments:
        def zeros(*shape: int) -> Tensor:
            return torch.zeros(shape, dtype=torch.float64)

        c, m = len(columns), members
        return cls(columns, zeros(m, c, c), zeros(m, c), zeros(m), zeros(m))

    def add(self, terms: Tensor, target: Tensor, weights: Tensor) -> None:
        """Add rows: `terms` [rows, Q], `target` [rows], `weights` [M, rows]."""
        design = terms[:, self.columns]
        for member, weight in enumerate(weights):
            weighted = design * weight.unsqueeze(1)
            self.gram[member].addmm_(weighted.T, design)
            self.cross[member].addmv_(weighted.T, target)
        self.square += weights @ target**2
        self.weight += weights.sum(1)


class ClosedForm:
    """Ridge fits of a program's ordered and binary nodes on their closed-form terms.

    `codes` [rows, variables]; `boosts` [members, rows] weigh the rows (one member of
    ones when left out); `given` replaces what the equations read. Of the slots `slots` only,
    where they are said.
    """

    def __init__(
        self,
        program: Program,
        standards: Mapping[str, Standard],
        codes: Tensor,
        boosts: Tensor | None = None,
        given: Tensor | None = None,
        slots: Sequence[int] | None = None,
    ) -> None:
        self._program, self._standards = program, standards
        slots = range(len(program.slots)) if slots is None else slots
        boosts = torch.ones(1, len(codes)) if boosts is None else boosts
        self._moments = {
            node: _Moments.empty(columns, len(boosts)) for node, columns in _columns(program, slots)
        }
        for start in range(0, len(codes), _CHUNK):
            part = slice(start, start + _CHUNK)
            asked = codes[part] if given is None else given[part]
            self._add(codes[part], asked, boosts[:, part].double())

    def _add(self, codes: Tensor, given: Tensor, weights: Tensor) -> None:
        terms = self._program.terms(given).double()
        usable, slots = self._program.usable(codes).double(), self._program.slots
        index = {slot.node: i for i, slot in enumerate(slots)}
        for node, moments in self._moments.items():
            standard, i = self._standards[node], index[node]
            column = codes[:, int(self._program.node[i])].double()
            target = torch.nan_to_num((column - standard.centre) / standard.scale)
            moments.add(terms, target, weights * usable[i])

    def solve(self, slot: int, penalty: Penalty = MIDDLING) -> tuple[Tensor, Tensor, Tensor]:
        """(term indices [c], coefficients [M, c], residual standard deviations [M])."""
        columns, gram, cross, _ = self._equations(slot, penalty)
        found = _solved(gram, cross.unsqueeze(-1)).squeeze(-1)
        return columns, found, self._spread(slot, found)

    def drawn(self, slot: int, penalty: Penalty) -> tuple[Tensor, Tensor, Tensor]:
        """The same, member 0 solved and the others drawn from the posterior of its ridge.

        A ridge pulls towards zero, and the bootstrap does not see how far. Noise on the
        prior, N(0, σ² ridge) added to Xᵀy, makes the bootstrap's covariance the posterior's,
        whose bands hold on average what they say (Wahba 1983; Nychka 1988). They hold too
        seldom where the curve bends most, and there the pull is greatest: so the others
        are pulled less (undersmoothing: Hall 1992).
        """
        columns, found, spread = self.solve(slot, penalty)
        _, gram, cross, ridge = self._equations(slot, penalty.looser())
        drawn = prior_noise(self._program, slot, cross.shape) * ridge.sqrt() * spread[:, None]
        moved = _solved(gram, (cross + drawn).unsqueeze(-1)).squeeze(-1)
        moved[0] = found[0]
        return columns, moved, spread

    def evidence(self, slot: int, tried: Sequence[Penalty]) -> Tensor:
        """Log marginal likelihood [tried] of all rows, each in all folds but one."""
        places, columns = self._places(slot)
        moments = self._moments[self._program.slots[slot].node]
        times = max(1, len(moments.weight) - 1)
        gram, cross = moments.gram.sum(0) / times, moments.cross.sum(0) / times
        square, count = moments.square.sum() / times, moments.weight.sum() / times
        ridges = pulls(self._program, columns, tried)
        return log_evidence(gram[places][:, places], cross[places], square, count, ridges)

    @property
    def nodes(self) -> Collection[str]:
        """The nodes that have a location."""
        return self._moments.keys()

    def _equations(self, slot: int, penalty: Penalty) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """(term indices [c], Gram matrices [M, c, c] with the ridge, Xᵀy [M, c], ridge [c])."""
        places, columns = self._places(slot)
        moments = self._moments[self._program.slots[slot].node]
        ridge = pulls(self._program, columns, [penalty])[0]
        gram = moments.gram[:, places][:, :, places] + torch.diag(ridge)
        return columns, gram, moments.cross[:, places], ridge

    def _spread(self, slot: int, coefficients: Tensor) -> Tensor:
        return self.error(slot, coefficients).sqrt().clamp_min(_LEAST_SPREAD)

    def error(self, slot: int, coefficients: Tensor) -> Tensor:
        """Mean squared residual [M] of coefficients [M, c]."""
        places, _ = self._places(slot)
        moments = self._moments[self._program.slots[slot].node]
        gram, cross = moments.gram[:, places][:, :, places], moments.cross[:, places]
        fitted = torch.einsum("mc,mcd,md->m", coefficients, gram, coefficients)
        wrong = moments.square - 2 * (coefficients * cross).sum(1) + fitted
        return wrong.clamp_min(0.0) / moments.weight.clamp_min(1.0)

    def _places(self, slot: int) -> tuple[Tensor, Tensor]:
        """Where a slot's terms stand among its node's, and among the program's."""
        columns = self._moments[self._program.slots[slot].node].columns
        allowed = self._program.mask_skip[slot].amax(-1)[columns] > 0
        return allowed.nonzero().squeeze(-1), columns[allowed]


def prior_noise(program: Program, slot: int, shape: Sequence[int]) -> Tensor:
    """Standard normal draws [members, ...] for a slot's priors, none for member 0."""
    stream = torch.Generator().manual_seed(derive_seed(program.seed, "prior", slot))
    drawn = torch.randn(tuple(shape), generator=stream, dtype=torch.float64)
    drawn[0] = 0.0
    return drawn


def log_evidence(
    gram: Tensor, cross: Tensor, square: Tensor, count: Tensor, ridges: Tensor
) -> Tensor:
    """Log marginal likelihood [tried] of a ridge regression under the ridges [tried, c].

    Up to a constant; the coefficients and σ² integrated or fitted out (MacKay 1992,
    equation 4.10; as REML: Wood 2011). From sums over rows: XᵀX [c, c], Xᵀy [c], yᵀy, their
    number.
    """
    some = max(1, _AT_ONCE // gram.numel())
    if len(ridges) > some:
        return torch.cat([log_evidence(gram, cross, square, count, r) for r in ridges.split(some)])
    factor, failed = torch.linalg.cholesky_ex(gram + torch.diag_embed(ridges))
    fitted = torch.cholesky_solve(cross.expand(len(ridges), 1, -1).mT, factor).squeeze(-1)
    rest, count = (square - fitted @ cross).clamp_min(1e-9), count.clamp_min(1.0)
    prior = torch.where(ridges > 0, ridges, 1.0).log().sum(1)
    volume = 2 * factor.diagonal(dim1=1, dim2=2).log().sum(1) - prior
    value = -0.5 * (count * torch.log(rest / count) + volume)
    return torch.where(failed == 0, value, -torch.inf)


def _solved(gram: Tensor, cross: Tensor) -> Tensor:
    """Cholesky, and where collinear parents defeat it, the least of the solutions."""
    factor, failed = torch.linalg.cholesky_ex(gram)
    if not failed.any():
        return torch.cholesky_solve(cross, factor)
    return torch.as_tensor(torch.linalg.lstsq(gram, cross, driver="gelsd").solution)


def _columns(program: Program, slots: Sequence[int]) -> Iterator[tuple[str, Tensor]]:
    """The terms that any of these slots of a node may use, for every node with a location."""
    for node in dict.fromkeys(program.slots[i].node for i in slots):
        mine = [i for i in slots if program.slots[i].node == node]
        if program.variables[int(program.node[mine[0]])].kind is not Kind.CATEGORICAL:
            yield node, program.mask_skip[mine].amax((0, 2)).nonzero().squeeze(-1)


def penalties(program: Program, learn: ClosedForm) -> Penalties:
    """For each node and kind of terms, the penalty of the greatest evidence."""
    found: Penalties = {}
    for index, slot in enumerate(program.slots):
        key = (slot.node, slot.rung.skip)
        if slot.rung.skip != "linear" and key not in found and slot.node in learn.nodes:
            found[key] = best(program, index, partial(learn.evidence, index))
    return found


@torch.no_grad()
def start(program: Program, closed: ClosedForm, codes: Tensor, chosen: Penalties) -> None:
    """Put the ridge fits (or the levels' frequencies) into the weights of every slot.

    Member r of `closed` is the fit of the slots of replica r.
    """
    for index, slot in enumerate(program.slots):
        kind = program.variables[int(program.node[index])].kind
        if kind is Kind.CATEGORICAL:
            _start_levels(program, index, codes)
            continue
        penalty = chosen.get((slot.node, slot.rung.skip), MIDDLING)
        columns, found, spread = closed.solve(index, penalty)
        factor = _PROBIT if kind is Kind.BINARY else 1.0
        program.skip[index, columns, 0] = factor * found[slot.replica].float()
        if kind is not Kind.BINARY:
            program.bias[index, 0, LOG_SCALE] = unbounded(float(spread[slot.replica]))


def _start_levels(program: Program, index: int, codes: Tensor) -> None:
    levels = program.mechanisms[program.slots[index].node].width
    column = codes[:, int(program.node[index])]
    counts = torch.bincount(column[torch.isfinite(column)].long(), minlength=levels)
    program.skip[index, 0, :levels] = torch.log((counts + 0.5) / (counts.sum() + 1.0))


def unbounded(spread: float) -> float:
    """The raw parameter whose bounded log-scale is log `spread` (between e⁻⁵ and e⁵)."""
    share = min(max(math.log(max(spread, _LEAST_SPREAD)) / 5.0, -0.999), 0.999)
    return 5.0 * math.atanh(share)
