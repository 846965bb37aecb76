"""Bounds that assume nothing: C. F. Manski (1990), *Nonparametric bounds on treatment effects*.

A row that has the value shows its outcome; a row that has another could have had any.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

Ends = tuple[float, float]


class Natural(NamedTuple):
    """Bounds of both arms [2, 2] (arm, low and high) and of their contrast [2], with the
    standard errors [2] of the contrast's ends."""

    arms: np.ndarray
    contrast: np.ndarray
    errors: np.ndarray


def natural_bounds(response: np.ndarray, chosen: np.ndarray, span: Ends) -> Natural:
    """Bounds of E[Y | do(x)] for two values x and of their difference, second less first.

    `response` float64 [rows] within `span`; `chosen` bool [rows, 2] says which rows have
    each value. Both ends are means over rows, which gives their standard errors.
    """
    floor, ceiling = (np.where(chosen, response[:, None], end) for end in span)
    arms = np.stack([floor.mean(axis=0), ceiling.mean(axis=0)], axis=1)
    ends = np.stack([floor[:, 1] - ceiling[:, 0], ceiling[:, 1] - floor[:, 0]])
    spread = ends.std(axis=1, ddof=1) if len(response) > 1 else np.zeros(2)
    return Natural(arms, ends.mean(axis=1), spread / np.sqrt(len(response)))
