"""Ridge regressions: the closed-form rungs, and the start of every neural one."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from causal_core.mechanisms.choose import Standard
from causal_core.mechanisms.continuous import LOG_SCALE
from causal_core.scm.program import Program
from causal_core.tables.schema import Kind

_PENALTIES = (1e-2, 1.0, 1e2)  # on products, in rows; chosen by held-out error
_LINEAR_PENALTY = 1e-4
_PROBIT = 2.5  # a probit's slope over that of a line through the same two levels, near ½
_LEAST_SPREAD = 1e-3


def ridge(design: Tensor, target: Tensor, weights: Tensor, penalty: Tensor) -> Tensor:
    """Coefficients [columns] minimising Σ w (y − Xb)² + Σ penalty b², in float64."""
    weighted = design * weights.unsqueeze(-1)
    gram = weighted.T @ design + torch.diag(penalty)
    solved = torch.linalg.lstsq(gram, weighted.T @ target, driver="gelsd")
    return torch.as_tensor(solved.solution)


class ClosedForm:
    """Ridge fits of a node on the terms that a slot may use.

    `codes` [rows, variables] holds the rows to fit; `held_out` those that choose
    the penalty on products (a middling one without them).
    `given` replaces what the equations read of `codes`.
    """

    def __init__(
        self,
        program: Program,
        standards: dict[str, Standard],
        codes: Tensor,
        held_out: Tensor | None = None,
        given: Tensor | None = None,
    ) -> None:
        self._program = program
        self._standards = standards
        design = self._design(codes if given is None else given)
        self._terms = {"train": design}
        self._codes = {"train": codes}
        self._usable = {"train": program.usable(codes)}
        if held_out is not None:
            self._terms["held out"] = self._design(held_out)
            self._codes["held out"] = held_out
            self._usable["held out"] = program.usable(held_out)
        self._penalty: dict[tuple[str, str], float] = {}
        self._shared: dict[tuple[str, str], Tensor] = {}

    def _design(self, codes: Tensor) -> Tensor:
        return self._program.terms(self._program.features(codes.double()))

    def _target(self, slot: int, part: str) -> Tensor:
        node = self._program.slots[slot].node
        standard = self._standards[node]
        column = self._codes[part][:, int(self._program.node[slot])].double()
        return torch.nan_to_num((column - standard.centre) / standard.scale)

    def fit(self, slot: int, boost: Tensor | None = None) -> tuple[Tensor, Tensor, float]:
        """(term indices, coefficients, residual standard deviation) of one slot.

        `boost` [rows] are the ensemble member's weights.
        """
        columns = self._program.mask_skip[slot].amax(-1).nonzero().squeeze(-1)
        weights = self._usable["train"][slot].double()
        if boost is not None:
            weights = weights * boost.double()
        design = self._terms["train"][:, columns]
        target = self._target(slot, "train")
        coefficients = ridge(design, target, weights, self._penalties(slot, columns))
        residual = target - design @ coefficients
        spread = float((weights * residual**2).sum() / weights.sum().clamp_min(1.0)) ** 0.5
        return columns, coefficients, max(spread, _LEAST_SPREAD)

    def shared(self, slot: int) -> Tensor:
        """The coefficients that all rows ask for alike, the same for every member."""
        what = self._program.slots[slot]
        key = (what.node, what.rung.skip)
        if key not in self._shared:
            self._shared[key] = self.fit(slot)[1]
        return self._shared[key]

    def _penalties(self, slot: int, columns: Tensor) -> Tensor:
        orders = torch.tensor([len(self._program.terms.keys[int(c)]) for c in columns])
        base = torch.where(orders > 0, _LINEAR_PENALTY, 0.0).double()
        if not (orders > 1).any():
            return base
        return torch.where(orders > 1, self._best_penalty(slot, columns, orders), base)

    def _best_penalty(self, slot: int, columns: Tensor, orders: Tensor) -> float:
        what = self._program.slots[slot]
        key = (what.node, what.rung.skip)
        if "held out" not in self._terms:
            return _PENALTIES[1]
        if key not in self._penalty:
            errors = {p: self._error(slot, columns, orders, p) for p in _PENALTIES}
            self._penalty[key] = min(errors, key=lambda p: errors[p])
        return self._penalty[key]

    def _error(self, slot: int, columns: Tensor, orders: Tensor, penalty: float) -> float:
        penalties = torch.where(orders > 1, penalty, _LINEAR_PENALTY).double()
        design, usable = self._terms["train"][:, columns], self._usable["train"][slot].double()
        fitted = ridge(design, self._target(slot, "train"), usable, penalties)
        check = self._terms["held out"][:, columns] @ fitted
        wrong = (self._target(slot, "held out") - check) ** 2
        return float((wrong * self._usable["held out"][slot].double()).sum())

    @torch.no_grad()
    def start(self, slot: int, boost: Tensor | None = None) -> None:
        """Put the ridge fit (or the levels' frequencies) into the slot's weights."""
        kind = self._kind(slot)
        if kind is Kind.CATEGORICAL:
            self._start_levels(slot)
            return
        columns, coefficients, spread = self.fit(slot, boost)
        if kind is Kind.BINARY:
            coefficients, spread = coefficients * _PROBIT, 1.0
        self._program.skip[slot, columns, 0] = coefficients.float()
        self._program.bias[slot, 0, LOG_SCALE] = _unbounded(math.log(spread))

    def _kind(self, slot: int) -> Kind:
        return self._program.variables[int(self._program.node[slot])].kind

    def _start_levels(self, slot: int) -> None:
        levels = self._program.mechanisms[self._program.slots[slot].node].width
        column = self._codes["train"][:, int(self._program.node[slot])]
        counts = torch.bincount(column[torch.isfinite(column)].long(), minlength=levels)
        self._program.skip[slot, 0, :levels] = torch.log((counts + 0.5) / (counts.sum() + 1.0))

    @torch.no_grad()
    def shift(self, slot: int, before: ClosedForm, boost: Tensor) -> None:
        """Move a warm-started slot by what other rows and weights change in the ridge fit."""
        columns, own, _ = self.fit(slot, boost)
        self._program.skip[slot, columns, 0] += (own - before.shared(slot)).float()


def _unbounded(log_scale: float) -> float:
    """The raw parameter whose bounded log-scale is `log_scale` (|log_scale| < 5)."""
    share = min(max(log_scale / 5.0, -0.999), 0.999)
    return 5.0 * math.atanh(share)
