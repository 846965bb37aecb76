"""Where a sweep is evaluated: slider positions, outcome bins, and how much data is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from causal_core.tables.schema import Kind, Variable

POSITIONS = 41
BINS = 96
_BEYOND = 0.10  # the slider goes this share of the data's span beyond it, to show where data end
_TAIL = 0.005
_WINDOW = 25  # support is counted in windows of this fraction of the slider
_ENOUGH = 10.0  # rows in a window that count as good support


def positions(variable: Variable, codes: np.ndarray) -> np.ndarray:
    """Codes [P] at which a cause is set: its levels, its whole numbers, or an even grid."""
    if variable.kind.discrete:
        return np.arange(len(variable.levels), dtype=float)
    low, high = span(codes)
    if variable.kind is Kind.INTEGER and high - low < POSITIONS:
        return np.arange(np.floor(low), np.ceil(high) + 1)
    wider = (high - low) * _BEYOND
    low, high = _within_sign(codes, low - wider), high + wider
    grid = np.linspace(low, high, POSITIONS)
    return np.unique(np.round(grid)) if variable.kind is Kind.INTEGER else grid


def span(codes: np.ndarray) -> tuple[float, float]:
    """The range of a column's seen codes, its farthest tails left out."""
    seen = codes[np.isfinite(codes)]
    low, high = np.quantile(seen, [_TAIL, 1 - _TAIL])
    return (float(low), float(high)) if high > low else (float(seen.min()), float(seen.max()))


def _within_sign(codes: np.ndarray, low: float) -> float:
    """A quantity never seen below zero is not offered below zero."""
    return max(low, 0.0) if np.nanmin(codes) >= 0 else low


@dataclass(frozen=True, eq=False)
class OutcomeGrid:
    """Bins of an outcome: `edges` is None where bins are levels."""

    centres: np.ndarray
    edges: np.ndarray | None
    smooth: bool

    @classmethod
    def of(cls, variable: Variable, values: np.ndarray) -> OutcomeGrid:
        """Bins that hold all but the farthest tails of `values` (codes, any shape)."""
        if variable.kind.discrete:
            return cls(np.arange(len(variable.levels), dtype=float), None, False)
        low, high = np.quantile(values, [0.002, 0.998])
        if variable.kind is Kind.INTEGER and high - low < BINS:
            edges = np.arange(np.floor(low), np.ceil(high) + 2) - 0.5
        else:
            margin = 0.04 * (high - low) or 0.5
            edges = np.linspace(low - margin, high + margin, BINS + 1)
        whole = variable.kind is Kind.INTEGER and edges[1] - edges[0] == 1
        return cls((edges[1:] + edges[:-1]) / 2, edges, not whole)

    def density(self, draws: np.ndarray) -> np.ndarray:
        """Draws [P, rows] → density per unit [P, B]; smoothed where the outcome is continuous."""
        assert self.edges is not None
        width = self.edges[1] - self.edges[0]
        index = np.floor((draws - self.edges[0]) / width).astype(int)
        inside = (index >= 0) & (index < len(self.centres))
        flat = index + np.arange(len(draws))[:, None] * len(self.centres)
        counts = np.bincount(flat[inside], minlength=len(draws) * len(self.centres))
        density = counts.reshape(len(draws), -1) / (draws.shape[1] * width)
        return self._smoothed(density, draws) if self.smooth else density

    def _smoothed(self, density: np.ndarray, draws: np.ndarray) -> np.ndarray:
        """Gaussian smoothing with Silverman's width of the narrowest curve."""
        spread = np.quantile(draws, 0.75, axis=1) - np.quantile(draws, 0.25, axis=1)
        positive = spread[spread > 0]
        narrow = float(positive.min()) / 1.349 if len(positive) else 0.0
        bandwidth = max(0.9 * narrow * draws.shape[1] ** -0.2, self.centres[1] - self.centres[0])
        kernel = np.exp(-0.5 * ((self.centres[:, None] - self.centres) / bandwidth) ** 2)
        return np.asarray(density @ (kernel / kernel.sum(1, keepdims=True)))


def support(
    cause: Variable,
    at: np.ndarray,
    columns: Mapping[str, np.ndarray],
    held: Mapping[str, float],
    variables: Mapping[str, Variable],
) -> np.ndarray:
    """How much data stands at each position [P], 0..1, near the other held values.

    `columns` maps names to codes [rows]; `held` the codes at which others are held.
    """
    weight = np.ones(len(columns[cause.name]))
    for name, code in held.items():
        weight = weight * _near(variables[name], columns[name], np.array([code]))[0]
    near = _near(cause, columns[cause.name], at)
    return np.asarray(1 - np.exp(-(near * weight).sum(1) / _ENOUGH))


def _near(variable: Variable, codes: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Closeness [P, rows] of each row to each position, 1 at the same value."""
    if variable.kind.discrete:
        same: np.ndarray = (codes[None, :] == at[:, None]).astype(float)
        return same
    low, high = span(codes)
    width = max((high - low) / _WINDOW, 0.5 if variable.kind is Kind.INTEGER else 1e-12)
    distance = (codes[None, :] - at[:, None]) / width
    near: np.ndarray = np.nan_to_num(np.exp(-0.5 * distance**2))
    return near
