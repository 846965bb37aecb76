"""Random discrete models of a graph with a hidden cause for each arc, solved exactly."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from causal_core.graphs.graph import CausalGraph


class ExactModel:
    """Random tables P(node | parents, hidden causes), strictly positive; latents have 2 levels.

    `graph` may have latent nodes; each arc gets a hidden cause of its own.
    """

    def __init__(self, graph: CausalGraph, seed: int, most: int = 2) -> None:
        rng = np.random.default_rng(seed)
        arcs = [edge for edge in graph.edges if edge.kind == "<->"]
        hidden = {f"arc {number}": {a.source, a.target} for number, a in enumerate(arcs)}
        self.observed = graph.observed
        self.levels = {name: int(rng.integers(2, most + 1)) for name in graph.observed}
        self.levels |= dict.fromkeys([*sorted(graph.latent), *hidden], 2)
        self._axis = {name: axis for axis, name in enumerate(self.levels)}
        self._tables = {}
        for name in self.levels:
            above = sorted(graph.parents(name)) if name in graph.nodes else []
            reads = [*above, *(cause for cause, ends in hidden.items() if name in ends)]
            shape = [self.levels[n] for n in (name, *reads)]
            # Far from 0 and 1, so that a wrong formula shows and rounding does not.
            weights = rng.uniform(0.1, 1, shape) ** 2
            self._tables[name] = ((name, *reads), weights / weights.sum(axis=0))

    def margin(self, names: Iterable[str], do: frozenset[str] = frozenset()) -> np.ndarray:
        """P(names | do(do)) with one axis a name; those of `do` among `names` are axes too."""
        operands: list[object] = []
        for name, (axes, table) in self._tables.items():
            operands += [np.ones(len(table))] if name in do else [table]
            operands += [[self._axis[n] for n in ([name] if name in do else axes)]]
        return np.einsum(*operands, [self._axis[n] for n in names], optimize="greedy")

    def joint(self) -> pd.Series:
        """The observed joint, as `evaluate` takes it."""
        levels = [range(self.levels[name]) for name in self.observed]
        index = pd.MultiIndex.from_product(levels, names=self.observed)
        return pd.Series(self.margin(self.observed).ravel(), index=index)

    def truth(self, y: Iterable[str], x: Iterable[str], z: Iterable[str] = ()) -> np.ndarray:
        """P(y | do(x), z): axes outcomes, treatments, conditions, sorted within each."""
        ys, xs, zs = sorted(y), sorted(x), sorted(z)
        both = self.margin([*ys, *xs, *zs], frozenset(xs))
        return both / both.sum(axis=tuple(range(len(ys))), keepdims=True)
