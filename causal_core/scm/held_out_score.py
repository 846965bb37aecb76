"""How one graph does on rows set aside; apart from what computes it, for pages load no torch."""

from __future__ import annotations

from dataclasses import dataclass

_CLEAR = 2.0  # standard errors from which a difference is said to be one


@dataclass(frozen=True)
class HeldOut:
    """One graph's mean log-likelihood of `rows` rows set aside, in nats per row.

    `behind`: less than the best graph's; `error`: the standard error of that difference
    between rows (it does not cover the choice of the rows learned from).
    """

    mean: float
    behind: float
    error: float
    rows: int

    @property
    def clear(self) -> bool:
        """Whether the rows tell this graph from the best."""
        return self.behind > _CLEAR * self.error
