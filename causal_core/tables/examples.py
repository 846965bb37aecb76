"""The shelf: data sets with a question, a source, a graph, and their truth where known.

>>> kidney = EXAMPLES["kidney"]
>>> kidney.truth("treatment", "recovered", ["A", "B"]).round(4).tolist()
[0.8325, 0.7789]
"""

from __future__ import annotations

from causal_core.tables.shelf.admissions import BERKELEY
from causal_core.tables.shelf.darfur import DARFUR
from causal_core.tables.shelf.dose import DOSE
from causal_core.tables.shelf.example import Example, KnownEffect
from causal_core.tables.shelf.jobs import NSW_CPS, NSW_PSID
from causal_core.tables.shelf.kidney import KIDNEY
from causal_core.tables.shelf.proteins import SACHS
from causal_core.tables.shelf.smoking import NHEFS

__all__ = ["EXAMPLES", "Example", "KnownEffect"]

EXAMPLES: dict[str, Example] = {
    example.key: example
    for example in (KIDNEY, DOSE, NSW_PSID, NSW_CPS, NHEFS, SACHS, BERKELEY, DARFUR)
}
