"""What a fit starts from: codes, their split, and the weights of the ensemble members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from causal_core.errors import GraphError, ModelError
from causal_core.graphs.graph import CausalGraph
from causal_core.limits import limit
from causal_core.mechanisms.choose import Standard
from causal_core.rng import generator
from causal_core.tables.encoding import encode
from causal_core.tables.schema import Kind, Variable
from causal_core.tables.table import Table

_HELD_OUT = 0.2
_MOST_HELD_OUT = 20_000
_LEAST_ROWS = 20
_SMALLEST = 1e-30  # and the largest is its inverse: densities and squares stay within float32
_FOLDS, _FEW = 5, 2500  # so many rows, and fewer, are all judged in turn


class Rows(NamedTuple):
    """Codes [rows, variables], and what each row counts for each replica [replicas, rows].

    Replicas of an equation learn from other rows: those of other folds, or drawn anew.
    """

    codes: Tensor
    weights: Tensor

    @classmethod
    def alike(cls, codes: Tensor) -> Rows:
        """Rows that count alike for the only replica."""
        return cls(codes, torch.ones(1, len(codes)))

    def head(self, most: int) -> Rows:
        """The first `most` rows."""
        return Rows(self.codes[:most], self.weights[:, :most])


@dataclass(frozen=True)
class FitData:
    """Codes split into training and held-out rows [rows, variables].

    They are float32, or float64 where a column needs it (`Standard.far`).

    `boosts` [members, rows] weigh the training rows and then the held-out ones: ones for
    member 0, Poisson(1) counts for the others (the Poisson bootstrap: Chamandy et al. 2012).
    """

    variables: tuple[Variable, ...]
    standards: dict[str, Standard]
    train: Tensor
    held_out: Tensor
    boosts: Tensor

    @property
    def everything(self) -> Tensor:
        """All rows, the training ones first."""
        return torch.cat([self.train, self.held_out])

    @property
    def folds(self) -> int:
        """How often each equation is fitted, to judge it on more rows than one part."""
        return _FOLDS if len(self.train) + len(self.held_out) <= _FEW else 1

    @property
    def learn(self) -> Rows:
        """The rows to learn from; in few rows all of them, by turns."""
        if self.folds == 1:
            return Rows.alike(self.train)
        return Rows(self.everything, 1.0 - self._dealt)

    @property
    def judge(self) -> Rows:
        """The rows that equations are judged on."""
        if self.folds == 1:
            return Rows.alike(self.held_out)
        return Rows(self.everything, self._dealt)

    @property
    def _dealt(self) -> Tensor:
        """Ones where a row is in a fold [folds, rows].

        Fold 0 is the held-out part, so that its equations are those of a single split.
        """
        dealt = 1 + torch.arange(len(self.train)) % (self.folds - 1)
        fold = torch.cat([dealt, torch.zeros(len(self.held_out), dtype=torch.long)])
        return torch.nn.functional.one_hot(fold, self.folds).T.float()

    @classmethod
    def of(
        cls,
        table: Table,
        names: tuple[str, ...],
        members: int,
        seed: int,
        most: int | None = None,
    ) -> FitData:
        """The columns `names` of `table`, of at most `most` rows drawn at random.

        Raises ModelError for a column that nothing can fit.
        """
        variables = tuple(_checked(table, name) for name in names)
        codes = encode(table.frame[list(names)], variables)
        standards = {v.name: Standard.of(v, codes[:, i]) for i, v in enumerate(variables)}
        _check_sizes(standards)
        order = generator(seed, "split").permutation(len(codes))[:most]
        cut = min(_MOST_HELD_OUT, max(1, int(len(order) * _HELD_OUT)))
        train, held_out = codes[order[cut:]], codes[order[:cut]]
        far = any(standard.far for standard in standards.values())
        dtype = torch.float64 if far else torch.float32
        counts = generator(seed, "bootstrap").poisson(1.0, (members - 1, len(order)))
        boosts = np.concatenate([np.ones((1, len(order))), counts])
        return cls(
            variables,
            standards,
            torch.from_numpy(train).to(dtype),
            torch.from_numpy(held_out).to(dtype),
            torch.from_numpy(boosts).float(),
        )


def _checked(table: Table, name: str) -> Variable:
    variable = table.variable(name)
    column = table[name]
    if int(column.notna().sum()) < _LEAST_ROWS:
        raise ModelError(
            f"“{name}” has {int(column.notna().sum())} values; an equation needs {_LEAST_ROWS}.",
            "Bring more rows, or leave the column out of the graph.",
        )
    if column.nunique() < 2:
        raise ModelError(
            f"“{name}” has the same value in every row, so nothing can be learned about it.",
            "Leave it out of the graph.",
        )
    if variable.kind is Kind.CATEGORICAL and len(variable.levels) > limit("levels"):
        raise ModelError(
            f"“{name}” has {len(variable.levels)} levels; at most {limit('levels')} can be fitted.",
            "Merge rare levels, or leave it out of the graph.",
        )
    return variable


def _check_sizes(standards: Mapping[str, Standard]) -> None:
    for name, standard in standards.items():
        if not _SMALLEST < standard.scale < 1 / _SMALLEST:
            raise ModelError(
                f"The values of “{name}” differ by about {standard.scale:.0e}; from "
                f"{_SMALLEST:.0e} to {1 / _SMALLEST:.0e} can be computed with.",
                "Bring the column in another unit.",
            )


def check_graph(table: Table, graph: CausalGraph) -> None:
    """Raise GraphError where the graph cannot be fitted to the table."""
    unknown = [n for n in graph.observed if n not in table.columns]
    if unknown:
        raise GraphError(
            f"The graph names “{unknown[0]}”, which is no column of the table.",
            "Mark it as latent (unmeasured), rename it, or remove it.",
        )
    undecided = [e for e in graph.edges if e.kind not in ("->", "<->")]
    if undecided:
        raise GraphError(f"The edge {undecided[0]} has no direction yet.", "Orient it first.")
    if not graph.observed:
        raise GraphError("The graph has no measured variable.", "Add at least one column.")
