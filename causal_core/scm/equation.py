"""One fitted structural equation: what it reads, its mechanism and its members' weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor, nn

from causal_core.mechanisms import spline
from causal_core.mechanisms.base import Params
from causal_core.mechanisms.choose import AnyMechanism, Standard, mechanism_for
from causal_core.mechanisms.nominal import Nominal
from causal_core.mechanisms.ranked import Ranked
from causal_core.scm.features import Features, Key, Term, Terms, Wave, bends
from causal_core.scm.layers import LAYERS, hidden
from causal_core.scm.program import Program
from causal_core.tables.schema import Variable

_AT_ONCE = 16_384  # rows whose terms stand in memory together


@dataclass(frozen=True, eq=False)
class Equation:
    """x = f(context, u) for every ensemble member.

    `weights` holds `skip` [members, terms, lifted], `bias` [members, 1, width] and, where
    the rung has them, `shape`, `w3` and `w4` as in `Program`; and what all members share,
    the hidden layers `w1`, `b1`, `w2`, `b2` [1, ...] and `waves`. Member 0 is the fit to
    all rows; the others are bootstrap refits that give the bands. Nets trained on few rows
    have hidden layers for each member too. `order`: the codes of levels that one noise
    moves through, from least to greatest; empty where none is said to.
    """

    variable: Variable
    context: tuple[Variable, ...]
    rung: str
    standards: Mapping[str, Standard]
    products: tuple[tuple[Key, ...], ...]
    weights: Mapping[str, Tensor]
    flags: bool = False
    order: tuple[int, ...] = ()
    mechanism: AnyMechanism = field(init=False, repr=False)

    def __post_init__(self) -> None:
        features = Features(self.context, self.standards, self.flags)
        object.__setattr__(self, "_features", features)
        object.__setattr__(self, "_terms", Terms.over(features, self.products))
        standard = self.standards.get(self.variable.name, Standard())
        mechanism = mechanism_for(self.variable, standard)
        if self.order:
            mechanism = Ranked(len(self.variable.levels), self.order)
        object.__setattr__(self, "mechanism", mechanism)

    @property
    def members(self) -> int:
        """How many ensemble members there are."""
        return len(self.weights["bias"])

    @property
    def dtype(self) -> torch.dtype:
        """The dtype of the weights and of every parameter."""
        return self.weights["bias"].dtype

    @property
    def reading(self) -> torch.dtype:
        """The dtype of the codes that it reads."""
        far = any(self.standards.get(v.name, Standard()).far for v in self.context)
        return torch.float64 if far else self.dtype

    def to(self, dtype: torch.dtype) -> Equation:
        """The same equation in another precision."""
        weights = {name: value.to(dtype) for name, value in self.weights.items()}
        return replace(self, weights=weights)

    def params(self, codes: Tensor, members: Sequence[int]) -> Params:
        """Context codes [members or 1, rows, context] → their parameters for each member."""
        chosen = torch.tensor(list(members), dtype=torch.long)
        weights = {
            name: value if name == "waves" or len(value) == 1 else value.index_select(0, chosen)
            for name, value in self.weights.items()
        }
        parts = [self._found(part, weights) for part in codes.mT.split(_AT_ONCE, dim=-1)]
        found = parts[0] if len(parts) == 1 else torch.cat(parts, dim=-1)
        lead, bend = found.tensor_split([self.mechanism.width], dim=-2)
        shape = weights.get("shape")
        if shape is not None and "w4" in weights:
            shape = (bend + shape.mT).mT
        return Params(lead.mT, shape)

    def _found(self, codes: Tensor, weights: Mapping[str, Tensor]) -> Tensor:
        """The leading parameters and, if a net bends it, what it adds to the noise's shape.

        [members, width and spline, rows] for codes [members or 1, context, rows].
        """
        x = self._features(codes, self.dtype)  # type: ignore[attr-defined]
        lifted, bias = self._lifted(x, weights), weights["bias"].mT
        if "w1" not in weights:
            more = bias.shape[-2] - lifted.shape[-2]
            return nn.functional.pad(lifted, (0, 0, 0, more)).add_(bias)
        heads = torch.cat([weights[name] for name in ("w3", "w4") if name in weights], dim=-1)
        found = torch.matmul(heads.mT, hidden(x, weights))
        found[..., : lifted.shape[-2], :] += lifted
        found[..., : bias.shape[-2], :] += bias
        return found

    def _lifted(self, x: Tensor, weights: Mapping[str, Tensor]) -> Tensor:
        """What the closed-form terms of features [..., columns, rows] give [..., lifted, rows].

        Term by term as they come, and not side by side in one table of all.
        """
        parts = [x, *self._terms.raised(x)]  # type: ignore[attr-defined]
        if "waves" in weights:
            parts.append(bends(x, weights["waves"]))
        one, *blocks = weights["skip"].mT.split([1, *(part.shape[-2] for part in parts)], dim=-1)
        return sum((torch.matmul(b, part) for b, part in zip(blocks, parts, strict=True)), one)

    # ── to and from what is stored ───────────────────────────────────────────────

    @property
    def _levelled(self) -> bool:
        """Whether the terms drive a score for each level, and not one location."""
        return isinstance(self.mechanism, Nominal)

    def check(self) -> None:
        """ValueError where weights are no numbers or of sizes that no row can pass through."""
        for name, value in self.weights.items():
            if not value.is_floating_point() or not bool(torch.isfinite(value).all()):
                raise ValueError(f"“{name}” of “{self.variable.name}” holds what is no number")
            known = (1, self.members) if name in LAYERS else (self.members,)
            if name != "waves" and len(value) not in known:
                raise ValueError(f"“{name}” of “{self.variable.name}” has other members")
        row = torch.zeros(1, 2, len(self.context), dtype=self.dtype)
        lead, shape = self.params(row, range(self.members))
        sizes = [lead.shape[-1] == self.mechanism.width, lead.shape[0] == self.members]
        width = self.mechanism.width
        ends = {"bias": (width,), "w3": (width,), "skip": (width,) if self._levelled else (1, 2)}
        sizes += [w.shape[-1] in ends[n] for n, w in self.weights.items() if n in ends]
        sizes.append(shape is None or shape.shape[-1] == spline.WIDTH)
        if not all(sizes):
            raise ValueError(f"the weights of “{self.variable.name}” have another size")

    def described(self) -> dict[str, Any]:
        """All but the weights, as JSON-able values."""
        return {
            "variable": self.variable.name,
            "context": [v.name for v in self.context],
            "rung": self.rung,
            "products": [[list(key) for key in term] for term in self.products],
            "flags": self.flags,
            "lifted": self.weights["skip"].shape[-1],
            "weights": sorted(self.weights),
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
        if sorted(weights) != described["weights"]:
            raise ValueError(f"weights of “{described['variable']}” are missing")
        lifted = weights["skip"].shape[-1]
        if described.get("lifted", lifted) != lifted:
            raise ValueError(f"“skip” of “{described['variable']}” has another size")
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


def extract(
    program: Program,
    index: int,
    last: Mapping[str, Tensor],
    standards: Mapping[str, Standard],
) -> Equation:
    """The equation of one slot of a trained program; `last` holds its members' last layers."""
    slot = program.slots[index]
    known = {v.name: v for v in program.variables}
    context = tuple(known[name] for name in slot.context)
    local = Features(context, standards, program.features.flags)
    allowed = program.mask_skip[index].amax(-1) > 0
    mine = [term for i, term in enumerate(program.term_keys) if allowed[i]]
    used = [term for term in mine if not isinstance(term, Wave) and len(term) > 1]
    bent = [term for term in mine if isinstance(term, Wave)]
    weights = _closed_weights(program, index, last, [*Terms.over(local, used).keys, *bent])
    if bent:
        weights["waves"] = _waves(program, bent, local)
    if slot.rung.neural:
        weights |= _neural_weights(program, index, last, local)
    reads = {name: standards[name] for name in (slot.node, *slot.context)}
    return Equation(
        known[slot.node],
        context,
        slot.rung.name,
        reads,
        tuple(used),
        {name: value.detach().clone() for name, value in weights.items()},
        program.features.flags,
    )


