"""What is known before any data is looked at: tiers, required and forbidden arrows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from causal_core.errors import GraphError, UnknownColumn
from causal_core.graphs import order

Pair = tuple[str, str]


@dataclass(frozen=True)
class Knowledge:
    """Tiers (nothing causes what is in an earlier one), required and forbidden arrows.

    Columns in no tier may stand anywhere. `required` and `forbidden` are (cause, effect).

    >>> Knowledge(tiers=(("age",), ("dose", "pain"))).forbids("pain", "age")
    True
    """

    tiers: tuple[tuple[str, ...], ...] = ()
    required: frozenset[Pair] = frozenset()
    forbidden: frozenset[Pair] = frozenset()

    def __post_init__(self) -> None:
        for role in ("required", "forbidden"):
            object.__setattr__(self, role, frozenset(tuple(pair) for pair in getattr(self, role)))
        object.__setattr__(self, "tiers", tuple(tuple(tier) for tier in self.tiers))
        placed = [name for tier in self.tiers for name in tier]
        if twice := next((name for name in placed if placed.count(name) > 1), None):
            raise GraphError(f"“{twice}” stands in two tiers.", "Leave it in one.")
        for cause, effect in sorted(self.required):
            if self.forbids(cause, effect):
                raise GraphError(
                    f"“{cause} -> {effect}” is required, and forbidden too.",
                    "Take back one of the two, or move a column to another tier.",
                )

    def forbids(self, cause: str, effect: str) -> bool:
        """Whether no arrow may lead from `cause` to `effect`."""
        tier = self._tier
        late = cause in tier and effect in tier and tier[cause] > tier[effect]
        return late or (cause, effect) in self.forbidden

    @property
    def _tier(self) -> dict[str, int]:
        return {name: place for place, tier in enumerate(self.tiers) for name in tier}

    def within(self, names: Collection[str]) -> Knowledge:
        """What is known of these columns alone."""
        tiers = (tuple(name for name in tier if name in names) for tier in self.tiers)
        inside = {
            role: frozenset(pair for pair in getattr(self, role) if {*pair} <= {*names})
            for role in ("required", "forbidden")
        }
        return Knowledge(tuple(tier for tier in tiers if tier), **inside)

    def over(self, names: Sequence[str]) -> Rules:
        """The same as matrices over `names`.

        Raises UnknownColumn for others, GraphError where the knowledge contradicts itself.
        """
        for name in (
            *self._tier,
            *(end for pair in self.required | self.forbidden for end in pair),
        ):
            if name not in names:
                raise UnknownColumn(name, names)
        place = {name: i for i, name in enumerate(names)}
        required = np.zeros((len(names), len(names)), dtype=bool)
        for cause, effect in self.required:
            required[place[cause], place[effect]] = True
        allowed = np.array([[a != b and not self.forbids(a, b) for b in names] for a in names])
        allowed = allowed.reshape(len(names), len(names))
        earlier = required.copy()
        for cause in self._tier:
            for effect in self._tier:
                earlier[place[cause], place[effect]] |= self._tier[cause] < self._tier[effect]
        return Rules(allowed & ~required.T, required, _closed(names, earlier))


@dataclass(frozen=True, eq=False)
class Rules:
    """Knowledge over numbered columns; every matrix is bool [p, p], cause first."""

    allowed: np.ndarray
    required: np.ndarray
    earlier: np.ndarray  # i stands before j in every causal order

    @property
    def oriented(self) -> np.ndarray:
        """Arrows whose direction is known wherever there is an edge at all."""
        return np.asarray(self.allowed & ~self.allowed.T)


def _closed(names: Sequence[str], earlier: np.ndarray) -> np.ndarray:
    """The transitive closure; GraphError naming a cycle."""
    children = {a: tuple(b for j, b in enumerate(names) if earlier[i, j])
                for i, a in enumerate(names)}  # fmt: skip
    if path := order.cycle(children):
        raise GraphError(
            f"What is known leads in a circle: {' → '.join(path)}.",
            "Take back one of the required arrows, or move a column to another tier.",
        )
    whole = earlier.astype(np.float32)
    for _ in range(max(1, int(np.ceil(np.log2(max(2, len(names))))))):
        whole = ((whole + whole @ whole) > 0).astype(np.float32)
    return whole > 0
