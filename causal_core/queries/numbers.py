"""The numbers behind the hero picture, as a table to read and to take away."""

from __future__ import annotations

import numpy as np
import pandas as pd

from causal_core.queries.sweep_answer import OUTSIDE, SweepAnswer


def numbers(answer: SweepAnswer, truth: np.ndarray | None = None) -> pd.DataFrame:
    """One row per slider position: the three rungs with their 90 % intervals, and support."""
    columns: dict[str, object] = {
        answer.cause.name: [answer.cause.value(p) for p in answer.positions]
    }
    curves = {
        "seeing": answer.seeing,
        "doing": answer.doing,
        "imagining, all rows": answer.everyone,
    }
    for name, curve in curves.items():
        columns |= {name: curve.mean, f"{name}, low": curve.low, f"{name}, high": curve.high}
    if answer.row is not None:
        row = answer.row
        columns |= {"imagining, row": row.mean, "row, low": row.low, "row, high": row.high}
    if truth is not None:
        columns["truth"] = truth
    columns["inside the data"] = answer.support >= OUTSIDE
    columns["rows within reach"] = answer.overlap
    return pd.DataFrame(columns)
