"""Worlds of six to nine columns whose graph is known, for `benchmarks.critic`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.worlds import NONLINEAR
from causal_core.graphs.graph import CausalGraph
from causal_core.tables.shelf import dose
from causal_core.tables.table import Table

Columns = dict[str, np.ndarray]


@dataclass(frozen=True)
class KnownWorld:
    """A graph and what draws tables from it."""

    name: str
    graph: CausalGraph
    draw: Callable[[int, int], Columns]
    kinds: dict[str, str]

    def table(self, seed: int, rows: int) -> Table:
        """A table of its measured columns."""
        drawn = self.draw(seed, rows)
        frame = pd.DataFrame({name: drawn[name] for name in self.graph.observed})
        return Table.from_frame(frame, kinds=self.kinds)


def _lines(seed: int, rows: int) -> Columns:
    n = np.random.default_rng([seed, 1]).normal(size=(8, rows))
    a, b = n[0], n[1]
    c = 0.8 * a + n[2]
    d = 0.7 * a - 0.9 * b + n[3]
    e = c + 0.6 * d + n[4]
    f = -0.8 * d + n[5]
    g = 0.7 * e + n[6]
    return {"a": a, "b": b, "c": c, "d": d, "e": e, "f": f, "g": g, "h": g - 0.7 * f + n[7]}


def _curves(seed: int, rows: int) -> Columns:
    n = np.random.default_rng([seed, 2]).normal(size=(7, rows))
    a, b = n[0], n[1]
    c = np.sin(1.5 * a) + a**2 / 2 + 0.6 * n[2]
    d = 2 * np.tanh(b) * 0.8 + np.cos(1.5 * a) + 0.6 * n[3]
    e = np.abs(c) - d + 0.7 * n[4]
    f = np.sin(d) * 1.5 + 0.6 * n[5]
    return {"a": a, "b": b, "c": c, "d": d, "e": e, "f": f, "g": e * np.tanh(f) + 0.7 * n[6]}


def _levels(seed: int, rows: int) -> Columns:
    """The chest clinic of Lauritzen & Spiegelhalter (1988), its rare causes made common."""
    rng = np.random.default_rng([seed, 3])

    def coin(chance: np.ndarray | float) -> np.ndarray:
        return (rng.random(rows) < chance).astype(int)

    travelled, smoker = coin(0.4), coin(0.5)
    tuberculosis = coin(np.where(travelled, 0.45, 0.1))
    cancer = coin(np.where(smoker, 0.4, 0.1))
    bronchitis = coin(np.where(smoker, 0.6, 0.3))
    shadow = np.where(tuberculosis + cancer > 0, 0.9, 0.1)
    shadow = (rng.random(rows) < shadow) + (rng.random(rows) < 0.2 + 0.3 * cancer)
    breath = coin(0.1 + 0.4 * bronchitis + 0.4 * (shadow > 0))
    found = {
        "travelled": travelled,
        "smoker": smoker,
        "tuberculosis": tuberculosis,
        "cancer": cancer,
        "bronchitis": bronchitis,
        "shadow": shadow,
        "breath": breath,
    }
    return {name: np.array([f"L{code}" for code in codes]) for name, codes in found.items()}


def _hidden(seed: int, rows: int) -> Columns:
    n = np.random.default_rng([seed, 4]).normal(size=(8, rows))
    u, z, w = n[0], n[1], n[2]
    x = z + 0.9 * u + n[3]
    m = np.tanh(x) * 1.5 + 0.6 * w + 0.7 * n[4]
    y = m + 0.9 * u + n[5]
    return {"z": z, "w": w, "x": x, "m": m, "y": y, "s": 0.8 * y + n[6], "t": w - 0.7 * z + n[7]}


def _dose(seed: int, rows: int) -> Columns:
    drawn = dose.world(seed, rows)
    return drawn | {
        "sex": np.array(dose.SEXES)[drawn["sex"].astype(int)],
        "clinic": np.array(dose.CLINICS)[drawn["clinic"].astype(int)],
        "age": drawn["age"].astype(int),
    }


_SCALED = next(w for w in NONLINEAR if w.name == "noise that is not additive")


def _scaled(seed: int, rows: int) -> Columns:
    frame = _SCALED.run(_SCALED.noise(rows, seed))
    return {name: frame[name].to_numpy() for name in frame}


WORLDS = (
    KnownWorld(
        "lines, normal noise",
        CausalGraph.parse(
            "dag { a -> c; a -> d; b -> d; c -> e; d -> e; d -> f; e -> g; g -> h; f -> h }"
        ),
        _lines,
        {},
    ),
    KnownWorld(
        "curves",
        CausalGraph.parse("dag { a -> c; a -> d; b -> d; c -> e; d -> e; d -> f; e -> g; f -> g }"),
        _curves,
        {},
    ),
    KnownWorld(
        "levels",
        CausalGraph.parse(
            """dag { travelled -> tuberculosis; smoker -> cancer; smoker -> bronchitis
            tuberculosis -> shadow; cancer -> shadow; shadow -> breath; bronchitis -> breath }"""
        ),
        _levels,
        {},
    ),
    KnownWorld(
        "numbers and levels (dose)",
        CausalGraph.parse(dose.DOSE.graph_text),
        _dose,
        {"age": "integer"},
    ),
    KnownWorld(
        "an unmeasured cause",
        CausalGraph.parse(
            """dag { u [latent] z -> x; u -> x; u -> y; x -> m; w -> m; m -> y; y -> s
            w -> t; z -> t }"""
        ),
        _hidden,
        {},
    ),
    KnownWorld("noise that is not additive", CausalGraph.from_edges(_SCALED.edges), _scaled, {}),
)
