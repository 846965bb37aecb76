"""Published structural causal models whose answers are known, for `benchmarks.structural`.

Equations: Javaloy, Sánchez-Martín & Valera (2023), *Causal normalizing flows*, appendix
(chains, collider, fork, diamond, triangle, Simpson, large back-door); Khemakhem, Monti,
Leech & Hyvärinen (2021), *Causal autoregressive flows*, and Sick & Dürr (2025), *TRAM-DAGs*;
Chao, Blöbaum & Kasiviswanathan (2023), *Diffusion-based causal models* (the world that is
not monotone); the others are our own. Every equation reads its parents and then its noise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special, stats

Column = np.ndarray
Base = Literal["normal", "uniform", "laplace", "logistic", "mixture", "gumbel"]
Kind = Literal["continuous", "binary", "count", "categorical"]


@dataclass(frozen=True)
class Node:
    """One structural equation: `equation(*parents, noise)`, each argument [rows]."""

    name: str
    parents: tuple[str, ...]
    equation: Callable[..., Column]
    base: Base = "normal"
    kind: Kind = "continuous"
    levels: int = 0


@dataclass(frozen=True)
class World:
    """A structural causal model; nodes come in causal order."""

    name: str
    nodes: tuple[Node, ...]
    monotone: bool = True

    @property
    def names(self) -> list[str]:
        """The variables in causal order."""
        return [node.name for node in self.nodes]

    @property
    def edges(self) -> list[tuple[str, str]]:
        """Every (cause, effect)."""
        return [(parent, node.name) for node in self.nodes for parent in node.parents]

    def noise(self, rows: int, seed: int) -> dict[str, Column]:
        """Noise of every equation; [rows], or [rows, levels] for a categorical one."""
        stream = np.random.default_rng([seed, rows])
        return {node.name: _noise(node, rows, stream) for node in self.nodes}

    def run(
        self, noise: Mapping[str, Column], do: Mapping[str, float] | None = None
    ) -> pd.DataFrame:
        """The world that this noise gives under `do`, categorical levels as codes."""
        values: dict[str, Column] = {}
        for node in self.nodes:
            if do is not None and node.name in do:
                values[node.name] = np.full(len(noise[node.name]), float(do[node.name]))
            else:
                parents = [values[parent] for parent in node.parents]
                values[node.name] = node.equation(*parents, noise[node.name]).astype(float)
        return pd.DataFrame(values)

    def descendants(self, name: str) -> list[str]:
        """What changes when `name` is set."""
        found = {name}
        for node in self.nodes:
            if found & set(node.parents):
                found.add(node.name)
        return [n for n in self.names if n in found and n != name]


def _noise(node: Node, rows: int, stream: np.random.Generator) -> Column:
    if node.base == "gumbel":
        return stream.gumbel(size=(rows, node.levels))
    if node.base == "mixture":  # two modes, as the source of the VACA and TRAM-DAG triangles
        low = stream.random(rows) < 0.5
        return np.where(low, stream.normal(-2, 1.5, rows), stream.normal(1.5, 1, rows))
    if node.base == "uniform":
        return stream.uniform(1e-9, 1 - 1e-9, rows)
    if node.base == "laplace":
        return stream.laplace(0, 1 / np.sqrt(2), rows)
    return stream.logistic(size=rows) if node.base == "logistic" else stream.normal(size=rows)


def _sigmoid(x: Column) -> Column:
    return np.asarray(special.expit(x))


def _softplus(x: Column) -> Column:
    return np.logaddexp(0.0, x)


def _layer(x: Column, y: Column | float) -> Column:
    return np.asarray(_softplus(x + 1) + np.logaddexp(0.0, 0.5 + y) - 3.0)


def _laplace(location: Column, scale: float, share: Column) -> Column:
    return location - scale * np.sign(share - 0.5) * np.log1p(-2 * np.abs(share - 0.5))


def _self(u: Column) -> Column:
    return u


def _chain(name: str, *steps: Callable[..., Column]) -> World:
    nodes = [Node("x1", (), steps[0])]
    nodes += [Node(f"x{i}", (f"x{i - 1}",), step) for i, step in enumerate(steps[1:], 2)]
    return World(name, tuple(nodes))


def _triangle(name: str, second: Callable[..., Column], third: Callable[..., Column]) -> World:
    return World(
        name, (Node("x1", (), _self), Node("x2", ("x1",), second), Node("x3", ("x1", "x2"), third))
    )


LINEAR = (
    _chain("chain of 3, linear", _self, lambda a, u: 10 * a - u, lambda b, u: 0.25 * b + 2 * u),
    _chain(
        "chain of 4, linear",
        _self,
        lambda a, u: 5 * a - u,
        lambda b, u: -0.5 * b - 1.5 * u,
        lambda c, u: c + u,
    ),
    _chain(
        "chain of 5, linear",
        _self,
        lambda a, u: 10 * a - u,
        lambda b, u: 0.25 * b + 2 * u,
        lambda c, u: c + u,
        lambda d, u: -d + u,
    ),
    World(
        "collider, linear",
        (
            Node("x1", (), _self),
            Node("x2", (), lambda u: 2 - u),
            Node("x3", ("x1", "x2"), lambda a, b, u: 0.25 * b - 0.5 * a + 0.5 * u),
        ),
    ),
    World(
        "fork, linear",
        (
            Node("x1", (), _self),
            Node("x2", (), lambda u: 2 - u),
            Node("x3", ("x1", "x2"), lambda a, b, u: 0.25 * b - 1.5 * a + 0.5 * u),
            Node("x4", ("x3",), lambda c, u: c + 0.25 * u),
        ),
    ),
    _triangle("triangle, linear", lambda a, u: 10 * a - u, lambda a, b, u: 0.5 * b + a + u),
)

NONLINEAR = (
    _chain(
        "chain of 3, nonlinear",
        _self,
        lambda a, u: np.exp(a / 2) + u / 4,
        lambda b, u: (b - 5) ** 3 / 15 + u,
    ),
    World(
        "fork, nonlinear",
        (
            Node("x1", (), _self),
            Node("x2", (), _self),
            Node("x3", ("x1", "x2"), lambda a, b, u: 4 * _sigmoid(a + b) - b**2 + u / 2),
            Node("x4", ("x3",), lambda c, u: 20 * _sigmoid(c - c**2 / 2) + u),
        ),
    ),
    World(
        "diamond, nonlinear",
        (
            Node("x1", (), _self),
            Node("x2", ("x1",), lambda a, u: a**2 + u / 2),
            Node("x3", ("x1", "x2"), lambda a, b, u: b**2 - 2 * _sigmoid(a) + u / 2),
            Node("x4", ("x2", "x3"), lambda b, c, u: c / (np.abs(b + 2) + c + 0.5) + u / 10),
        ),
    ),
    _triangle(
        "triangle, nonlinear",
        lambda a, u: 2 * a**2 + u,
        lambda a, b, u: 20 * _sigmoid(b**2 - a) + u,
    ),
    World(
        "Simpson, nonlinear",
        (
            Node("x1", (), _self),
            Node("x2", ("x1",), lambda a, u: _softplus(1 - a) + np.sqrt(3 / 20) * u),
            Node("x3", ("x1", "x2"), lambda a, b, u: np.tanh(2 * b) + 1.5 * a - 1 + np.tanh(u)),
            Node("x4", ("x3",), lambda c, u: (c - 4) / 5 + 3 + u / np.sqrt(10)),
        ),
    ),
    World(
        "Simpson, symmetric product",
        (
            Node("x1", (), _self),
            Node("x2", ("x1",), lambda a, u: 2 * np.tanh(2 * a) + u / np.sqrt(10)),
            Node("x3", ("x1", "x2"), lambda a, b, u: a * b / 2 + u / np.sqrt(2)),
            Node("x4", ("x1",), lambda a, u: np.tanh(1.5 * a) + np.sqrt(3 / 10) * u),
        ),
    ),
    World(
        "large back-door",
        (
            Node("x1", (), lambda u: _softplus(1.8 * u) - 1, "uniform"),
            Node("x2", ("x1",), lambda a, u: 0.25 * u + 1.5 * _layer(a, 0.0), "uniform"),
            Node("x3", ("x1",), _layer, "uniform"),
            Node("x4", ("x2",), _layer, "uniform"),
            Node("x5", ("x3",), _layer, "uniform"),
            Node("x6", ("x4",), _layer, "uniform"),
            Node("x7", ("x5",), _layer, "uniform"),
            Node("x8", ("x6",), lambda f, u: 0.3 * u + _softplus(f + 1) - 1, "uniform"),
            Node(
                "x9",
                ("x7", "x8"),
                lambda g, h, u: _laplace(2 - _softplus((1.3 * g + h) / 3 + 1), 0.6, u),
                "uniform",
            ),
        ),
    ),
    World(
        "two Laplace causes (CAREFL)",
        (
            Node("x1", (), _self, "laplace"),
            Node("x2", (), _self, "laplace"),
            Node("x3", ("x1", "x2"), lambda a, b, u: a + 0.5 * b**3 + u, "laplace"),
            Node("x4", ("x1", "x2"), lambda a, b, u: -b + 0.5 * a**2 + u, "laplace"),
        ),
    ),
    World(
        "two modes (VACA)",
        (
            Node("x1", (), _self, "mixture"),
            Node("x2", ("x1",), lambda a, u: -1 + 3 * _sigmoid(2 * a) + u),
            Node("x3", ("x1", "x2"), lambda a, b, u: a + 0.25 * b**2 + u),
        ),
    ),
    World(
        "logistic shifts (TRAM-DAG)",
        (
            Node("x1", (), _self, "mixture"),
            Node("x2", ("x1",), lambda a, u: (u - 2 * a) / 5, "logistic"),
            Node(
                "x3",
                ("x1", "x2"),
                lambda a, b, u: (u + 0.2 * a - 0.75 * np.arctan(5 * (b + 0.12))) / 0.63,
                "logistic",
            ),
        ),
    ),
    World(
        "noise that is not additive",
        (
            Node("x1", (), _self),
            Node("x2", ("x1",), lambda a, u: a + np.exp(0.4 * a) * u),
            Node("x3", ("x1", "x2"), lambda a, b, u: np.sinh(0.8 * u + 0.3 * np.tanh(a)) + 0.3 * b),
            Node("x4", (), _self),
            Node("x5", ("x2", "x4"), lambda b, d, u: np.tanh(b) * d + np.exp(0.5 * d) * u),
            Node("x6", ("x3",), lambda c, u: _softplus(c + 2 * u)),
            Node("x7", ("x5", "x6"), lambda e, f, u: np.sin(e) + 0.5 * f + (0.3 + _sigmoid(f)) * u),
            Node("x8", ("x1", "x7"), lambda a, g, u: g + (u + 0.3 * u**3) * np.exp(0.3 * a)),
        ),
    ),
)


def _poisson(mean: Column, u: Column) -> Column:
    return np.asarray(stats.poisson.ppf(u, mean))


def _choice(*scores: Column | float, noise: Column) -> Column:
    columns = np.broadcast_arrays(*scores, noise[:, 0])[:-1]
    return np.asarray((np.stack(columns, axis=1) + noise).argmax(1))


MIXED = (
    World(
        "mixed: clinic",
        (
            Node("age", (), lambda u: 50 + 12 * u),
            Node("sex", (), lambda u: u > 0, kind="binary"),
            Node("severity", ("age", "sex"), lambda a, s, u: (a - 50) / 10 + s + (1 + 0.4 * s) * u),
            Node("treated", ("severity",), lambda v, u: u > 0.3 - 0.8 * v, kind="binary"),
            Node(
                "days",
                ("severity", "treated"),
                lambda v, t, u: 4 + 2 * _softplus(v) - 1.5 * t * _sigmoid(v) + 0.8 * u,
            ),
        ),
    ),
    World(
        "mixed: visits",
        (
            Node("income", (), lambda u: np.exp(3 + 0.5 * u)),
            Node("insured", ("income",), lambda a, u: u > 1.5 - a / 20, kind="binary"),
            Node(
                "visits",
                ("income", "insured"),
                lambda a, b, u: _poisson(np.exp(0.4 + 0.7 * b + a / 80), u),
                "uniform",
                "count",
            ),
            Node(
                "cost", ("visits", "insured"), lambda v, b, u: (1 + v) * (2 - b) + (1 + v / 4) * u
            ),
        ),
    ),
    World(
        "mixed: route",
        (
            Node("distance", (), lambda u: 5 + 2 * u),
            Node(
                "mode",
                ("distance",),
                lambda d, u: _choice(0.0, 0.5 * d - 2.5, 0.2 * d - 1, noise=u),
                "gumbel",
                "categorical",
                3,
            ),
            Node(
                "minutes",
                ("distance", "mode"),
                lambda d, m, u: d * np.array([12.0, 3.0, 5.0])[m.astype(int)] + 4 * m + 5 * u,
            ),
            Node("late", ("minutes",), lambda t, u: u > 2 - t / 25, kind="binary"),
        ),
    ),
)

FOLDED = World(
    "not monotone (DCM)",
    (
        Node("x1", (), _self),
        Node("x2", ("x1",), lambda a, u: a / ((u + a) ** 2 + 1) + u / 4),
        Node(
            "x3",
            ("x1", "x2"),
            lambda a, b, u: (np.abs(u) + 0.3) * (-a + b / 2 + np.abs(u) / 5) ** 2,
        ),
    ),
    monotone=False,
)

WORLDS = (*LINEAR, *NONLINEAR, *MIXED, FOLDED)
