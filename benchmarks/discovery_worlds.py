"""Tables whose causal graph is known, for the benchmarks of discovery.

Random graphs are Erdős–Rényi with four edges a node on average (two where it says sparse).
Every numeric column is standardised, so that its spread tells nothing of its place (Reisach,
Seiler & Weichwald 2021).

* `lines`: weights ±[0.5, 2], noises of unit spread, normal or uniform, Laplace and
  exponential in turn.
* `curves`: sums of draws of Gaussian processes (squared exponential of width 1), noises of
  spread 0.4–0.8 (Bühlmann, Peters & Ernest 2014, section 4.1).
* `levels`: rows of a Bayesian network of a BIF file.
* `counts`: two or three levels, a table drawn evenly for each cell of the causes; sparse.
* `mixed`: `lines` in which every second column is cut into two or three levels, each of
  which acts on the effects by a value of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import networks
from causal_core.tables.table import Table

DEGREE = 4.0
NETWORKS = ("asia", "sachs", "child", "alarm")


@dataclass(frozen=True, eq=False)
class Sample:
    """Rows, and the graph they come from, bool [p, p]; `columns` [rows, p] are floats, or
    codes where `discrete` [p] says so."""

    columns: np.ndarray
    discrete: np.ndarray
    dag: np.ndarray

    @property
    def names(self) -> list[str]:
        """The columns' names."""
        return [f"v{i}" for i in range(len(self.dag))]

    @property
    def table(self) -> Table:
        """As a person would bring it: levels as labels."""
        frame = pd.DataFrame(self.columns, columns=self.names)
        for name, counted in zip(self.names, self.discrete, strict=True):
            if counted:
                frame[name] = frame[name].astype(int).map("L{}".format)
        return Table.from_frame(frame)


def graph(size: int, degree: float, rng: np.random.Generator) -> tuple[np.ndarray, list[int]]:
    """A random graph of arrows bool [size, size], and its order."""
    order = rng.permutation(size)
    drawn = np.triu(rng.random((size, size)) < degree / (size - 1), 1)
    dag = np.zeros_like(drawn)
    dag[np.ix_(order, order)] = drawn
    return dag, order.tolist()


def lines(
    size: int, rows: int, rng: np.random.Generator, normal: bool = True, degree: float = DEGREE
) -> Sample:
    """Columns of a linear model."""
    dag, order = graph(size, degree, rng)
    weights = dag * rng.uniform(0.5, 2.0, dag.shape) * rng.choice([-1, 1], dag.shape)
    columns = np.zeros((rows, size))
    for j in order:
        noise = rng.normal(size=rows) if normal else _skewed(j, rows, rng)
        columns[:, j] = columns @ weights[:, j] + noise
    return Sample(_standard(columns), np.zeros(size, dtype=bool), dag)


def curves(size: int, rows: int, rng: np.random.Generator, degree: float = DEGREE) -> Sample:
    """Columns of an additive model."""
    dag, order = graph(size, degree, rng)
    columns = np.zeros((rows, size))
    for j in order:
        noise = rng.normal(size=rows) * rng.uniform(0.4, 0.8)
        causes = dag[:, j].nonzero()[0]
        bent = sum((_process(columns[:, i], rng) for i in causes), np.zeros(rows))
        columns[:, j] = _standard(bent + (noise if len(causes) else rng.normal(size=rows)))
    return Sample(columns, np.zeros(size, dtype=bool), dag)


def levels(path: Path, rows: int, rng: np.random.Generator) -> Sample:
    """Rows of a Bayesian network; levels that none has are gone, columns shuffled."""
    network = networks.read(path)
    order = rng.permutation(len(network.names))
    dag = network.adjacency[np.ix_(order, order)]
    return Sample(network.draw(rows, rng)[:, order].astype(float), np.ones(len(dag), bool), dag)


def counts(size: int, rows: int, rng: np.random.Generator, degree: float = 2.0) -> Sample:
    """Columns of two or three levels, with a random table for each cell of the causes."""
    dag, order = graph(size, degree, rng)
    many, columns = rng.integers(2, 4, size), np.zeros((rows, size), dtype=int)
    for j in order:
        cell = np.zeros(rows, dtype=int)
        for i in dag[:, j].nonzero()[0]:
            cell = cell * many[i] + columns[:, i]
        tables = rng.dirichlet(np.ones(many[j]), cell.max() + 1).cumsum(1)
        columns[:, j] = (tables[cell, :-1] < rng.random((rows, 1))).sum(1)
    return Sample(columns.astype(float), np.ones(size, dtype=bool), dag)


def mixed(size: int, rows: int, rng: np.random.Generator, degree: float = DEGREE) -> Sample:
    """Numbers and levels."""
    dag, order = graph(size, degree, rng)
    weights = dag * rng.uniform(0.5, 2.0, dag.shape) * rng.choice([-1, 1], dag.shape)
    discrete = np.arange(size) % 2 == 0
    columns, acting = np.zeros((rows, size)), np.zeros((rows, size))
    for j in order:
        value = acting @ weights[:, j] + rng.normal(size=rows)
        columns[:, j] = acting[:, j] = _standard(value)
        if discrete[j]:
            cuts = np.quantile(value, [0.5] if rng.random() < 0.5 else [0.33, 0.67])
            columns[:, j] = np.searchsorted(cuts, value)
            acts = rng.permutation(np.linspace(-1, 1, len(cuts) + 1))
            acting[:, j] = acts[columns[:, j].astype(int)]
    return Sample(columns, discrete, dag)


def _skewed(j: int, rows: int, rng: np.random.Generator) -> np.ndarray:
    """Noise of unit spread that is not normal."""
    if j % 3 == 0:
        return rng.uniform(-(3**0.5), 3**0.5, rows)
    return rng.laplace(size=rows) / 2**0.5 if j % 3 == 1 else rng.exponential(size=rows) - 1


def _process(cause: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A draw of a Gaussian process [rows], by 200 random Fourier features (Rahimi & Recht
    2007)."""
    waves, phases = rng.normal(size=200), rng.uniform(0, 2 * np.pi, 200)
    heights = rng.normal(size=200) * (2 / 200) ** 0.5
    return np.asarray(np.cos(np.outer(cause, waves) + phases) @ heights)


def _standard(columns: np.ndarray) -> np.ndarray:
    return np.asarray((columns - columns.mean(0)) / columns.std(0))


def worlds(folder: Path) -> dict[str, Callable[[np.random.Generator], Sample]]:
    """Every kind of table by its name; `folder` holds the BIF files."""
    found: dict[str, Callable[[np.random.Generator], Sample]] = {}
    for size in (10, 20, 50):
        found[f"linear, normal, p = {size}"] = partial(lines, size, 1000)
    for size in (10, 20):
        found[f"linear, not normal, p = {size}"] = partial(lines, size, 1000, normal=False)
    found["curves, p = 10"] = partial(curves, 10, 2000)
    for name in NETWORKS:
        found[name] = partial(levels, folder / f"{name}.bif.gz", 5000)
    found["mixed, p = 10"] = partial(mixed, 10, 1000)
    return found
