"""Whether the rows that are compared are alike: chances of each arm, weights and balance.

An average over everyone rests on rows of every kind in either arm (Rosenbaum & Rubin 1983,
overlap). Where few rows carry most of the weight, the estimate is theirs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from causal_core.estimation.design import Design

COMMON = (0.05, 0.95)  # chances of an arm between which a row counts as comparable


@dataclass(frozen=True, eq=False)
class Overlap:
    """Common ground of the two arms; balance and weights are of the rows that were used.

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


def overlap(
    propensities: np.ndarray, used: np.ndarray, arms: np.ndarray, covariates: Design, least: float
) -> Overlap:
    """Diagnostics from chances [rows, 2] and, of the rows `used`, arms and covariates.

    `arms` bool [used rows, 2]; `least` is the chance below which the weights are clipped.
    """
    share = float(within_reach(propensities).mean())
    weights = arms / np.maximum(propensities[used], least)
    effective = weights.sum(axis=0) ** 2 / (weights**2).sum(axis=0)
    worth = (float(effective[0]), float(effective[1]))
    table = balance(covariates, arms.astype(float), weights)
    return Overlap(propensities, share, worth, table, _sentence(share, worth, arms.sum(axis=0)))


def within_reach(propensities: np.ndarray) -> np.ndarray:
    """Which rows could well have had either value: bool [rows]."""
    low, high = COMMON
    return np.asarray(((propensities >= low) & (propensities <= high)).all(axis=1))


def balance(covariates: Design, before: np.ndarray, after: np.ndarray) -> pd.DataFrame:
    """Standardised mean differences, second arm less first, under two weightings [rows, 2].

    In units of the pooled unweighted standard deviation (Austin 2011, *An introduction to
    propensity score methods*); below 0.1 counts as balanced.
    """
    means, spread = _moments(covariates.matrix, before)
    weighted, _ = _moments(covariates.matrix, after)
    pooled = np.sqrt(spread.mean(axis=0))
    scale = np.where(pooled > 0, pooled, np.inf)
    columns = {
        "before": (means[1] - means[0]) / scale,
        "after": (weighted[1] - weighted[0]) / scale,
    }
    return pd.DataFrame(columns, index=pd.Index(covariates.names, name="covariate"))


def _moments(matrix: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weighted means and variances [2, features]."""
    shares = (weights / weights.sum(axis=0)).T
    means = shares @ matrix
    return means, shares @ matrix**2 - means**2


def _sentence(share: float, worth: tuple[float, float], counts: np.ndarray) -> str:
    return (
        f"{100 * share:.0f} % of the rows have a chance between 5 % and 95 % of either value, as "
        f"their causes have it. Weighted for this, {counts[0]:,} and {counts[1]:,} rows are worth "
        f"{worth[0]:,.0f} and {worth[1]:,.0f}."
    )
