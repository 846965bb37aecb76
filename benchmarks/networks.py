"""Bayesian networks from BIF files, to draw rows from."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Network:
    """Discrete variables with their levels, parents and tables [parents' cells, levels]."""

    levels: dict[str, tuple[str, ...]]
    parents: dict[str, tuple[str, ...]]
    tables: dict[str, np.ndarray]

    @property
    def names(self) -> list[str]:
        """The variables, in the file's order."""
        return list(self.levels)

    @property
    def adjacency(self) -> np.ndarray:
        """Arrows, bool [p, p]."""
        return np.array([[a in self.parents[b] for b in self.names] for a in self.names])

    def draw(self, rows: int, rng: np.random.Generator) -> np.ndarray:
        """Codes int [rows, p]."""
        done: dict[str, np.ndarray] = {}
        while len(done) < len(self.levels):
            free = (n for n in self.names if n not in done)
            name = next(n for n in free if all(p in done for p in self.parents[n]))
            cell = np.zeros(rows, dtype=int)
            for parent in self.parents[name]:
                cell = cell * len(self.levels[parent]) + done[parent]
            shares = self.tables[name][cell].cumsum(1)
            below = shares < rng.random((rows, 1)) * shares[:, -1:]
            done[name] = below.sum(1)
        return np.column_stack([done[name] for name in self.names])


def read(path: Path) -> Network:
    """The network of a BIF file, gzipped or not."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt") as file:
        text = file.read()
    levels = {
        name: tuple(level.strip() for level in inside.split(","))
        for name, inside in re.findall(r"variable\s+(\S+)\s*\{[^{]*\{([^}]*)\}", text)
    }
    parents, tables = {}, {}
    for head, body in re.findall(r"probability\s*\(([^)]*)\)\s*\{([^}]*)\}", text):
        name, _, given = (part.strip() for part in head.partition("|"))
        parents[name] = tuple(p.strip() for p in given.split(",")) if given else ()
        tables[name] = _table(body, levels, name, parents[name])
    return Network(levels, parents, tables)


def _table(
    body: str, levels: dict[str, tuple[str, ...]], name: str, parents: tuple[str, ...]
) -> np.ndarray:
    sizes = [len(levels[p]) for p in parents]
    table = np.zeros((int(np.prod(sizes)), len(levels[name])))
    for key, values in re.findall(r"(\([^)]*\)|table)\s*([^;]*);", body):
        numbers = [float(v) for v in values.split(",")]
        place = 0
        if key != "table":
            for parent, level in zip(parents, key.strip("()").split(","), strict=True):
                place = place * len(levels[parent]) + levels[parent].index(level.strip())
        table[place] = numbers
    return table
