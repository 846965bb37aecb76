"""All equations that are being tried, of all nodes and ensemble members, in one program.

A *slot* is one equation: a node, a rung of the ladder and an ensemble member. Every
tensor carries the slots first, so that one batched multiplication serves them all:
[slots, rows, columns] × [slots, columns, hidden]. Slots share no weights, so that the
sum of their losses trains each as if it were alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from causal_core.mechanisms.base import Mechanism
from causal_core.mechanisms.binary import Binary
from causal_core.mechanisms.choose import AnyMechanism, Standard, mechanism_for
from causal_core.mechanisms.continuous import WIDTH, Continuous
from causal_core.mechanisms.interval import Interval
from causal_core.mechanisms.nominal import Nominal
from causal_core.scm.features import Features, Terms
from causal_core.scm.ladder import Rung
from causal_core.tables.schema import Variable

HIDDEN = 32
NEURAL = ("w1", "b1", "w2", "b2", "w3")


@dataclass(frozen=True)
class Slot:
    """One equation in training."""

    node: str
    context: tuple[str, ...]
    rung: Rung
    member: int = 0


def hidden(x: Tensor, w: Mapping[str, Tensor]) -> Tensor:
    """Features [slots, rows, columns] → what the hidden layers add [slots, rows, width]."""
    x = nn.functional.silu(torch.baddbmm(w["b1"], x, w["w1"]))
    x = nn.functional.silu(torch.baddbmm(w["b2"], x, w["w2"]))
    return torch.bmm(x, w["w3"])


class Program(nn.Module):
    """The batched equations of `slots`; neural ones must come first.

    Trainable: `w1` [S', F, H], `b1` [S', 1, H], `w2` [S', H, H], `b2`, `w3` [S', H, P]
    for the S' neural slots; `skip` [S, Q, L] and `bias` [S, 1, P] for all. Q counts the
    closed-form terms, L the parameters that they drive (1, or the most levels).
    """

    node: Tensor
    reads: Tensor
    free: Tensor
    mask_in: Tensor
    mask_out: Tensor
    mask_skip: Tensor
    mask_bias: Tensor
    w1: Tensor
    b1: Tensor
    w2: Tensor
    b2: Tensor
    w3: Tensor

    def __init__(
        self,
        slots: Sequence[Slot],
        variables: Sequence[Variable],
        standards: Mapping[str, Standard],
        terms: Sequence[tuple[tuple[str, int], ...]],
        generator: torch.Generator,
        flags: bool = False,
    ) -> None:
        super().__init__()
        self.slots = tuple(slots)
        self.variables = tuple(variables)
        self.features = Features(variables, standards, flags)
        self.terms = Terms.over(self.features, terms)
        self.mechanisms = {v.name: mechanism_for(v, standards[v.name]) for v in variables}
        self._place = {v.name: i for i, v in enumerate(variables)}
        self.neural = sum(slot.rung.neural for slot in slots)
        self.width = max(WIDTH, *(m.width for m in self.mechanisms.values()))
        self.lifted = max([1, *(m.width for m in self._nominal())])
        self._make_weights(generator)
        self._make_masks()
        self._make_families()
        self._hold_frozen()

    def _nominal(self) -> list[Nominal]:
        return [m for m in self.mechanisms.values() if isinstance(m, Nominal)]

    def _make_weights(self, generator: torch.Generator) -> None:
        columns, n, s = len(self.features.keys), self.neural, len(self.slots)
        shape = {"w1": (n, columns, HIDDEN), "w2": (n, HIDDEN, HIDDEN)}
        inputs = [max(1, len(slot.context)) for slot in self.slots[:n]]
        fan = torch.tensor(inputs, dtype=torch.float32).reshape(n, 1, 1)
        for name, size in shape.items():
            spread = fan.rsqrt() if name == "w1" else torch.tensor(HIDDEN**-0.5)
            weight = torch.randn(size, generator=generator) * spread
            self.register_parameter(name, nn.Parameter(weight))
        for name in ("b1", "b2"):
            bias = 0.5 * torch.randn((n, 1, HIDDEN), generator=generator)
            self.register_parameter(name, nn.Parameter(bias))
        self.w3 = nn.Parameter(torch.zeros(n, HIDDEN, self.width))
        self.skip = nn.Parameter(torch.zeros(s, len(self.terms.keys), self.lifted))
        self.bias = nn.Parameter(torch.zeros(s, 1, self.width))

    def _make_masks(self) -> None:
        reads = [set(slot.context) for slot in self.slots]
        seen = [[float(key[0] in read) for key in self.features.keys] for read in reads]
        terms = [
            [_allowed(term, slot, read) for term in self.terms.keys]
            for slot, read in zip(self.slots, reads, strict=True)
        ]
        n = self.neural
        self._buffer("mask_in", torch.tensor(seen[:n]).reshape(n, len(self.features.keys), 1))
        self._buffer("mask_skip", torch.tensor(terms).unsqueeze(-1) * self._lifted_mask())
        driven = [_marks(slot.rung.driven, self.width) for slot in self.slots[:n]]
        shaped = [_marks(slot.rung.shaped, self.width) for slot in self.slots]
        self._buffer("mask_out", torch.tensor(driven).reshape(n, 1, self.width))
        self._buffer("mask_bias", torch.tensor(shaped).reshape(-1, 1, self.width))
        free = [[float(not slot.rung.frozen)] for slot in self.slots]
        self._buffer("free", torch.tensor(free).unsqueeze(-1))

    def _lifted_mask(self) -> Tensor:
        lifts = [
            m.width if isinstance(m := self.mechanisms[slot.node], Nominal) else 1
            for slot in self.slots
        ]
        return torch.tensor([_marks(range(k), self.lifted) for k in lifts]).unsqueeze(1)

    def _buffer(self, name: str, value: Tensor) -> None:
        self.register_buffer(name, value, persistent=False)

    def _make_families(self) -> None:
        """Groups of slots whose mechanisms are evaluated in one call."""
        groups: dict[object, list[int]] = {}
        for index, slot in enumerate(self.slots):
            mechanism = self.mechanisms[slot.node]
            key = mechanism if isinstance(mechanism, Nominal) else type(mechanism)
            groups.setdefault(key, []).append(index)
        self.families = [
            (
                torch.tensor(index),
                self._stacked([self.mechanisms[self.slots[i].node] for i in index]),
            )
            for index in groups.values()
        ]
        nodes = [self._place[slot.node] for slot in self.slots]
        self._buffer("node", torch.tensor(nodes))
        reads = [[float(v.name in slot.context) for v in self.variables] for slot in self.slots]
        self._buffer("reads", torch.tensor(reads))

    def _stacked(self, members: list[AnyMechanism]) -> Mechanism:
        def column(name: str) -> Tensor:
            return torch.tensor([[float(getattr(m, name))] for m in members])

        if isinstance(members[0], Continuous):
            return Continuous(column("centre"), column("scale"))
        if isinstance(members[0], Interval):
            names = ("centre", "scale", "floor", "ceiling")
            return Interval(*(column(name) for name in names))
        return members[0]

    def params(self, codes: Tensor) -> Tensor:
        """Codes [rows, variables] → parameters of every slot [slots, rows, width]."""
        x = self.features(codes)
        lifted = torch.matmul(self.terms(x), self.skip * self.mask_skip)
        rest = self.width - self.lifted
        params = nn.functional.pad(lifted, (0, rest)) + self.bias
        if not self.neural:
            return params
        return torch.cat([params[: self.neural] + self.added(x), params[self.neural :]])

    def added(self, features: Tensor) -> Tensor:
        """What the hidden layers add for features [rows, columns]: [neural, rows, width]."""
        weights = {name: getattr(self, name) for name in NEURAL}
        weights["w1"] = weights["w1"] * self.mask_in
        return hidden(features.expand(self.neural, -1, -1), weights) * self.mask_out

    def is_discrete(self, node: str) -> bool:
        """Whether a node's mechanism is a choice between levels without a scale."""
        return isinstance(self.mechanisms[node], Nominal | Binary)

    def log_prob(self, codes: Tensor, given: Tensor | None = None) -> Tensor:
        """Log-likelihood of each row under each slot [slots, rows].

        `given` [rows, variables] replaces what the equations read (the correlational
        net's masks); the targets are always those of `codes`.
        """
        params = self.params(codes if given is None else given)
        targets = torch.nan_to_num(codes.T[self.node])
        result = torch.empty_like(targets)
        for index, mechanism in self.families:
            index = index.to(codes.device)
            local = _on(mechanism, codes.device)
            result[index] = local.log_prob(targets[index], params[index])
        return result

    def usable(self, codes: Tensor) -> Tensor:
        """Which rows teach which slot [slots, rows]: target and context are all seen."""
        missing = (~torch.isfinite(codes)).to(self.reads)
        if self.features._flags:
            return (missing.T[self.node] == 0).to(self.reads)
        return ((self.reads @ missing.T) + missing.T[self.node] == 0).to(self.reads)

    def _hold_frozen(self) -> None:
        """Stop gradients of what a slot must not learn."""
        self.bias.register_hook(lambda grad: grad * self.mask_bias.to(grad))
        self.skip.register_hook(lambda grad: grad * (self.mask_skip * self.free).to(grad))


def _on(mechanism: Mechanism, device: torch.device) -> Mechanism:
    """The mechanism with its numbers where the data are."""
    if device.type == "cpu" or isinstance(mechanism, Nominal | Binary):
        return mechanism
    numbers = {name: value.to(device) for name, value in vars(mechanism).items()}
    return type(mechanism)(**numbers)


def _allowed(term: tuple[tuple[str, int], ...], slot: Slot, reads: set[str]) -> float:
    within = all(name in reads for name, _ in term)
    return float(within and (len(term) <= 1 or slot.rung.skip == "polynomial"))


def _marks(places: Sequence[int] | range, length: int) -> list[float]:
    marks = [0.0] * length
    for place in places:
        marks[place] = 1.0
    return marks
