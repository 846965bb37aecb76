"""Formulas evaluated on a discrete joint distribution: every sum of products is one einsum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from causal_core.errors import TableError, UnknownColumn
from causal_core.identification.expression import (
    Expression,
    Probability,
    Product,
    Quotient,
    Sum,
)

Array = np.ndarray

# Probabilities given with three decimals may miss 1 by the rounding of many cells.
ROUNDING = 1e-3


@dataclass(frozen=True)
class Grid:
    """Values at combinations of levels: one axis of `values` a name, in the order of `names`."""

    names: tuple[str, ...]
    values: Array


def evaluate(
    formula: Expression, joint: pd.Series, names: Sequence[str] | None = None
) -> pd.Series:
    """The value of `formula` at every combination of levels of `names` (its free names).

    See `Formula.evaluate` and `Estimand.evaluate`.
    """
    cells = Cells(joint)
    wanted = tuple(sorted(formula.free) if names is None else names)
    cells.need(wanted)
    grid = _averaged(_value(formula, cells), wanted, cells)
    values = np.broadcast_to(_aligned(grid, wanted), [len(cells.levels[n]) for n in wanted])
    if not wanted:
        return pd.Series([float(values)])
    index = pd.MultiIndex.from_product([cells.levels[name] for name in wanted], names=wanted)
    return pd.Series(values.ravel(), index=index)


class Cells:
    """A joint as one row of level numbers a cell, and the cells' probabilities."""

    def __init__(self, joint: pd.Series) -> None:
        self._index = joint.index
        self._chances = joint.to_numpy(dtype=float)
        self._check()

    @cached_property
    def _places(self) -> dict[str, int]:
        return {str(name): place for place, name in enumerate(self._index.names)}

    @cached_property
    def _codes(self) -> dict[str, tuple[Array, pd.Index]]:
        found = {}
        for name, place in self._places.items():
            codes, levels = pd.factorize(self._index.get_level_values(place), sort=True)
            found[name] = codes, pd.Index(levels)
        return found

    @cached_property
    def levels(self) -> dict[str, pd.Index]:
        """The levels of each column, sorted."""
        return {name: levels for name, (_, levels) in self._codes.items()}

    def need(self, names: Iterable[str]) -> None:
        """UnknownColumn where the joint lacks one of `names`."""
        for name in names:
            if name not in self._places:
                raise UnknownColumn(name, self._places)

    def margin(self, names: Sequence[str]) -> Array:
        """P(names) with one axis a name, float64."""
        self.need(names)
        if not names:
            return np.array(self._chances.sum())
        shape = [len(self.levels[name]) for name in names]
        place = np.ravel_multi_index([self._codes[name][0] for name in names], shape)
        summed = np.bincount(place, self._chances, minlength=int(np.prod(shape)))
        return np.asarray(summed).reshape(shape)

    def _check(self) -> None:
        if not np.isfinite(self._chances).all() or (self._chances < 0).any():
            raise TableError(
                "A probability of the joint is negative or missing.", "Give every cell its own."
            )
        if any(self._index.get_level_values(place).hasnans for place in self._places.values()):
            raise TableError("A level of the joint is missing.", "Leave out rows without a value.")
        if abs(self._chances.sum() - 1) > ROUNDING:
            raise TableError(
                f"The probabilities of the joint add up to {self._chances.sum():.4g}.",
                "Divide them by their sum.",
            )


def _value(formula: Expression, cells: Cells) -> Grid:
    match formula:
        case Probability(of, given):
            return _conditional(sorted(of), sorted(given), cells)
        case Quotient(top, bottom):
            return _divided(_value(top, cells), _value(bottom, cells))
        case Sum(over, body):
            factors = body.factors if isinstance(body, Product) else (body,)
            cells.need(over)
            # A sum over what its body does not depend on counts levels.
            ones = [Grid((n,), np.ones(len(cells.levels[n]))) for n in sorted(over - body.free)]
            return _contracted([*ones, *(_value(factor, cells) for factor in factors)], over)
        case Product(factors):
            return _contracted([_value(factor, cells) for factor in factors], ())


def _conditional(of: list[str], given: list[str], cells: Cells) -> Grid:
    both = cells.margin(of + given)
    with np.errstate(invalid="ignore"):
        return Grid((*of, *given), both / both.sum(axis=tuple(range(len(of)))))


def _divided(top: Grid, bottom: Grid) -> Grid:
    names = tuple(dict.fromkeys(top.names + bottom.names))
    with np.errstate(invalid="ignore", divide="ignore"):
        values = _aligned(top, names) / _aligned(bottom, names)
    return Grid(names, np.where(np.isfinite(values), values, np.nan))


def _contracted(grids: list[Grid], over: Iterable[str]) -> Grid:
    """Σ over `over` of the product; what is undefined but multiplied by 0 counts as 0."""
    names = tuple(sorted(frozenset[str]().union(*(grid.names for grid in grids)) - set(over)))
    filled = [np.nan_to_num(grid.values, nan=0.0) for grid in grids]
    value = _einsum(grids, filled, names)
    holes = [np.isnan(grid.values) for grid in grids]
    if any(hole.any() for hole in holes):
        counted = [(array != 0).astype(float) for array in filled]
        open_too = [np.maximum(some, hole) for some, hole in zip(counted, holes, strict=True)]
        missed = _einsum(grids, open_too, names) - _einsum(grids, counted, names)
        # Counts of cells: whole numbers but for rounding.
        value = np.where(missed > 0.5, np.nan, value)
    return Grid(names, value)


def _einsum(grids: list[Grid], arrays: list[Array], names: tuple[str, ...]) -> Array:
    number = {name: i for i, name in enumerate(sorted({n for g in grids for n in g.names}))}
    operands: list[object] = []
    for grid, array in zip(grids, arrays, strict=True):
        operands += [array, [number[name] for name in grid.names]]
    if not operands:
        return np.array(1.0)
    return np.asarray(np.einsum(*operands, [number[n] for n in names], optimize="greedy"))  # type: ignore[call-overload]


def _averaged(grid: Grid, wanted: tuple[str, ...], cells: Cells) -> Grid:
    """The mean over names that are not wanted, by their probability, where it is defined."""
    extra = tuple(name for name in grid.names if name not in wanted)
    if not extra:
        return grid
    names = (*(name for name in grid.names if name in wanted), *extra)
    values, axes = _aligned(grid, names), tuple(range(len(names) - len(extra), len(names)))
    weights = np.where(np.isnan(values), 0.0, cells.margin(extra))
    with np.errstate(invalid="ignore"):
        mean = (np.nan_to_num(values) * weights).sum(axes) / weights.sum(axes)
    return Grid(names[: -len(extra)], mean)


def _aligned(grid: Grid, names: tuple[str, ...]) -> Array:
    """The values with one axis for each of `names`, of length 1 where there is none."""
    order = [grid.names.index(name) for name in names if name in grid.names]
    shape = iter(np.transpose(grid.values, order).shape)
    return np.transpose(grid.values, order).reshape(
        [next(shape) if name in grid.names else 1 for name in names]
    )
