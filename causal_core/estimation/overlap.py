"""Whether the rows that are compared are alike: chances of each arm, weights and balance.

An average over everyone rests on rows of every kind in either arm (Rosenbaum & Rubin 1983,
overlap). Where few rows carry most of the weight, the estimate is theirs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

COMMON = (0.05, 0.95)  # chances of an arm between which a row counts as comparable


@dataclass(frozen=True, eq=False)
class Overlap:
    """Common ground of the two arms.

    `propensities`: float64 [rows, 2], each row's chance of either arm as its causes have it,
    before clipping; `share`: of rows with both chances in [.05, .95]; `effective`: rows that
    either arm's weights are worth (Kish 1965); `balance`: one line per covariate, with the
    standardised mean difference between the arms “before” and “after” weighting.
    """

    propensities: np.ndarray
    share: float
    effective: tuple[float, float]
    balance: pd.DataFrame
    sentence: str
