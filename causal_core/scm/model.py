"""The structural causal model: sample, score, abduct and act, in the table's own units."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from causal_core.errors import QuestionError, UnknownColumn
from causal_core.graphs.graph import CausalGraph
from causal_core.identification.contexts import Context, contexts
from causal_core.mechanisms.base import Params
from causal_core.mechanisms.choose import Standard
from causal_core.scm import stored
from causal_core.scm.coupling import STRONGEST, Coupling, coupled_effects
from causal_core.scm.equation import Equation
from causal_core.scm.interventions import Do, actions
from causal_core.scm.report import NodeReport
from causal_core.scm.simulate import (
    World,
    cause_noise,
    context_params,
    random_noise,
    simulate,
    uniforms,
)
from causal_core.tables.encoding import decode, encode
from causal_core.tables.schema import Kind, Level, Variable

_KIND = "structural causal model"


@dataclass(frozen=True, eq=False)
class StructuralCausalModel:
    """Fitted structural equations on a causal graph.

    `equations` are in an order in which causes come before effects. Every method is
    deterministic in its seed, and the same seed means the same noise under every
    intervention, so that contrasts need few draws.
    """

    graph: CausalGraph
    variables: tuple[Variable, ...]
    standards: Mapping[str, Standard]
    equations: Mapping[str, Equation]
    report: tuple[NodeReport, ...]
    couplings: Mapping[str, Coupling] = field(default_factory=dict)

    @cached_property
    def contexts(self) -> dict[str, Context]:
        """What each equation reads, and in which role."""
        return contexts(self.graph.project())

    @cached_property
    def by_name(self) -> dict[str, Variable]:
        """The variables by name."""
        return {v.name: v for v in self.variables}

    @cached_property
    def exact(self) -> StructuralCausalModel:
        """The same model computing in float64."""
        equations = {name: e.to(torch.float64) for name, e in self.equations.items()}
        return replace(self, equations=equations)

    def coupled(self, cause: str, rho: float) -> StructuralCausalModel:
        """The same fit, were the noises of `cause` and of its confounded effects correlated.

        `rho` in (−1, 1). The fit to the data is the same for every `rho`. Raises
        QuestionError where no unmeasured cause makes this a question, or levels no order.
        """
        if cause not in self.by_name:
            raise UnknownColumn(cause, self.by_name)
        if not abs(rho) <= STRONGEST:
            raise QuestionError(
                f"{rho} is no correlation that can be tried.",
                f"Choose one between −{STRONGEST} and {STRONGEST}.",
            )
        effects = coupled_effects(self, cause)
        if not effects:
            raise QuestionError(
                f"No effect of “{cause}” shares an unmeasured cause with it in the graph.",
                "Draw the bidirected edge first.",
            )
        return replace(self, couplings={name: Coupling(cause, rho) for name in effects})

    def ranked(self, orders: Mapping[str, Sequence[Level]]) -> StructuralCausalModel:
        """The same fit, were the levels of these variables moved through in these orders.

        `orders` maps categorical variables to all their levels, from least to greatest.
        Seeing and doing stay; counterfactuals follow one monotone noise instead of Gumbel
        noise (`mechanisms.ranked`). Raises UnknownColumn, UnknownLevel or QuestionError.
        """
        equations = dict(self.equations)
        for name, levels in orders.items():
            if name not in self.by_name:
                raise UnknownColumn(name, self.by_name)
            variable = self.by_name[name]
            codes = tuple(int(variable.code(level)) for level in levels)
            if variable.kind is not Kind.CATEGORICAL or sorted(codes) != [
                *range(len(variable.levels))
            ]:
                raise QuestionError(
                    f"That is no order of the levels of “{name}”.",
                    "Name each level of a categorical column once, from least to greatest.",
                )
            equations[name] = replace(equations[name], order=codes)
        return replace(self, equations=equations)

    @property
    def members(self) -> int:
        """How many ensemble members every equation has."""
        return min(e.members for e in self.equations.values())

    # ── the three rungs ──────────────────────────────────────────────────────────

    @torch.inference_mode()
    def sample(self, n: int, do: Do | None = None, seed: int = 0) -> pd.DataFrame:
        """`n` rows from P(V | do), in the table's own units and labels.

        Raises UnknownColumn, UnknownLevel or QuestionError for a `do` that does not fit.
        """
        if n < 1:
            raise QuestionError(f"{n} rows cannot be drawn.", "Ask for at least one.")
        acts = actions(do, self.by_name)
        world = simulate(self, random_noise(self, n, seed), acts, seed=seed)
        return self._frame(world, n)

    def log_prob(self, frame: pd.DataFrame) -> np.ndarray:
        """Log-likelihood of each row [rows] in nats; NaN where a cell is missing."""
        return np.asarray(np.sum(list(self.log_prob_by_column(frame).values()), axis=0))

    def log_prob_by_column(self, frame: pd.DataFrame) -> dict[str, np.ndarray]:
        """Each column's part of `log_prob`, given its causes: [rows] in nats."""
        codes = self._codes(frame)
        world = {v.name: codes[:, i].reshape(1, 1, -1) for i, v in enumerate(self.variables)}
        gap = ~torch.isfinite(codes).all(1)
        found = {}
        for name, equation in self.exact.equations.items():
            params = context_params(self.exact, equation, world, world, (0,), len(codes))
            target = torch.nan_to_num(world[name])
            scored = equation.mechanism.log_prob(target, params).reshape(-1)
            found[name] = torch.where(gap, torch.nan, scored).double().numpy()
        return found

    def abduct(
        self, frame: pd.DataFrame, seed: int = 0, members: tuple[int, ...] = (0,)
    ) -> tuple[World, World]:
        """(noise, factual world): the noise that produced each row, and the row's codes.

        Both map names to float64 tensors [members or 1, 1, rows]. Where many noises fit
        (levels, counts) one is drawn from its posterior. A missing cell gets prior noise
        and the value that its equation gives with it.
        """
        return self._abduct_codes(self._codes(frame), seed, members)

    def counterfactual(
        self, frame: pd.DataFrame, do: Do, seed: int = 0, draws: int | None = None
    ) -> pd.DataFrame:
        """What each row would have been under `do`, everything else about it unchanged.

        Row i answers row i of `frame` and keeps its index. `draws=k` answers each row k
        times, with noise drawn anew where the row does not fix it; the index then gains
        the level “draw”. Assumes that each equation is monotone in its noise (and Gumbel
        noise for categorical variables), which no data can test.
        """
        acts = actions(do, self.by_name)
        repeated = frame if draws is None else frame.loc[frame.index.repeat(draws)]
        noise, factual = self._abduct_codes(self._codes(repeated), seed, (0,))
        world = simulate(self.exact, noise, acts, factual=factual, seed=seed)
        answer = self._frame(world, len(repeated))
        answer.index = repeated.index
        if draws is not None:
            numbers = np.tile(np.arange(draws), len(frame))
            answer.index = pd.MultiIndex.from_arrays(
                [repeated.index, numbers], names=[frame.index.name, "draw"]
            )
        return answer

    def doubts(self, causes: Collection[str], outcome: str) -> tuple[str, ...]:
        """What speaks against counterfactuals of `outcome` under an action on `causes`.

        One sentence for each doubtful equation on a way from them.
        """
        below = {n for cause in causes for n in self.graph.descendants(cause)}
        above = {outcome, *self.graph.ancestors(outcome)}
        return tuple(
            f"“{r.name}”: {r.doubt}." for r in self.report if r.doubt and r.name in below & above
        )

    # ── storage ──────────────────────────────────────────────────────────────────

    def to_bytes(self) -> bytes:
        """The model as one safetensors file."""
        more = {
            "graph": self.graph.to_json(),
            "report": [r.to_dict() for r in self.report],
        }
        return stored.to_bytes(_KIND, self.variables, self.equations, self.standards, more)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model to `path` (safetensors and JSON, never pickle), durably."""
        stored.write(path, self.to_bytes())

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> StructuralCausalModel:
        """The model that `save` wrote; ModelError where there is none."""
        variables, standards, equations, more = stored.read(path, _KIND)
        with stored.believed(path):
            report = tuple(NodeReport.from_dict(r) for r in more["report"])
            graph = CausalGraph.from_json(more["graph"])
            model = cls(graph, variables, standards, equations, report)
            for name, context in model.contexts.items():
                if tuple(v.name for v in equations[name].context) != context.names:
                    raise ValueError(f"the equation of “{name}” does not read what the graph says")
        return model

    # ── inside ───────────────────────────────────────────────────────────────────

    def _codes(self, frame: pd.DataFrame) -> Tensor:
        return torch.from_numpy(encode(frame, self.variables))

    def _abduct_codes(
        self, codes: Tensor, seed: int, members: tuple[int, ...]
    ) -> tuple[World, World]:
        noise: World = {}
        world: World = {}
        place = {v.name: i for i, v in enumerate(self.variables)}
        for name, equation in self.exact.equations.items():
            given = codes[:, place[name]].reshape(1, 1, -1)
            params = context_params(self.exact, equation, world, world, members, len(codes))
            uniform = uniforms(equation, (1, 1, len(codes)), seed)
            noise[name], world[name] = _abduct(equation, given, params, uniform)
        for name, coupling in self.couplings.items():
            ends = cause_noise(self.exact, coupling, world, world, members, len(codes))
            noise[name] = coupling.noise(noise[name], *ends)
        return noise, world

    def _frame(self, world: Mapping[str, Tensor], rows: int) -> pd.DataFrame:
        columns = [world[v.name].double().expand(1, 1, rows).reshape(-1) for v in self.variables]
        return decode(torch.stack(columns).numpy().T, self.variables)


def _abduct(
    equation: Equation, given: Tensor, params: Params, uniform: Tensor
) -> tuple[Tensor, Tensor]:
    """(noise, value) of one variable: abducted where the cell is seen, drawn where not."""
    mechanism = equation.mechanism
    seen = torch.isfinite(given)
    noise = mechanism.abduct(torch.nan_to_num(given), params, uniform)
    prior = mechanism.base_noise(uniform)
    both = seen.unsqueeze(-1) if mechanism.noise_dims else seen
    noise = torch.where(both, noise, prior)
    return noise, torch.where(seen, given, mechanism.forward(noise, params))
