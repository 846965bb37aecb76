"""Sachs: eleven signalling molecules measured in single cells, and the arrows between them."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from causal_core.tables.schema import Kind
from causal_core.tables.shelf.example import Example, dagitty
from causal_core.tables.shelf.files import read_file
from causal_core.tables.table import Table

NAMES = {  # column of the file: name in the paper's figure
    "praf": "Raf",
    "pmek": "Mek",
    "plcg": "PLCg",
    "PIP2": "PIP2",
    "PIP3": "PIP3",
    "p44/42": "Erk",
    "pakts473": "Akt",
    "PKA": "PKA",
    "PKC": "PKC",
    "P38": "p38",
    "pjnk": "Jnk",
}
ARROWS = {  # the 17 arrows of Sachs et al. 2005, figure 3
    "PKC": ("PKA", "Raf", "Mek", "Jnk", "p38"),
    "PKA": ("Raf", "Mek", "Erk", "Akt", "Jnk", "p38"),
    "Raf": ("Mek",),
    "Mek": ("Erk",),
    "Erk": ("Akt",),
    "PLCg": ("PIP2", "PIP3"),
    "PIP3": ("PIP2",),
}
PLACES = {
    "PKC": (520, 60),
    "PKA": (700, 180),
    "p38": (940, 100),
    "Jnk": (940, 260),
    "Raf": (380, 200),
    "Mek": (460, 320),
    "Erk": (560, 440),
    "Akt": (700, 560),
    "PLCg": (80, 120),
    "PIP3": (80, 400),
    "PIP2": (240, 280),
}
UNIT = "log10 fluorescence"


@cache
def table() -> Table:
    """7,466 cells of nine experimental conditions; log10 of the fluorescence."""
    cells = read_file("sachs_proteins.csv").rename(columns=NAMES)
    frame = pd.DataFrame({name: np.log10(cells[name]).round(4) for name in NAMES.values()})
    kinds = dict.fromkeys(NAMES.values(), Kind.CONTINUOUS)
    units = dict.fromkeys(NAMES.values(), UNIT)
    return Table.from_frame(frame, kinds, units=units, name="Cell signalling")


SACHS = Example(
    key="sachs",
    title="Cell signalling",
    question="How much of Akt’s activity is brought about by Erk?",
    source="K. Sachs, O. Perez, D. Pe'er, D. A. Lauffenburger, G. P. Nolan (2005), Causal "
    "protein-signaling networks derived from multiparameter single-cell data, Science "
    "308:523–529; file from the package cdt, see data/SOURCES.md.",
    licence="Published research data (cdt: MIT)",
    cause="Erk",
    outcome="Akt",
    positive=None,
    rows=7466,
    columns=11,
    graph_text=dagitty(PLACES, ARROWS, "Erk", "Akt"),
    note="When the authors silenced Erk in a test of its own, Akt's activity fell and PKA's did "
    "not; the cells of nine stimulated conditions are pooled here.",
    build=table,
)
