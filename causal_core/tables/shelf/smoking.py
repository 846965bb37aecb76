"""NHEFS: people who smoked in 1971, and how their weight changed until 1982."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from causal_core.tables.schema import Kind
from causal_core.tables.shelf.example import Example, dagitty, labelled
from causal_core.tables.shelf.files import read_causaldata
from causal_core.tables.table import Table

NUMBERS = {
    "age": "age",
    "smokeintensity": "cigarettes per day",
    "smokeyrs": "years of smoking",
    "wt71": "weight 1971",
    "wt82_71": "weight change",
}
LEVELS = {  # column of NHEFS: (name here, its levels in the order of the codes, ordered?)
    "qsmk": ("quit smoking", ("no", "yes"), False),
    "sex": ("sex", ("male", "female"), False),
    "race": ("race", ("white", "black or other"), False),
    "education": (
        "education",
        ("8th grade or less", "some high school", "high school", "some college", "college"),
        True,
    ),
    "exercise": ("exercise", ("much", "moderate", "little or none"), True),
    "active": ("activity", ("very active", "moderately active", "inactive"), True),
}
UNITS = {
    "age": "years",
    "cigarettes per day": "cigarettes",
    "years of smoking": "years",
    "weight 1971": "kg",
    "weight change": "kg",
}
KINDS = dict.fromkeys(("age", "cigarettes per day", "years of smoking"), Kind.INTEGER)
ORDER = (
    "quit smoking", "weight change", "age", "sex", "race", "education", "cigarettes per day",
    "years of smoking", "exercise", "activity", "weight 1971",
)  # fmt: skip
BEFORE = ORDER[2:]
BOTH = ("quit smoking", "weight change")
HABITS = ("cigarettes per day", "years of smoking", "exercise", "activity", "weight 1971")


@cache
def table() -> Table:
    """1,629 smokers; the weight change of 63 is missing."""
    people = read_causaldata("nhefs")
    made = {long: people[short].to_numpy(dtype=float) for short, long in NUMBERS.items()}
    frame = pd.DataFrame({name: np.round(numbers, 2) for name, numbers in made.items()})
    for short, (long, levels, ordered) in LEVELS.items():
        codes = people[short].astype(float).to_numpy().astype(int)
        first = 1 if short == "education" else 0
        frame[long] = labelled(codes - first, levels, ordered)
    name = "Smoking and weight"
    return Table.from_frame(frame[list(ORDER)], KINDS, units=UNITS, name=name)


NHEFS = Example(
    key="nhefs",
    title="Smoking and weight",
    question="How much weight do people gain because they quit smoking?",
    source="National Health and Nutrition Examination Survey I, Epidemiologic Follow-up Study "
    "(NCHS), as used in M. A. Hernán and J. M. Robins, Causal Inference: What If; from the "
    "package causaldata (nhefs).",
    licence="US government work, public domain (causaldata: MIT)",
    cause="quit smoking",
    outcome="weight change",
    positive=None,
    rows=1629,
    columns=11,
    graph_text=dagitty(
        {
            "age": (80, 100),
            "sex": (80, 300),
            "race": (80, 500),
            "education": (290, 60),
            "cigarettes per day": (330, 180),
            "years of smoking": (330, 290),
            "exercise": (330, 400),
            "activity": (330, 510),
            "weight 1971": (560, 60),
            "quit smoking": (600, 540),
            "weight change": (920, 300),
        },
        {
            "age": ("education", *HABITS, *BOTH),
            "sex": ("education", *HABITS, *BOTH),
            "race": ("education", *HABITS, *BOTH),
            "education": ("cigarettes per day", "exercise", "weight 1971", *BOTH),
            **dict.fromkeys(HABITS, BOTH),
            "quit smoking": ("weight change",),
        },
        "quit smoking",
        "weight change",
    ),
    note="Seen, quitters gained 2.5 kg more than the others; adjusted for these nine measured "
    "causes, Hernán and Robins estimate that quitting adds about 3.4 kg (95 % interval 2.4 to "
    "4.5).",
    build=table,
)
