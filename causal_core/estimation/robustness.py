"""How strong an unmeasured cause would have to be: Cinelli & Hazlett (2020).

*Making sense of sensitivity: extending omitted variable bias*, JRSS B 82:39–67. Strength is
a partial R²: the share of what is left of a column's variance that the cause would explain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from causal_core.tables.schema import Level, Value
from causal_core.tables.table import Table


@dataclass(frozen=True)
class Benchmark:
    """What the estimate would be with an unmeasured cause `multiple` times as strong as `name`."""

    name: str
    multiple: int
    r2_treatment: float
    r2_outcome: float
    estimate: float


@dataclass(frozen=True)
class Robustness:
    """A regression's estimate and what it would take to explain it away.

    `estimate` is the contrast between the two values in `unit`, `error` its standard error,
    `t` its t-value on `freedom` degrees of freedom. `partial_r2`: the treatment's with the
    outcome. `value`: the robustness value (equation 17), the partial R² that a cause must have
    with both to bring the estimate to zero; `significance`: to make it insignificant at 5 %.
    """

    estimate: float
    error: float
    t: float
    freedom: int
    partial_r2: float
    value: float
    significance: float
    benchmarks: tuple[Benchmark, ...]
    unit: str
    sentence: str

    def adjusted_estimate(
        self, r2_treatment: np.ndarray | float, r2_outcome: np.ndarray | float
    ) -> np.ndarray:
        """The estimate with a cause of these partial R² held fixed, broadcast (equation 14)."""
        raise NotImplementedError


def robustness(
    table: Table,
    treatment: str,
    outcome: str,
    adjusted: Sequence[str],
    *,
    values: tuple[Value, Value] = (0, 1),
    level: Level | None = None,
    benchmarks: Sequence[str] = (),
) -> Robustness:
    """The regression of `outcome` on `treatment` and `adjusted`, and its robustness.

    Levels become indicators; of a discrete outcome the indicator of `level` is regressed.
    `benchmarks`: columns of `adjusted` to compare with, once, twice and three times.
    """
    raise NotImplementedError
