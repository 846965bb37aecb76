"""Doing, turned into seeing one arrow at a time.

Rows with X = x differ from everyone in what brought X about. Draw two independent worlds: in
the *seen* one the causes of X are weighted by p(x | what X reads), so that they are as among
rows with X = x; in the *other* one they are as among everyone. Y with X = x is then simulated
with each arrow that leaves the causes of X carrying the value of either world. All from the
other world is doing, all from the seen world is seeing, and turning the arrows over one by one
tells what each brings: partial abduction and prediction (Plečko & Bareinboim 2023, *A causal
framework for decomposing spurious variations*), by arrows instead of noises.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from causal_core.graphs import order
from causal_core.graphs.graph import Edge
from causal_core.queries.summary import level_chances
from causal_core.queries.treks import Treks
from causal_core.scm.model import StructuralCausalModel
from causal_core.scm.simulate import World, context_params, even_noises, simulate

_WORK = 2**15  # draws times combinations of arrows
_LEAST, _MOST = 1024, 8192

HIDDEN = None  # the switch of everything that unmeasured causes carry
Switch = Edge | None


class Turned(NamedTuple):
    """For one value of the cause: `weights` [draws], of mean one; `steps` [switches, draws]:
    what turning each switch over changes in each draw; `doing`: the mean before any is."""

    weights: np.ndarray
    steps: np.ndarray
    doing: float

    @property
    def effective(self) -> float:
        """How many unweighted draws the weighted ones are worth (Kish 1965)."""
        return float(self.weights.sum() ** 2 / (self.weights**2).sum())


@dataclass(frozen=True, eq=False)
class SeenWorlds:
    """The two worlds of a model for a `cause`, an `outcome` and a `level` (its index) of it."""

    model: StructuralCausalModel
    cause: str
    outcome: str
    level: int | None
    seed: int = 0

    @cached_property
    def reads(self) -> dict[str, tuple[str, ...]]:
        """What each equation reads, in an order of causes before effects."""
        return {name: context.names for name, context in self.model.contexts.items()}

    @cached_property
    def above(self) -> frozenset[str]:
        """All that brings the cause about, itself left out."""
        return order.reach([self.cause], self.reads) - {self.cause}

    @cached_property
    def below(self) -> tuple[str, ...]:
        """What must be simulated for the outcome once the cause is set, in order."""
        if self.outcome in self.above:
            return ()
        needed = order.reach([self.outcome], self.reads) - self.above - {self.cause}
        return tuple(name for name in self.reads if name in needed)

    @cached_property
    def switches(self) -> tuple[Switch, ...]:
        """The arrows out of the cause's causes on the way to the outcome, `HIDDEN` last.

        Only `HIDDEN`, if the outcome itself is among the cause's causes.
        """
        if self.outcome in self.above:
            return (HIDDEN,)
        links = [
            self._switch(name, node, natural)
            for node in self.below
            for natural in (False, True)
            for name in self._role(node, natural)
            if self._carried(name, natural)
        ]
        arrows = [link for link in dict.fromkeys(links) if link is not HIDDEN]
        return (*arrows, *([HIDDEN] if HIDDEN in links else []))

    @cached_property
    def treks(self) -> Treks:
        """The treks above the cause, by regressions on the seen world before it is weighted."""
        seen, rows = self._worlds[0], next(iter(self._worlds[0].values())).shape[2]
        reads = {n: r for n, r in self.reads.items() if n in self.above or n == self.cause}
        draws = {n: seen[n].reshape(rows).double().numpy() for n in reads}
        return Treks(reads, self.model.by_name, draws)

    def turned(self, code: float) -> Turned:
        """What turning the switches does where the cause has this code.

        Each switch is turned twice, in the order of `switches` and in the reverse; its step is
        the mean, which for two switches is the Shapley value.
        """
        values, count = self._values(code), len(self.switches)
        off, on = values[:1], values[count : count + 1]
        forward = np.diff(values[: count + 1], axis=0)
        backward = np.diff(np.concatenate([off, values[count + 1 :], on]), axis=0)[::-1][:count]
        return Turned(self._weights(code), (forward + backward) / 2, float(values[0].mean()))

    # ── inside ───────────────────────────────────────────────────────────────────

    @cached_property
    def _exact(self) -> StructuralCausalModel:
        return replace(self.model.exact, couplings={})

    @cached_property
    def _arrows(self) -> frozenset[Edge]:
        return frozenset(self.model.graph.project().edges)

    @cached_property
    def _on(self) -> Tensor:
        """Which switches are on [combinations, switches]: none, one, …, all from the first;
        then one, …, all but one from the last."""
        some = torch.ones(len(self.switches) + 1, len(self.switches)).tril(-1).bool()
        return torch.cat([some, some.flip(1)[1:-1]])

    @cached_property
    def _noises(self) -> tuple[World, ...]:
        rows = _WORK // max(1, len(self._on))
        rows = 2 ** int(np.log2(min(max(rows, _LEAST), _MOST)))
        return even_noises(self._exact, rows, self.seed, 2)

    @cached_property
    def _worlds(self) -> tuple[World, World]:
        """The seen world and the other one, each as its equations give it."""
        targets = {self.cause, *self.above, *self.below}
        one, two = (simulate(self._exact, noise, {}, targets=targets) for noise in self._noises)
        rows = next(iter(self._noises[0].values())).shape[2]
        return tuple({n: c.expand(1, 1, rows) for n, c in w.items()} for w in (one, two))  # type: ignore[return-value]

    def _role(self, node: str, natural: bool) -> tuple[str, ...]:
        context = self.model.contexts[node]
        return context.natural if natural else context.acting

    def _carried(self, name: str, natural: bool) -> bool:
        """Whether reading `name` differs between the worlds: not so for the cause as it is set."""
        return natural or name in self.above

    def _switch(self, name: str, node: str, natural: bool) -> Switch:
        arrow = Edge(name, node)
        return arrow if not natural and arrow in self._arrows else HIDDEN

    def _weights(self, code: float) -> np.ndarray:
        seen = self._worlds[0]
        equation = self._exact.equations[self.cause]
        rows = next(iter(seen.values())).shape[2]
        params = context_params(self._exact, equation, seen, seen, (0,), rows)
        at = torch.full((1, 1, rows), code, dtype=torch.float64)
        scored = equation.mechanism.log_prob(at, params).reshape(-1).numpy()
        weights = np.exp(scored - scored.max())
        return np.asarray(weights / weights.mean())

    def _values(self, code: float) -> np.ndarray:
        """The outcome, or the chance of its level, [combinations, draws]."""
        seen, other = self._worlds
        world: World = {}
        if self.outcome in self.above:
            both = torch.cat([other[self.outcome], seen[self.outcome]], dim=1)[0]
            return np.asarray(
                (both if self.level is None else (both == self.level).double()).numpy()
            )
        for node in self.below:
            equation = self._exact.equations[node]
            acting = {n: self._read(n, node, False, code, world) for n in self._role(node, False)}
            natural = {n: self._read(n, node, True, code, world) for n in self._role(node, True)}
            rows = other[node].shape[2]
            params = context_params(self._exact, equation, acting, natural, (0,), rows)
            if node == self.outcome and self.level is not None:
                chances = level_chances(equation, params)[..., self.level]
                return self._every(chances)
            world[node] = equation.mechanism.forward(self._noises[1][node], params)
        return self._every(world[self.outcome])

    def _every(self, values: Tensor) -> np.ndarray:
        rows = self._worlds[0][self.cause].shape[2]
        return np.asarray(values.expand(1, len(self._on), rows)[0].double().numpy())

    def _read(self, name: str, node: str, natural: bool, code: float, world: World) -> Tensor:
        """What an equation reads: the cause as set, or the world that the switch says."""
        seen, other = self._worlds
        if name == self.cause:
            held = torch.full((1, 1, 1), code, dtype=torch.float64)
            if not natural:
                return held
            now = held
        else:
            now = seen[name] if name in self.above else world[name]
        if not self._carried(name, natural):
            return now
        place = self.switches.index(self._switch(name, node, natural))
        return torch.where(self._on[:, place].reshape(1, -1, 1), now, other[name])
