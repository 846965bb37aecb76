"""From codes of variables to the numbers that an equation reads.

Ordered variables become one standardised column, categorical ones a column per level.
`Terms` are the products of columns (degree two and three) of the polynomial rung.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import torch
from torch import Tensor

from causal_core.mechanisms.choose import Standard
from causal_core.tables.schema import Kind, Variable

Key = tuple[str, int]  # a column: the variable's name and its level, −1 for ordered ones
_SEEN = -2  # the level that marks a column "this variable is given"
_MOST_PRODUCTS = 240
_FARTHEST = 5.0  # standard deviations beyond which powers stop growing


class Features:
    """Codes [..., variables] → features [..., columns]; missing codes become zeros.

    With `flags`, one more column per variable says whether it was given.
    """

    def __init__(
        self, variables: Sequence[Variable], standards: Mapping[str, Standard], flags: bool = False
    ) -> None:
        ordered = [i for i, v in enumerate(variables) if v.kind is not Kind.CATEGORICAL]
        nominal = [i for i, v in enumerate(variables) if v.kind is Kind.CATEGORICAL]
        chosen = [standards[variables[i].name] for i in ordered]
        self._ordered = torch.tensor(ordered, dtype=torch.long)
        self._nominal = [(i, torch.arange(len(variables[i].levels))) for i in nominal]
        self._flags = flags
        self._centre = torch.tensor([s.centre for s in chosen], dtype=torch.float64)
        self._scale = torch.tensor([s.scale for s in chosen], dtype=torch.float64)
        self.keys: list[Key] = [(variables[i].name, -1) for i in ordered]
        for i in nominal:
            self.keys += [(variables[i].name, k) for k in range(len(variables[i].levels))]
        if flags:
            self.keys += [(v.name, _SEEN) for v in variables]
        ranges = {variables[i].name: s for i, s in zip(ordered, chosen, strict=True)}
        spans = [ranges.get(name) if level == -1 else None for name, level in self.keys]
        self.low = torch.tensor([_least(span) for span in spans])
        self.high = torch.tensor([_most(span) for span in spans])

    def __call__(self, codes: Tensor) -> Tensor:
        centre, scale = self._centre.to(codes), self._scale.to(codes)
        parts = [(codes[..., self._ordered.to(codes.device)] - centre) / scale]
        for index, levels in self._nominal:
            parts.append((codes[..., index : index + 1] == levels.to(codes.device)).to(codes))
        columns = torch.nan_to_num(torch.cat(parts, dim=-1))
        if self._flags:
            columns = torch.cat([columns, torch.isfinite(codes).to(codes)], dim=-1)
        return columns


def _least(standard: Standard | None) -> float:
    return max(standard.low, -_FARTHEST) if standard else -1.0


def _most(standard: Standard | None) -> float:
    return min(standard.high, _FARTHEST) if standard else 1.0


def products(keys: Sequence[Key], variables: Mapping[str, Variable]) -> list[tuple[Key, ...]]:
    """The polynomial terms over these columns: squares, cubes and products of two.

    Two-level and one-hot columns have no powers; columns of one variable no product.
    """
    curved = [k for k in keys if k[1] == -1 and variables[k[0]].kind is not Kind.BINARY]
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
        """Features [..., columns] → terms [..., 1 + columns + products]."""
        one = features.new_ones((*features.shape[:-1], 1))
        clipped = torch.clamp(features, self.low.to(features), self.high.to(features))
        padded = torch.cat([clipped, one], dim=-1)
        index = self.index.to(features.device)
        raised = padded[..., index[:, 0]] * padded[..., index[:, 1]] * padded[..., index[:, 2]]
        return torch.cat([one, features, raised], dim=-1)
