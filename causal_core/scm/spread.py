"""A spread that moves with the causes, solved: the log-scale of closed-form equations.

The log of a squared residual is twice the log-scale plus noise of known variance, so that a
ridge regression on the terms finds it (Harvey 1976, *Estimating regression models with
multiplicative heteroscedasticity*). The evidence that chooses every penalty also says
whether the spread moves at all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from causal_core.mechanisms.choose import Standard
from causal_core.mechanisms.continuous import LOG_SCALE
from causal_core.scm.closed_form import log_evidence
from causal_core.scm.data import Rows
from causal_core.scm.penalty import MIDDLING, NONE, Penalties, Penalty, best, pulls
from causal_core.scm.program import Program

_MOST_ROWS = 65_536
_TINY = 1e-2  # of the mean square: residuals smaller than a tenth do not count as smaller still
_WEIGHT = 8 / math.pi**2  # a row tells ½ log r² with the variance π²/8


def spread_key(node: str, skip: str) -> tuple[str, str]:
    """Under which name the penalty on the terms of a log-scale is kept."""
    return node, f"spread, {skip}"


@torch.no_grad()
def start_spreads(
    program: Program, rows: Rows, standards: Mapping[str, Standard], chosen: Penalties
) -> list[int]:
    """Put the log-scale's terms into the slots without hidden layers where it moves.

    Returns these slots, and adds their penalties to `chosen`.
    """
    rows = rows.head(_MOST_ROWS)
    slots = [(s.replica, i) for i, s in enumerate(program.slots) if s.rung.moving]
    if not slots:
        return []
    counts, found = program.weighed(rows), []
    base = program.base(rows.codes)[..., 0]
    for replica, index in sorted(slots):
        slot, standard = program.slots[index], standards[program.slots[index].node]
        column = rows.codes[:, int(program.node[index])]
        residual = (column - standard.centre) / standard.scale - base[index]
        columns = program.columns(index)
        terms = program.some_terms(rows.codes, columns).double()
        logs = _Logs(program, index, columns, terms, *_halved_logs(residual, counts[index]))
        key = spread_key(slot.node, slot.rung.skip)
        if replica == 0:
            penalty = best(program, index, logs.evidence)
            if float(logs.evidence([penalty])) > logs.still:
                chosen[key] = penalty
        if key in chosen:
            program.skip[index, columns, LOG_SCALE] = logs.solved(chosen[key])
            found.append(index)
    return found


def _halved_logs(residual: Tensor, counts: Tensor) -> tuple[Tensor, Tensor]:
    """½ log of the squared residuals [rows], as float64, and what each row counts."""
    square, counts = torch.nan_to_num(residual).double().square(), counts.double()
    mean = (square * counts).sum() / counts.sum().clamp_min(1.0)
    logs = 0.5 * torch.log(square / mean.clamp_min(1e-12) + _TINY)
    return logs - (logs * counts).sum() / counts.sum().clamp_min(1.0), counts


class _Logs:
    """The regression of one slot's logs [rows] on its terms [rows, c]."""

    def __init__(
        self,
        program: Program,
        index: int,
        columns: Tensor,
        terms: Tensor,
        logs: Tensor,
        counts: Tensor,
    ) -> None:
        self._program, self._index, self._columns = program, index, columns
        weighted = terms * counts.unsqueeze(1)
        self._mean = weighted.sum(0) / counts.sum().clamp_min(1.0)
        self._sums = weighted.T @ terms, weighted.T @ logs, counts @ logs**2, counts.sum()

    def evidence(self, tried: Sequence[Penalty]) -> Tensor:
        """Log marginal likelihood [tried] of the logs under these penalties."""
        return log_evidence(*self._sums, pulls(self._program, self._columns, tried))

    @property
    def still(self) -> float:
        """The same where no term but the constant is used."""
        ridges = torch.full((1, len(self._columns)), NONE, dtype=torch.float64)
        ridges[0, 0] = 0.0
        return float(log_evidence(*self._sums, ridges))

    def solved(self, penalty: Penalty) -> Tensor:
        """The coefficients [c], whose terms have the mean zero over the rows."""
        gram, cross, *_ = self._sums
        ridge = pulls(self._program, self._columns, [penalty])[0]
        found = torch.as_tensor(torch.linalg.solve(gram + torch.diag(ridge), cross))
        found[0] -= self._mean @ found
        return found.float()


def spread_pulls(program: Program, slot: int, columns: Tensor, chosen: Penalties) -> Tensor:
    """Precisions [c] of the log-scale's terms at the places `columns` [c]."""
    node, rung = program.slots[slot].node, program.slots[slot].rung
    penalty = chosen.get(spread_key(node, rung.skip), MIDDLING)
    return _WEIGHT * pulls(program, columns, [penalty])[0]