def _closed_weights(
    program: Program, index: int, last: Mapping[str, Tensor], keys: Sequence[Term]
) -> dict[str, Tensor]:
    place = {key: i for i, key in enumerate(program.term_keys)}
    slot = program.slots[index]
    weights = {
        "skip": last["skip"][:, [place[key] for key in keys]][..., : program.lifts(slot)],
        "bias": last["bias"][..., : program.mechanisms[slot.node].width],
    }
    return weights | ({"shape": last["shape"]} if slot.rung.shaped else {})


def _waves(program: Program, bent: Sequence[Wave], local: Features) -> Tensor:
    """The directions and offsets of these bends in a node's own columns [columns + 1, bends]."""
    rows = [*(program.features.keys.index(key) for key in local.keys), -1]
    columns = [program.term_keys.index(key) - len(program.products.keys) for key in bent]
    return program.waves[rows][:, columns]


def _neural_weights(
    program: Program, index: int, last: Mapping[str, Tensor], local: Features
) -> dict[str, Tensor]:
    place = {key: i for i, key in enumerate(program.features.keys)}
    columns = [place[key] for key in local.keys]
    width = program.mechanisms[program.slots[index].node].width
    weights = {name: getattr(program, name)[index].unsqueeze(0) for name in LAYERS}
    weights["w1"] = weights["w1"][:, columns]
    weights["w3"] = last["w3"][..., :width]
    return weights | ({"w4": last["w4"]} if program.slots[index].rung.bent else {})
