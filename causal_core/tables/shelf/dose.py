"""A made-up hospital where the sicker get more of a drug that helps: the sign flips.

Every equation is written here, so the truth of every question is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
import pandas as pd

from causal_core.rng import generator
from causal_core.tables.schema import Kind, Level, Value
from causal_core.tables.shelf.example import Example, dagitty, labelled
from causal_core.tables.table import Table

ROWS = 4000
DRAWS = 100_000  # the truth is a mean over this many made-up patients: s.e. below 0.03 days
UNITS = {"age": "years", "severity": "points", "dose": "mg", "recovery": "days"}
CLINICS = ("city", "rural", "university")
SEXES = ("female", "male")
Columns = dict[str, np.ndarray]


def world(seed: int, rows: int, do: dict[str, float] | None = None) -> Columns:
    """Codes of `rows` patients, float64 [rows] each, under the action `do` (codes too).

    The noise depends on `seed` and `rows` alone, so patients are the same in every world.
    """
    do, made = do or {}, Columns()

    def put(name: str, values: np.ndarray) -> np.ndarray:
        made[name] = np.full(rows, do[name]) if name in do else values
        return made[name]

    noise = {n: generator(seed, "dose", n).standard_normal(rows) for n in (*UNITS, "sex")}
    ward = generator(seed, "dose", "clinic").random(rows)
    age = put("age", np.rint(np.clip(52 + 16 * noise["age"], 18, 90)))
    sex = put("sex", (noise["sex"] > 0).astype(float))
    clinic = put("clinic", (ward > 0.45).astype(float) + (ward > 0.75))
    severity = put("severity", 26 + 0.42 * age + 4 * sex + 11 * noise["severity"])
    habit = np.array([0.0, -14.0, 14.0])[clinic.astype(int)]
    dose = put("dose", np.clip(6 + 1.7 * severity + habit + 14 * noise["dose"], 5, 220))
    benefit = 26 * (1 - np.exp(-np.clip(dose, 0, None) / 90))
    mean = 12 + 0.52 * severity + 0.06 * age - 1.2 * sex - benefit
    put("recovery", mean + 2.6 * noise["recovery"])
    return made


@cache
def table() -> Table:
    """4,000 made-up patients."""
    columns = world(0, ROWS)
    frame = pd.DataFrame(
        {
            "age": columns["age"].astype(int),
            "sex": labelled(columns["sex"], SEXES),
            "clinic": labelled(columns["clinic"], CLINICS),
            "severity": columns["severity"].round(1),
            "dose": columns["dose"].round(1),
            "recovery": columns["recovery"].round(2),
        }
    )
    return Table.from_frame(frame, {"age": Kind.INTEGER}, units=UNITS, name="Dose and recovery")


def truth(
    cause: str, outcome: str, values: Sequence[Value], level: Level | None
) -> np.ndarray | None:
    """Mean (or chance of `level`) of `outcome` in the world where `cause` is set."""
    return np.array([_mean(cause, table().variable(cause).code(v), outcome, level) for v in values])


@lru_cache(maxsize=4096)
def _mean(cause: str, code: float, outcome: str, level: Level | None) -> float:
    values = world(1, DRAWS, {cause: code})[outcome]
    if level is None:
        return float(values.mean())
    return float((values == table().variable(outcome).code(level)).mean())


DOSE = Example(
    key="dose",
    title="Dose and recovery",
    question="Would a higher dose shorten the days to recovery?",
    source="Made up for Rungs by a program, with known equations and a fixed seed.",
    licence="Public domain",
    cause="dose",
    outcome="recovery",
    positive=None,
    rows=ROWS,
    columns=6,
    graph_text=dagitty(
        {
            "age": (150, 150),
            "sex": (400, 60),
            "severity": (480, 230),
            "clinic": (80, 440),
            "dose": (320, 440),
            "recovery": (860, 360),
        },
        {
            "age": ("severity", "recovery"),
            "sex": ("severity", "recovery"),
            "clinic": ("dose",),
            "severity": ("dose", "recovery"),
            "dose": ("recovery",),
        },
        "dose",
        "recovery",
    ),
    note="Patients who had more of the drug took longer to recover, because the sicker get more; "
    "giving more to everyone would shorten recovery.",
    build=table,
    truths=truth,
)
