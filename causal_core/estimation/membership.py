"""Which of the compared rows have which of the two values."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from causal_core.estimation.contrast import contrast
from causal_core.tables.schema import Value
from causal_core.tables.table import Table


def membership(
    table: Table,
    treatment: str,
    outcome: str,
    values: tuple[Value, Value],
    adjusted: Iterable[str],
) -> np.ndarray:
    """The arm of each row that has all that is needed: 0, 1, or −1 for another value, [rows].

    The rows are those of `Overlap.propensities`, in the same order.
    """
    asked = contrast(table, treatment, outcome, values, None)
    treated = asked.treated(asked.complete(adjusted))
    return np.where(treated == asked.codes[0], 0, np.where(treated == asked.codes[1], 1, -1))
