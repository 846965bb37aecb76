"""The NSW job training: those trained in the experiment, with controls who were not in it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from causal_core.rng import generator
from causal_core.tables.schema import Kind
from causal_core.tables.shelf.example import Example, KnownEffect, dagitty, labelled
from causal_core.tables.shelf.files import read_causaldata, read_file
from causal_core.tables.table import Table

NUMBERS = {
    "age": "age",
    "educ": "education",
    "re74": "earnings 1974",
    "re75": "earnings 1975",
    "re78": "earnings 1978",
}
FLAGS = {"marr": "married", "nodegree": "no degree"}
UNITS = {
    "age": "years",
    "education": "years",
    "earnings 1974": "USD",
    "earnings 1975": "USD",
    "earnings 1978": "USD",
}
KINDS = {"age": Kind.INTEGER, "education": Kind.INTEGER}
LALONDE = (
    "R. J. LaLonde (1986), American Economic Review 76:604–620; sample of R. H. Dehejia and "
    "S. Wahba (1999), JASA 94:1053–1062. The trained from the package causaldata (nsw_mixtape); "
)
EXPERIMENT = KnownEffect(
    low="no",
    high="yes",
    value=1794.34,
    unit="USD",
    source="NSW experiment, 185 trained against 260 randomised controls: difference in mean "
    "earnings 1978 (Dehejia and Wahba 1999), for those who were trained.",
)
PLACES = {
    "age": (90, 120),
    "education": (90, 300),
    "ethnicity": (90, 480),
    "married": (300, 60),
    "earnings 1974": (420, 200),
    "earnings 1975": (600, 320),
    "trained": (480, 520),
    "earnings 1978": (920, 420),
}
PERSON = ("age", "education", "ethnicity", "married")
EARNED = ("earnings 1974", "earnings 1975")
ARROWS = {
    "age": ("education", "married", *EARNED, "trained", "earnings 1978"),
    "education": (*EARNED, "trained", "earnings 1978"),
    "ethnicity": ("education", "married", *EARNED, "trained", "earnings 1978"),
    "married": (*EARNED, "trained", "earnings 1978"),
    "earnings 1974": ("earnings 1975", "trained", "earnings 1978"),
    "earnings 1975": ("trained", "earnings 1978"),
    "trained": ("earnings 1978",),
}


def _table(controls: pd.DataFrame, name: str) -> Table:
    experiment = read_causaldata("nsw_mixtape")
    trained = experiment[experiment["treat"] == 1]
    columns = [*NUMBERS, *FLAGS, "black", "hisp"]
    both = pd.concat([trained[columns].astype(float), controls[columns].astype(float)])
    made = pd.DataFrame({"trained": _yes(np.arange(len(both)) < len(trained))})
    for short, long in NUMBERS.items():
        made[long] = both[short].to_numpy().round(2)
    for short, long in FLAGS.items():
        made[long] = _yes(both[short].to_numpy() == 1)
    made["ethnicity"] = _ethnicity(both)
    order = generator(0, name).permutation(len(made))
    columns = ["trained", *PERSON, "no degree", *EARNED, "earnings 1978"]
    return Table.from_frame(made.iloc[order][columns], KINDS, units=UNITS, name=name)


def _yes(flags: np.ndarray) -> pd.Categorical[str]:
    return labelled(flags, ("no", "yes"))


def _ethnicity(people: pd.DataFrame) -> pd.Categorical[str]:
    black, hispanic = people["black"].to_numpy() == 1, people["hisp"].to_numpy() == 1
    codes = np.select([black, hispanic], [0, 1], 2)
    return labelled(codes, ("black", "hispanic", "other"))


@cache
def psid() -> Table:
    """185 trained and the 2,490 household heads of PSID-1."""
    return _table(read_file("psid_controls.csv"), "Job training, PSID controls")


@cache
def cps() -> Table:
    """185 trained and the 15,992 people of CPS-1."""
    return _table(read_causaldata("cps_mixtape"), "Job training, CPS controls")


def _example(key: str, survey: str, rows: int, seen: str, source: str, licence: str) -> Example:
    return Example(
        key=key,
        title=f"Job training, {survey} controls",
        question="How much did the job training add to what the trained earned in 1978?",
        source=LALONDE + source,
        licence=licence,
        cause="trained",
        outcome="earnings 1978",
        positive=None,
        rows=rows,
        columns=9,
        graph_text=dagitty(PLACES, ARROWS, "trained", "earnings 1978"),
        note=f"Seen, the trained earned {seen} USD less than the {survey} controls; the randomised "
        "experiment found that training added 1,794 USD for those who took part.",
        build=psid if key == "nsw-psid" else cps,
        effect=EXPERIMENT,
    )


NSW_PSID = _example(
    "nsw-psid",
    "PSID",
    2675,
    "15,205",
    "the PSID-1 controls from the R package DAAG (psid1), see data/SOURCES.md.",
    "causaldata: MIT; PSID-1: published research data (DAAG: GPL-3)",
)
NSW_CPS = _example(
    "nsw-cps",
    "CPS",
    16177,
    "8,498",
    "the CPS-1 controls from the package causaldata (cps_mixtape).",
    "causaldata: MIT; data in the public domain",
)
