"""A column as a test sees it: what of it is compared, and what of it is held fixed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from causal_core.discovery.curve_score import spline_terms
from causal_core.tables.schema import Kind, Variable

FEW_VALUES = 6  # whole numbers that take no more are counted like levels
MOST_SIDES = 7  # levels of their own when compared; the rarer ones are taken together
LINES_ONLY = 100  # with fewer rows nothing bends
_LONG_TAILS = 7.0  # excess kurtosis; that of an exponential is 6
_TAIL = 0.01  # of the rows lies beyond the outer knots
_KNOTS = ((1000, 8), (300, 6), (LINES_ONLY, 3))  # inner knots of a curve, from so many rows


@dataclass(frozen=True, eq=False)
class Column:
    """Terms of one column, float64 [rows, ...], NaN where a cell is missing.

    `sides`: what is compared: the number, or an indicator of each level but one;
    `bends`: waves of its ranks, compared too, so that a bent relation shows (none for levels);
    `terms`: what is held fixed: a curve's terms, or the indicators;
    `links`: the terms whose products with those of others are held fixed too.
    """

    name: str
    leveled: bool
    ranked: bool
    codes: np.ndarray
    sides: np.ndarray
    bends: np.ndarray
    terms: np.ndarray
    links: np.ndarray

    @property
    def seen(self) -> np.ndarray:
        """Which cells are filled in, bool [rows]."""
        return np.asarray(np.isfinite(self.codes))


def column(variable: Variable, codes: np.ndarray) -> Column:
    """The terms of `codes` [rows], of which two at least differ."""
    seen = np.isfinite(codes)
    values, places = np.unique(codes[seen], return_inverse=True)
    few = variable.kind is Kind.INTEGER and len(values) <= FEW_VALUES
    if variable.kind.discrete or few:
        return _of_levels(variable.name, codes, seen, places)
    return _of_numbers(variable.name, codes, seen)


def _of_levels(name: str, codes: np.ndarray, seen: np.ndarray, places: np.ndarray) -> Column:
    often = np.argsort(-np.bincount(places), kind="stable")
    indicators = _spread((places[:, None] == often[1:]).astype(float), seen)
    packed = _spread(places[:, None].astype(float), seen)[:, 0]
    sides = indicators[:, :MOST_SIDES]
    return Column(name, True, False, packed, sides, sides[:, :0], indicators, sides)


def _of_numbers(name: str, codes: np.ndarray, seen: np.ndarray) -> Column:
    values = codes[seen] / np.abs(codes[seen]).max()  # so that no square is infinite
    values = (values - values.mean()) / values.std()
    ranked = bool((values**4).mean() - 3 > _LONG_TAILS)
    shares = _shares(values)
    values = ndtri(shares) if ranked else values
    knots = next((inner for rows, inner in _KNOTS if len(values) >= rows), 0)
    terms = spline_terms(values, knots, _TAIL) if knots else values[:, None]
    waves = np.cos(np.pi * shares[:, None] * np.array([2, 3])) * np.sqrt(2)
    waves = waves[:, : 2 if knots else 0]
    links = np.column_stack([values, waves])
    return Column(
        name,
        False,
        ranked,
        _spread(values[:, None], seen)[:, 0],
        _spread(values[:, None], seen),
        _spread(waves, seen),
        _spread(terms / terms.std(0), seen),
        _spread(links, seen),
    )


def _shares(values: np.ndarray) -> np.ndarray:
    """The share of the rows below each value [rows], ties in the middle; 0 < share < 1."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - counts / 2
    return np.asarray(middle[places] / len(values))


def _spread(values: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """`values` of the rows that are seen, in their places [rows, ...]."""
    found = np.full((len(seen), values.shape[1]), np.nan)
    found[seen] = values
    return found
