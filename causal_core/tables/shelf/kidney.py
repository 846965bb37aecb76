"""Kidney stones: Simpson's paradox, from the published counts."""

from __future__ import annotations

from functools import cache

from causal_core.tables.shelf.counts import table_of, truth_of
from causal_core.tables.shelf.example import Example, dagitty
from causal_core.tables.table import Table

LEVELS = {"size": ("small", "large"), "treatment": ("A", "B"), "recovered": ("no", "yes")}
RECOVERED = {  # (size, treatment): (recovered, treated), Charig et al. 1986
    ("small", "A"): (81, 87),
    ("large", "A"): (192, 263),
    ("small", "B"): (234, 270),
    ("large", "B"): (55, 80),
}
COUNTS = {
    (*cell, recovered): count
    for cell, (well, treated) in RECOVERED.items()
    for recovered, count in (("yes", well), ("no", treated - well))
}
PARENTS = {"size": (), "treatment": ("size",), "recovered": ("size", "treatment")}


@cache
def table() -> Table:
    """700 patients: size of the stone, treatment, recovered or not."""
    return table_of(COUNTS, LEVELS, "Kidney stones")


KIDNEY = Example(
    key="kidney",
    title="Kidney stones",
    question="Which treatment clears kidney stones more often: open surgery (A) or a small "
    "puncture (B)?",
    source="C. R. Charig et al. (1986), Comparison of treatment of renal calculi by open surgery, "
    "percutaneous nephrolithotomy, and extracorporeal shockwave lithotripsy, BMJ 292:879–882; "
    "rows rebuilt from the published counts.",
    licence="Published counts, not protected",
    cause="treatment",
    outcome="recovered",
    positive="yes",
    rows=sum(COUNTS.values()),
    columns=3,
    graph_text=dagitty(
        {"size": (500, 120), "treatment": (200, 420), "recovered": (800, 420)},
        {"size": ("treatment", "recovered"), "treatment": ("recovered",)},
        "treatment",
        "recovered",
    ),
    note="B looks better among those who had it (82.6 % against 78.0 %), but A would be better "
    "for everyone (83.2 % against 77.9 %), because A was given to the larger stones.",
    build=table,
    truths=truth_of(COUNTS, PARENTS),
)
