"""Families of a program: neighbouring slots whose mechanisms are evaluated in one call."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import torch
from torch import Tensor

from causal_core.mechanisms.base import Mechanism
from causal_core.mechanisms.binary import Binary
from causal_core.mechanisms.choose import AnyMechanism
from causal_core.mechanisms.continuous import Continuous, is_far
from causal_core.mechanisms.interval import Interval
from causal_core.mechanisms.nominal import Nominal


@dataclass(frozen=True)
class Family:
    """Slots that share a mechanism, its numbers stacked [slots, 1], and its width."""

    slots: slice
    mechanism: Mechanism
    width: int

    def on(self, device: torch.device) -> Mechanism:
        """The mechanism with its numbers where the data are."""
        if device.type == "cpu" or isinstance(self.mechanism, Nominal | Binary):
            return self.mechanism
        numbers = {name: value.to(device) for name, value in vars(self.mechanism).items()}
        return type(self.mechanism)(**numbers)


def families(
    nodes: Sequence[str], keys: Sequence[Hashable], mechanisms: Mapping[str, AnyMechanism]
) -> list[Family]:
    """Runs of slots, of these nodes, that have the same key."""
    found = []
    for _, run in groupby(range(len(keys)), key=keys.__getitem__):
        places = list(run)
        members = [mechanisms[nodes[place]] for place in places]
        which = slice(places[0], places[-1] + 1)
        found.append(Family(which, _stacked(members), members[0].width))
    return found


def _stacked(members: list[AnyMechanism]) -> Mechanism:
    ordered = [m for m in members if isinstance(m, Continuous | Interval)]
    if not ordered:
        return members[0]
    far = any(is_far(float(m.centre), float(m.scale)) for m in ordered)

    def column(name: str) -> Tensor:
        numbers = [[float(getattr(m, name))] for m in ordered]
        return torch.tensor(numbers, dtype=torch.float64 if far else torch.float32)

    if isinstance(ordered[0], Continuous):
        return Continuous(column("centre"), column("scale"))
    return Interval(column("centre"), column("scale"), column("floor"), column("ceiling"))
