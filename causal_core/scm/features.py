"""From codes of variables to the numbers that an equation reads.

Ordered variables become one standardised column, categorical ones a column per level.
`Terms` are the products of columns (degree two and three) of the polynomial rung, waves
the bends along each column of the additive one and the random ones of the smooth one.
Rows stand last, so that every step runs along them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import torch
from torch import Tensor

from causal_core.mechanisms.choose import Standard
from causal_core.rng import derive_seed
from causal_core.tables.schema import Kind, Variable

Key = tuple[str, int]  # a column: the variable's name and its level, −1 for ordered ones
_SEEN = -2  # the level that marks a column "this variable is given"
_MOST_PRODUCTS = 240
STEEPNESS = (0.3, 1.0, 3.0)  # of the waves, in changes per standard deviation
WAVES = 24 * len(STEEPNESS)
# (steepness, place) of the bends along one column, in its standard deviations
_ALONG = [(1.0, at) for at in (-2.0, -1.0, 0.0, 1.0, 2.0)]
_ALONG += [(3.0, at / 2) for at in range(-5, 6)]
_FARTHEST = 12.0  # standard deviations beyond which powers stop growing
_BEYOND = 1.25  # and they go on that far past the range seen


class Features:
    """Codes [..., variables, rows] → features [..., columns, rows] of another dtype.

    Missing codes are zeros.

    With `flags`, one more column per variable says whether it was given.
    """

    def __init__(
        self, variables: Sequence[Variable], standards: Mapping[str, Standard], flags: bool = False
    ) -> None:
        ordered = [i for i, v in enumerate(variables) if v.kind is not Kind.CATEGORICAL]
        nominal = [i for i, v in enumerate(variables) if v.kind is Kind.CATEGORICAL]
        chosen = [standards[variables[i].name] for i in ordered]
        self._ordered = torch.tensor(ordered, dtype=torch.long)
        self._nominal = [(i, torch.arange(len(variables[i].levels))[:, None]) for i in nominal]
        self.flags = flags
        self._centre = torch.tensor([s.centre for s in chosen], dtype=torch.float64).reshape(-1, 1)
        self._scale = torch.tensor([s.scale for s in chosen], dtype=torch.float64).reshape(-1, 1)
        self.keys: list[Key] = [(variables[i].name, -1) for i in ordered]
        for i in nominal:
            self.keys += [(variables[i].name, k) for k in range(len(variables[i].levels))]
        if flags:
            self.keys += [(v.name, _SEEN) for v in variables]
        ranges = {variables[i].name: s for i, s in zip(ordered, chosen, strict=True)}
        spans = [ranges.get(name) if level == -1 else None for name, level in self.keys]
        self.low = torch.tensor([_least(span) for span in spans]).reshape(-1, 1)
        self.high = torch.tensor([_most(span) for span in spans]).reshape(-1, 1)

    def __call__(self, codes: Tensor, dtype: torch.dtype = torch.float32) -> Tensor:
        centre, scale = self._centre.to(codes), self._scale.to(codes)
        ordered = codes.index_select(-2, self._ordered.to(codes.device))
        parts = [ordered.sub(centre).div_(scale).to(dtype)]
        for index, levels in self._nominal:
            parts.append((codes[..., index : index + 1, :] == levels.to(codes.device)).to(dtype))
        columns = torch.nan_to_num(torch.cat(parts, dim=-2) if self._nominal else parts[0])
        if self.flags:
            columns = torch.cat([columns, torch.isfinite(codes).to(dtype)], dim=-2)
        return columns


def _least(standard: Standard | None) -> float:
    return max(_BEYOND * standard.low, -_FARTHEST) if standard else -1.0


def _most(standard: Standard | None) -> float:
    return min(_BEYOND * standard.high, _FARTHEST) if standard else 1.0


def products(keys: Sequence[Key], variables: Mapping[str, Variable]) -> list[tuple[Key, ...]]:
    """The polynomial terms over these columns: squares, cubes and products of two.

    Two-level and one-hot columns have no powers; columns of one variable no product.
    """
    curved = [k for k in keys if is_curved(k, variables)]
    powers: list[tuple[Key, ...]] = [(k, k) for k in curved] + [(k, k, k) for k in curved]
    pairs: list[tuple[Key, ...]] = [(a, b) for a, b in combinations(keys, 2) if a[0] != b[0]]
    return powers + (pairs if len(pairs) <= _MOST_PRODUCTS else [])


def flag_products(keys: Sequence[Key]) -> list[tuple[Key, ...]]:
    """The terms by which a column's weight depends on what else is given.

    Columns times flags, and flags times flags, of different variables.
    """
    values = [k for k in keys if k[1] != _SEEN]
    flags = [k for k in keys if k[1] == _SEEN]
    pairs: list[tuple[Key, ...]] = [(a, b) for a in values for b in flags if a[0] != b[0]]
    pairs += list(combinations(flags, 2))
    return pairs if len(pairs) <= _MOST_PRODUCTS else []


class Wave(NamedTuple):
    """The key of a bend: of the whole context of the node `of`, or along the variable `of`."""

    of: str
    number: int
    along: bool = False

    @property
    def steepness(self) -> float:
        """How fast it changes."""
        if self.along:
            return _ALONG[self.number][0]
        return STEEPNESS[self.number * len(STEEPNESS) // WAVES]


Term = tuple[Key, ...] | Wave


def waves(features: Features, node: str, context: Sequence[str], seed: int) -> Tensor:
    """Directions and, last, offsets of a node's random bends [columns + 1, WAVES].

    tanh of random projections of the features; a ridge regression on them is a smooth
    function of any shape (random features: Rahimi & Recht 2008).
    """
    stream = torch.Generator().manual_seed(derive_seed(seed, "waves", node))
    reads = torch.tensor([[float(key[0] in context)] for key in features.keys])
    steep = torch.tensor([Wave(node, i).steepness for i in range(WAVES)])
    narrow = (2 / max(2, len(context))) ** 0.5
    directions = torch.randn((len(features.keys), WAVES), generator=stream) * steep * narrow
    offsets = 2 * torch.randn((1, WAVES), generator=stream) * steep
    return torch.cat([directions * reads, offsets])


def curves(features: Features, curved: Sequence[Key]) -> tuple[Tensor, list[Wave]]:
    """The bends along each of the columns `curved` [columns + 1, n], and their keys.

    A ridge regression on them is a sum of smooth curves (Hastie & Tibshirani 1986).
    """
    steep, at = torch.tensor(_ALONG).T
    parts = [torch.empty(len(features.keys) + 1, 0)]
    for key in curved:
        part = torch.zeros(len(features.keys) + 1, len(_ALONG))
        part[features.keys.index(key)], part[-1] = steep, -steep * at
        parts.append(part)
    keys = [Wave(name, number, True) for name, _ in curved for number in range(len(_ALONG))]
    return torch.cat(parts, dim=1), keys


def is_curved(key: Key, variables: Mapping[str, Variable]) -> bool:
    """Whether a column can bend: an ordered one of more than two levels."""
    return key[1] == -1 and variables[key[0]].kind is not Kind.BINARY


def bends(features: Tensor, waves: Tensor) -> Tensor:
    """Features [..., columns, rows] and waves [columns + 1, n] → [..., n, rows].

    tanh(v) = 2 σ(2v) − 1, by the sigmoid: torch's own tanh is three times slower on a CPU.
    """
    doubled = 2 * waves.to(features)
    risen = torch.matmul(doubled[:-1].T, features).add_(doubled[-1, :, None])
    return risen.sigmoid_().mul_(2).sub_(1)


@dataclass(frozen=True)
class Terms:
    """The columns of the closed-form part: one, the features, and their products."""

    keys: tuple[tuple[Key, ...], ...]
    index: Tensor  # [products, 3] columns to multiply; the last column is the constant one
    low: Tensor
    high: Tensor

    @classmethod
    def over(cls, features: Features, terms: Sequence[tuple[Key, ...]]) -> Terms:
        place = {key: i for i, key in enumerate(features.keys)}
        one = len(features.keys)
        rows = [[*(place[k] for k in term), one, one][:3] for term in terms]
        index = torch.tensor(rows, dtype=torch.long).reshape(-1, 3)
        linear: list[tuple[Key, ...]] = [(), *((key,) for key in features.keys)]
        return cls((*linear, *terms), index, features.low, features.high)

    def __call__(self, features: Tensor) -> Tensor:
        """Features [..., columns, rows] → terms [..., 1 + columns + products, rows]."""
        one = features.new_ones((*features.shape[:-2], 1, features.shape[-1]))
        return torch.cat([one, features, *self.raised(features)], dim=-2)

    def raised(self, features: Tensor) -> list[Tensor]:
        """The products alone [..., products, rows], where there are any."""
        if not len(self.index):
            return []
        clipped = torch.clamp(features, self.low.to(features), self.high.to(features))
        one = features.new_ones((*features.shape[:-2], 1, features.shape[-1]))
        padded = torch.cat([clipped, one], dim=-2)
        first, second, third = self.index.to(features.device).T
        product = padded.index_select(-2, first).mul_(padded.index_select(-2, second))
        return [product.mul_(padded.index_select(-2, third))]
