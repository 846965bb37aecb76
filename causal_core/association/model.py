"""The correlational deep net: P(any columns | any other columns), with no graph at all.

The same equations as the structural model, but each reads every other column and is
trained with random masks over what it is given (Uria, Murray & Larochelle 2014, order-
agnostic autoregression). It sees; it does not act.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
import torch
from torch import Tensor

from causal_core.errors import QuestionError, UnknownColumn
from causal_core.mechanisms.base import Params
from causal_core.mechanisms.choose import Standard
from causal_core.scm import stored
from causal_core.scm.equation import Equation
from causal_core.scm.simulate import World, uniforms
from causal_core.tables.encoding import decode
from causal_core.tables.schema import Value, Variable

_KIND = "correlational net"


@dataclass(frozen=True, eq=False)
class AssociationModel:
    """Conditional distributions of every column given any subset of the others."""

    variables: tuple[Variable, ...]
    standards: Mapping[str, Standard]
    equations: Mapping[str, Equation]

    @cached_property
    def by_name(self) -> dict[str, Variable]:
        """The variables by name."""
        return {v.name: v for v in self.variables}

    @property
    def members(self) -> int:
        """How many ensemble members there are."""
        return min(e.members for e in self.equations.values())

    def params(self, name: str, given: Mapping[str, Tensor], members: tuple[int, ...]) -> Params:
        """Parameters of one column given codes of others [members, rows, ...].

        `given` maps names to float tensors [members or 1, rows]; all other columns count
        as not seen.
        """
        equation = self.equations[name]
        seen = torch.broadcast_tensors(*given.values()) if given else ()
        shape = seen[0].shape if seen else (1, 1)
        unseen = torch.full(shape, torch.nan)
        place = dict(zip(given, seen, strict=True))
        columns = [place.get(v.name, unseen).to(equation.reading) for v in equation.context]
        return equation.params(torch.stack(columns, dim=1).mT, members)

    def sample(
        self, n: int, given: Mapping[str, Value] | None = None, seed: int = 0
    ) -> pd.DataFrame:
        """`n` rows from P(V | given), in the table's own units and labels.

        Raises UnknownColumn, UnknownLevel or QuestionError for a `given` that does not fit.
        """
        if n < 1:
            raise QuestionError(f"{n} rows cannot be drawn.", "Ask for at least one.")
        world: World = {}
        for name, value in (given or {}).items():
            if name not in self.by_name:
                raise UnknownColumn(name, self.by_name)
            world[name] = torch.full((1, n), self.by_name[name].code(value), dtype=torch.float64)
        for name, equation in self.equations.items():
            if name not in world:
                noise = equation.mechanism.base_noise(uniforms(equation, (1, n), seed))
                params = self.params(name, world, (0,))
                world[name] = equation.mechanism.forward(noise, params)
        columns = [world[v.name].double().reshape(-1) for v in self.variables]
        return decode(torch.stack(columns, dim=1).numpy(), self.variables)

    def to_bytes(self) -> bytes:
        """The model as one safetensors file."""
        return stored.to_bytes(_KIND, self.variables, self.equations, self.standards, {})

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model to `path` (safetensors and JSON, never pickle), durably."""
        stored.write(path, self.to_bytes())

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> AssociationModel:
        """The model that `save` wrote; ModelError where there is none."""
        variables, standards, equations, _ = stored.read(path, _KIND)
        return cls(variables, standards, equations)
