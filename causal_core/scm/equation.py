"""One fitted structural equation: what it reads, its mechanism and its members' weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor, nn

from causal_core.mechanisms.choose import AnyMechanism, Standard, mechanism_for
from causal_core.mechanisms.nominal import Nominal
from causal_core.scm.features import Features, Key, Terms
from causal_core.scm.program import Program, hidden
from causal_core.tables.schema import Variable


@dataclass(frozen=True, eq=False)
class Equation:
    """x = f(context, u) for every ensemble member.

    `weights` holds `skip` [members, terms, lifted], `bias` [members, 1, width] and, for
    neural rungs, `w1`, `b1`, `w2`, `b2`, `w3` as in `Program`. Member 0 is the fit to all
    rows; the others are bootstrap refits that give the bands.
    """

    variable: Variable
    context: tuple[Variable, ...]
    rung: str
    standards: Mapping[str, Standard]
    products: tuple[tuple[Key, ...], ...]
    weights: Mapping[str, Tensor]
    flags: bool = False
    mechanism: AnyMechanism = field(init=False, repr=False)

    def __post_init__(self) -> None:
        features = Features(self.context, self.standards, self.flags)
        object.__setattr__(self, "_features", features)
        object.__setattr__(self, "_terms", Terms.over(features, self.products))
        standard = self.standards.get(self.variable.name, Standard())
        object.__setattr__(self, "mechanism", mechanism_for(self.variable, standard))

    @property
    def members(self) -> int:
        """How many ensemble members there are."""
        return len(self.weights["bias"])

    @property
    def dtype(self) -> torch.dtype:
        """The dtype of the weights and of every parameter."""
        return self.weights["bias"].dtype

    def to(self, dtype: torch.dtype) -> Equation:
        """The same equation in another precision."""
        weights = {name: value.to(dtype) for name, value in self.weights.items()}
        return replace(self, weights=weights)

    def params(self, codes: Tensor, members: Sequence[int]) -> Tensor:
        """Context codes [members or 1, rows, context] → parameters [members, rows, width]."""
        weights = {name: value[list(members)] for name, value in self.weights.items()}
        x = self._features(codes)  # type: ignore[attr-defined]
        lifted = torch.matmul(self._terms(x), weights["skip"])  # type: ignore[attr-defined]
        width = weights["bias"].shape[-1]
        params = nn.functional.pad(lifted, (0, width - lifted.shape[-1])) + weights["bias"]
        if "w1" not in weights:
            return params
        return params + hidden(x.expand(len(members), -1, -1).contiguous(), weights)

    # ── to and from what is stored ───────────────────────────────────────────────

    def described(self) -> dict[str, Any]:
        """All but the weights, as JSON-able values."""
        return {
            "variable": self.variable.name,
            "context": [v.name for v in self.context],
            "rung": self.rung,
            "products": [[list(key) for key in term] for term in self.products],
            "flags": self.flags,
        }

    @classmethod
    def restored(
        cls,
        described: Mapping[str, Any],
        variables: Mapping[str, Variable],
        standards: Mapping[str, Standard],
        weights: Mapping[str, Tensor],
    ) -> Equation:
        """The equation that `described` and `weights` tell of."""
        terms = [tuple((k[0], int(k[1])) for k in term) for term in described["products"]]
        return cls(
            variables[described["variable"]],
            tuple(variables[name] for name in described["context"]),
            described["rung"],
            standards,
            tuple(terms),
            weights,
            bool(described["flags"]),
        )


def extract(program: Program, slots: Sequence[int], standards: Mapping[str, Standard]) -> Equation:
    """The equation whose members are these slots of a trained program."""
    first = program.slots[slots[0]]
    known = {v.name: v for v in program.variables}
    context = tuple(known[name] for name in first.context)
    local = Features(context, standards, program.features._flags)
    used = [
        term
        for term in program.terms.keys
        if len(term) > 1
        and first.rung.skip == "polynomial"
        and {k[0] for k in term} <= set(first.context)
    ]
    terms = Terms.over(local, used)
    weights = _closed_weights(program, slots, terms)
    if first.rung.neural:
        weights |= _neural_weights(program, slots, local)
    reads = {name: standards[name] for name in (first.node, *first.context)}
    return Equation(
        known[first.node],
        context,
        first.rung.name,
        reads,
        tuple(used),
        weights,
        program.features._flags,
    )


def _closed_weights(program: Program, slots: Sequence[int], terms: Terms) -> dict[str, Tensor]:
    place = {key: i for i, key in enumerate(program.terms.keys)}
    rows = [place[key] for key in terms.keys]
    skip = (program.skip * program.mask_skip)[list(slots)][:, rows]
    mechanism = program.mechanisms[program.slots[slots[0]].node]
    lifted = mechanism.width if isinstance(mechanism, Nominal) else 1
    return {
        "skip": skip[..., :lifted].detach().clone(),
        "bias": program.bias[list(slots)][..., : mechanism.width].detach().clone(),
    }


def _neural_weights(program: Program, slots: Sequence[int], local: Features) -> dict[str, Tensor]:
    place = {key: i for i, key in enumerate(program.features.keys)}
    columns, chosen = [place[key] for key in local.keys], list(slots)
    width = program.mechanisms[program.slots[slots[0]].node].width
    weights = {name: getattr(program, name)[chosen] for name in ("b1", "w2", "b2")}
    weights["w1"] = program.w1[chosen][:, columns]
    weights["w3"] = (program.w3 * program.mask_out)[chosen][..., :width]
    return {name: value.detach().clone() for name, value in weights.items()}
