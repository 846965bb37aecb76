"""Signs that an equation is not what counterfactuals take it for: monotone in one noise.

That assumption cannot be proved from data, but some data speak against it: a noise that
still depends on the causes (the equation misses something), and several peaks for one set
of causes (as where the noise is folded, |u|, or two mechanisms are mixed).
"""

from __future__ import annotations

import numpy as np
import torch
from scipy.stats import rankdata
from torch import Tensor

from causal_core.mechanisms.continuous import Continuous
from causal_core.scm.equation import Equation

DEPENDENT = "its noise still depends on its causes"
PEAKS = "it has several peaks for the same causes"
_LEAST_RANK_CORRELATION = 0.1
_STANDARD_ERRORS = 4.5  # some thirty comparisons, at a chance of one in a thousand for all
_ROWS = 200
_VALLEY = 0.5  # of the lower peak: shallower dips are often the spline's own
_SHARE = 0.25  # of rows with several peaks


def doubt(equation: Equation, context: Tensor, codes: Tensor) -> str:
    """Why the equation's counterfactuals are doubtful, or an empty string.

    `context` [rows, parents] and `codes` [rows]: held-out rows without gaps.
    """
    if not isinstance(equation.mechanism, Continuous) or not equation.context or not len(codes):
        return ""
    params = equation.params(context.unsqueeze(0), (0,)).map(lambda part: part.squeeze(0))
    noise = equation.mechanism.abduct(codes, params, codes)
    if _dependent(noise.double().numpy(), context.double().numpy()):
        return DEPENDENT
    return PEAKS if _peaks(equation, context[:_ROWS]) > _SHARE else ""


def _dependent(noise: np.ndarray, context: np.ndarray) -> bool:
    """Whether noise or its size goes with a cause or its distance from the middle."""
    least = max(_LEAST_RANK_CORRELATION, _STANDARD_ERRORS / np.sqrt(len(noise)))
    causes = [*context.T, *np.abs(context - np.median(context, axis=0)).T]
    ranks = [rankdata(cause) for cause in causes if np.ptp(cause) > 0]
    return any(
        abs(np.corrcoef(rankdata(part), rank)[0, 1]) > least
        for part in (noise, np.abs(noise))
        for rank in ranks
    )


def _peaks(equation: Equation, context: Tensor) -> float:
    """The share of rows for which the fitted density has more than one peak."""
    params = equation.params(context.unsqueeze(0), (0,)).map(lambda part: part.unsqueeze(-2))
    noise = torch.linspace(-3, 3, 241, dtype=equation.dtype)
    values = equation.mechanism.forward(noise, params)
    density = equation.mechanism.log_prob(values, params).exp()
    return float(np.mean([_several(row) for row in density.squeeze(0).double().numpy()]))


def _several(density: np.ndarray) -> bool:
    """Whether a valley parts two peaks: deeper than `_VALLEY` of the lower one."""
    before, after = np.maximum.accumulate(density), np.maximum.accumulate(density[::-1])[::-1]
    return bool((density < _VALLEY * np.minimum(before, after)).any())
