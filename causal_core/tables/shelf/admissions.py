"""Admissions to Berkeley's graduate school, from the published counts."""

from __future__ import annotations

from functools import cache

from causal_core.tables.shelf.counts import table_of, truth_of
from causal_core.tables.shelf.example import Example, dagitty
from causal_core.tables.table import Table

LEVELS = {
    "gender": ("female", "male"),
    "department": ("A", "B", "C", "D", "E", "F"),
    "admitted": ("no", "yes"),
}
APPLIED = {  # department: (men admitted, men rejected, women admitted, women rejected)
    "A": (512, 313, 89, 19),
    "B": (353, 207, 17, 8),
    "C": (120, 205, 202, 391),
    "D": (138, 279, 131, 244),
    "E": (53, 138, 94, 299),
    "F": (22, 351, 24, 317),
}
CELLS = (("male", "yes"), ("male", "no"), ("female", "yes"), ("female", "no"))
COUNTS = {
    (gender, department, admitted): count
    for department, counts in APPLIED.items()
    for (gender, admitted), count in zip(CELLS, counts, strict=True)
}
PARENTS = {"gender": (), "department": ("gender",), "admitted": ("gender", "department")}


@cache
def table() -> Table:
    """4,526 applicants to the six largest departments in autumn 1973."""
    return table_of(COUNTS, LEVELS, "Berkeley admissions")


BERKELEY = Example(
    key="berkeley",
    title="Berkeley admissions",
    question="Did Berkeley’s graduate school admit fewer women because they were women?",
    source="P. J. Bickel, E. A. Hammel, J. W. O'Connell (1975), Sex bias in graduate admissions: "
    "data from Berkeley, Science 187:398–404; the counts of the six largest departments, as in "
    "R's UCBAdmissions.",
    licence="Published counts, not protected",
    cause="gender",
    outcome="admitted",
    positive="yes",
    rows=sum(COUNTS.values()),
    columns=3,
    graph_text=dagitty(
        {"gender": (200, 420), "department": (500, 120), "admitted": (800, 420)},
        {"gender": ("department", "admitted"), "department": ("admitted",)},
        "gender",
        "admitted",
    ),
    note="44.5 % of the men and 30.4 % of the women were admitted, but women applied more often "
    "to departments that admit few; within most departments the difference is small, and in A "
    "women did better (82 % against 62 %).",
    build=table,
    truths=truth_of(COUNTS, PARENTS),
)
