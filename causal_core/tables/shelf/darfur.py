"""Darfur: refugees who were or were not harmed in attacks on villages, and what they want."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from causal_core.tables.schema import Kind
from causal_core.tables.shelf.example import Example, dagitty, labelled
from causal_core.tables.shelf.files import read_file
from causal_core.tables.table import Table

FLAGS = {
    "directlyharmed": "harmed",
    "farmer_dar": "farmer",
    "herder_dar": "herder",
    "pastvoted": "voted before",
}
BOTH = ("harmed", "wants peace")
LIFE = ("farmer", "herder", "voted before", "household size")
ORDER = (*BOTH, "village", "age", "sex", *LIFE)
KINDS = {"age": Kind.INTEGER, "household size": Kind.INTEGER, "wants peace": Kind.CONTINUOUS}
UNITS = {"age": "years", "household size": "people", "wants peace": "index points"}


@cache
def table() -> Table:
    """1,276 refugees from 486 villages; “wants peace” is an index from 0 to 1."""
    people = read_file("darfur.csv")
    made = pd.DataFrame(
        {
            "wants peace": people["peacefactor"],
            "village": pd.Categorical(people["village"]),
            "age": people["age"],
            "sex": labelled(people["female"].to_numpy(), ("male", "female")),
            "household size": people["hhsize_darfur"],
        }
    )
    for short, long in FLAGS.items():
        made[long] = labelled(np.asarray(people[short]), ("no", "yes"))
    return Table.from_frame(made[list(ORDER)], KINDS, units=UNITS, name="Violence and peace")


DARFUR = Example(
    key="darfur",
    title="Violence and peace",
    question="Does being harmed by violence make people want peace?",
    source="C. Hazlett (2020), Angry or weary? How violence impacts attitudes toward peace among "
    "Darfurian refugees, Journal of Conflict Resolution 64:844–870; as used in C. Cinelli and "
    "C. Hazlett (2020), Making sense of sensitivity, JRSS B 82:39–67; file from the package "
    "PySensemakr, see data/SOURCES.md.",
    licence="Published research data (PySensemakr: MIT)",
    cause="harmed",
    outcome="wants peace",
    positive=None,
    rows=1276,
    columns=9,
    graph_text=dagitty(
        {
            "age": (80, 180),
            "sex": (80, 420),
            "farmer": (340, 60),
            "herder": (340, 180),
            "voted before": (340, 300),
            "household size": (340, 420),
            "harmed": (600, 540),
            "wants peace": (920, 300),
        },
        {
            "age": (*LIFE, *BOTH),
            "sex": (*LIFE, *BOTH),
            **dict.fromkeys(LIFE, BOTH),
            "harmed": ("wants peace",),
        },
        "harmed",
        "wants peace",
    ),
    note="Those who were harmed score 0.063 higher on an index of wanting peace. Within villages, "
    "and with the other columns held fixed, Cinelli and Hazlett find 0.097; an unmeasured cause "
    "would have to explain 13.9 % of what is left of both to bring that to zero.",
    build=table,
)
