"""All equations that are being tried, of all nodes, in one program.

A *slot* is one equation: a node and a rung of the ladder. Every tensor carries the slots
first, so that one batched multiplication serves them all: [slots, rows, columns] ×
[slots, columns, hidden]. Slots share no weights, so that the sum of their losses trains
each as if it were alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from causal_core.mechanisms import spline
from causal_core.mechanisms.base import Params
from causal_core.mechanisms.binary import Binary
from causal_core.mechanisms.choose import Standard, mechanism_for
from causal_core.mechanisms.continuous import WIDTH
from causal_core.mechanisms.nominal import Nominal
from causal_core.rng import derive_seed
from causal_core.scm.data import Rows
from causal_core.scm.families import Family, families
from causal_core.scm.features import (
    WAVES,
    Features,
    Term,
    Terms,
    Wave,
    bends,
    curves,
    is_curved,
    waves,
)
from causal_core.scm.ladder import CROSSED, Rung
from causal_core.scm.layers import LAYERS, hidden, trained_hidden
from causal_core.tables.schema import Variable

HIDDEN = 32
_CHUNK = 16_384
_FEW = 6  # nets; one call for all of them costs less than one for each kind of shape


@dataclass(frozen=True)
class Slot:
    """One equation in training; `replica` says what the rows count for it (`Rows`)."""

    node: str
    context: tuple[str, ...]
    rung: Rung
    replica: int = 0


class Program(nn.Module):
    """The batched equations of `slots`, which it puts in an order of its own.

    Trainable: `w1` [N, F, H], `b1` [N, 1, H], `w2` [N, H, H], `b2`, `w3` [N, H, L] for the
    N neural slots, `w4` [B, H, spline] for the B bent ones among them; `skip` [S, Q, K],
    `bias` [S, 1, L] and `shape` [S, 1, spline] for all. Q counts the closed-form terms, L
    the leading parameters, K those that the terms drive (1, 2 or the most levels).
    """

    node: Tensor
    replica: Tensor
    reads: Tensor
    mask_in: Tensor
    mask_out: Tensor
    mask_skip: Tensor
    waves: Tensor

    def __init__(
        self,
        slots: Sequence[Slot],
        variables: Sequence[Variable],
        standards: Mapping[str, Standard],
        terms: Sequence[tuple[tuple[str, int], ...]],
        seed: int,
        flags: bool = False,
    ) -> None:
        super().__init__()
        self.variables, self.seed = tuple(variables), seed
        self.features = Features(variables, standards, flags)
        self.products = Terms.over(self.features, terms)
        self.mechanisms = {v.name: mechanism_for(v, standards[v.name]) for v in variables}
        self.slots = tuple(sorted(slots, key=self._order))
        self._place = {v.name: i for i, v in enumerate(variables)}
        self.bent = sum(slot.rung.bent for slot in self.slots)
        self.neural = sum(slot.rung.neural for slot in self.slots)
        self.width = max(WIDTH, *(m.width for m in self.mechanisms.values()))
        self.lifted = max([1, *(self.lifts(slot) for slot in self.slots)])
        self._make_waves(seed)
        self._make_weights(torch.Generator().manual_seed(derive_seed(seed, "weights")))
        self._make_masks()
        nodes, keys = [s.node for s in self.slots], [self._family(s) for s in self.slots]
        self.families = families(nodes, keys, self.mechanisms)

    def _order(self, slot: Slot) -> tuple[bool, bool, bool, str, int]:
        rung, mechanism = slot.rung, self.mechanisms[slot.node]
        kind = type(mechanism).__name__
        return (not rung.bent, not rung.neural, not rung.shaped, kind, mechanism.width)

    def _family(self, slot: Slot) -> tuple[bool, bool, str, int]:
        straight, _, shaped, kind, width = self._order(slot)
        return straight and self.neural > _FEW, shaped, kind, width

    def _make_waves(self, seed: int) -> None:
        smooth = {slot.node: slot.context for slot in self.slots if slot.rung.skip == "smooth"}
        curved = {
            name for slot in self.slots if slot.rung.skip == "curves" for name in slot.context
        }
        known = {v.name: v for v in self.variables}
        keys = [key for key in self.features.keys if key[0] in curved and is_curved(key, known)]
        along, bent = curves(self.features, keys)
        drawn = [waves(self.features, node, reads, seed) for node, reads in smooth.items()]
        self._buffer("waves", torch.cat([along, *drawn], dim=1))
        bent += [Wave(node, number) for node in smooth for number in range(WAVES)]
        self.term_keys: tuple[Term, ...] = (*self.products.keys, *bent)

    def _make_weights(self, generator: torch.Generator) -> None:
        columns, n, s = len(self.features.keys), self.neural, len(self.slots)
        inputs = [max(1, len(slot.context)) for slot in self.slots[:n]]
        fan = torch.tensor(inputs, dtype=torch.float32).reshape(n, 1, 1)
        w1 = torch.randn((n, columns, HIDDEN), generator=generator) * fan.rsqrt()
        w2 = torch.randn((n, HIDDEN, HIDDEN), generator=generator) * HIDDEN**-0.5
        self.w1, self.w2 = nn.Parameter(w1), nn.Parameter(w2)
        for name in ("b1", "b2"):
            bias = 0.5 * torch.randn((n, 1, HIDDEN), generator=generator)
            self.register_parameter(name, nn.Parameter(bias))
        self.w3 = nn.Parameter(torch.zeros(n, HIDDEN, self.width))
        self.w4 = nn.Parameter(torch.zeros(self.bent, HIDDEN, spline.WIDTH))
        self.skip = nn.Parameter(torch.zeros(s, len(self.term_keys), self.lifted))
        self.bias = nn.Parameter(torch.zeros(s, 1, self.width))
        self.shape = nn.Parameter(torch.zeros(s, 1, spline.WIDTH))

    def _make_masks(self) -> None:
        reads = [set(slot.context) for slot in self.slots]
        seen = [[float(key[0] in read) for key in self.features.keys] for read in reads]
        terms = [
            [_allowed(term, slot, read) for term in self.term_keys]
            for slot, read in zip(self.slots, reads, strict=True)
        ]
        n = self.neural
        self._buffer("mask_in", torch.tensor(seen[:n]).reshape(n, len(self.features.keys), 1))
        self._buffer("mask_skip", torch.tensor(terms).unsqueeze(-1) * self._lifted_mask())
        driven = [_marks(slot.rung.driven, self.width) for slot in self.slots[:n]]
        self._buffer("mask_out", torch.tensor(driven).reshape(n, 1, self.width))
        self._buffer("node", torch.tensor([self._place[slot.node] for slot in self.slots]))
        self._buffer("replica", torch.tensor([slot.replica for slot in self.slots]))
        given = [[float(v.name in read) for v in self.variables] for read in reads]
        self._buffer("reads", torch.tensor(given))

    def _lifted_mask(self) -> Tensor:
        lifts = [self.lifts(slot) for slot in self.slots]
        return torch.tensor([_marks(range(k), self.lifted) for k in lifts]).unsqueeze(1)

    def _buffer(self, name: str, value: Tensor) -> None:
        self.register_buffer(name, value, persistent=False)

    def lifts(self, slot: Slot) -> int:
        """How many leading parameters of a slot its closed-form terms drive."""
        mechanism = self.mechanisms[slot.node]
        if isinstance(mechanism, Nominal):
            return mechanism.width
        return WIDTH if slot.rung.moving else 1

    def columns(self, index: int) -> Tensor:
        """The places of the closed-form terms that a slot may use, in rising order."""
        return self.mask_skip[index].amax(-1).nonzero().squeeze(-1)

    def is_discrete(self, node: str) -> bool:
        """Whether a node's mechanism is a choice between levels without a scale."""
        return isinstance(self.mechanisms[node], Nominal | Binary)

    # ── evaluation ───────────────────────────────────────────────────────────────

    def terms(self, codes: Tensor) -> Tensor:
        """Codes [rows, variables] → the closed-form terms [rows, Q]."""
        return self._terms(self.features(codes.T)).T

    def some_terms(self, codes: Tensor, columns: Tensor) -> Tensor:
        """The closed-form terms at the places `columns`, in rising order [rows, columns]."""
        features, first = self.features(codes.T), len(self.products.keys)
        bent = columns[columns >= first] - first
        plain = self.products(features)[columns[columns < first]]
        return torch.cat([plain, bends(features, self.waves[:, bent])]).T

    def activations(self, codes: Tensor, slot: int) -> Tensor:
        """Codes [rows, variables] → the last hidden layer of a neural slot [H, rows]."""
        weights = {name: getattr(self, name)[slot] for name in LAYERS}
        weights["w1"] = weights["w1"] * self.mask_in[slot]
        return hidden(self.features(codes.T), weights)

    def base(self, codes: Tensor) -> Tensor:
        """What the closed-form terms give the leading parameters [slots, rows, lifted]."""
        parts = [self._lifted(self.features(part.T)) for part in codes.split(_CHUNK)]
        return parts[0] if len(parts) == 1 else torch.cat(parts, dim=1)

    def log_prob(
        self, codes: Tensor, given: Tensor | None = None, base: Tensor | None = None
    ) -> Tensor:
        """Log-likelihood of each row under each slot [slots, rows].

        `given` [rows, variables] replaces what the equations read (the correlational
        net's masks); the targets are always those of `codes`. `base`: where it is known.
        """
        given = codes if given is None else given
        params = self._params(self.features(given.T), self.base(given) if base is None else base)
        targets = torch.nan_to_num(codes.T.index_select(0, self.node))
        parts = [
            family.on(codes.device).log_prob(targets[family.slots], each)
            for family, each in zip(self.families, params, strict=True)
        ]
        return torch.cat(parts)

    def _terms(self, features: Tensor) -> Tensor:
        return torch.cat([self.products(features), bends(features, self.waves)])

    def _lifted(self, features: Tensor) -> Tensor:
        weights = (self.skip * self.mask_skip).permute(1, 0, 2)
        lifted = weights.flatten(1).T @ self._terms(features)
        return lifted.reshape(len(self.slots), self.lifted, features.shape[1]).mT

    def _params(self, features: Tensor, base: Tensor) -> list[Params]:
        """The parameters of each family [slots, rows, ...]."""
        lead = nn.functional.pad(base, (0, self.width - self.lifted)) + self.bias
        active = None
        if self.neural:
            weights = {name: getattr(self, name) for name in LAYERS}
            active = trained_hidden(features, weights | {"w1": self.w1 * self.mask_in})
            added = torch.bmm((self.w3 * self.mask_out).mT, active).mT
            rest = lead[self.neural :]
            lead = lead[: self.neural] + added
            lead = torch.cat([lead, rest]) if len(rest) else lead
        return [self._family_params(family, lead, active) for family in self.families]

    def _family_params(self, family: Family, lead: Tensor, active: Tensor | None) -> Params:
        which, rung = family.slots, self.slots[family.slots.start].rung
        mine = lead[which, :, : family.width]
        if not rung.shaped:
            return Params(mine)
        shape = self.shape[which]
        if rung.bent and active is not None:
            bent = slice(which.start, min(which.stop, self.bent))
            added = torch.bmm(self.w4[bent].mT, active[bent]).mT
            straight = which.stop - bent.stop  # slots whose shape is one for all rows
            shape = shape + nn.functional.pad(added, (0, 0, 0, 0, 0, straight))
        return Params(mine, shape)

    def weighed(self, rows: Rows) -> Tensor:
        """What each row counts for each slot [slots, rows]; nothing where it has gaps."""
        return self.usable(rows.codes) * rows.weights[self.replica]

    def usable(self, codes: Tensor) -> Tensor:
        """Of which rows each slot's target and context are all seen [slots, rows]."""
        gaps = ~torch.isfinite(codes)
        if not gaps.any():
            return self.reads.new_ones((len(self.slots), len(codes)))
        missing = gaps.to(self.reads)
        if self.features.flags:
            return (missing.T[self.node] == 0).to(self.reads)
        return ((self.reads @ missing.T) + missing.T[self.node] == 0).to(self.reads)


def _allowed(term: Term, slot: Slot, reads: set[str]) -> float:
    skip = slot.rung.skip
    if isinstance(term, Wave):
        if term.along:
            return float(term.of in reads and skip == "curves")
        return float(term.of == slot.node and skip == "smooth")
    within = all(name in reads for name, _ in term)
    return float(within and (len(term) <= 1 or skip in CROSSED))


def _marks(places: Sequence[int] | range, length: int) -> list[float]:
    marks = [0.0] * length
    for place in places:
        marks[place] = 1.0
    return marks
